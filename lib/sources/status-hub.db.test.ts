import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { asSuperuser, freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource, type MadeSource } from '@/test/factories'
import type { StatusMessage } from './schema'
import { watchStatus } from './status-hub'
import { statusStream } from './status-stream'

let database: FreshDatabase
let made: MadeSource

beforeAll(async () => {
  database = await freshDatabase()
  made = await makeSource(2)
})
afterAll(() => database.drop())

/** A viewer whose messages can be waited for. */
function watch(workspaceId: string) {
  const messages: StatusMessage[] = []
  const waiting: { fits: (message: StatusMessage) => boolean; resolve: (message: StatusMessage) => void }[] = []
  const stop = watchStatus(workspaceId, (message) => {
    messages.push(message)
    for (const each of waiting.filter(({ fits }) => fits(message))) each.resolve(message)
  })
  return {
    messages,
    stop,
    /** The next message that fits; the test's own time limit ends the wait. */
    next: (fits: (message: StatusMessage) => boolean) => new Promise<StatusMessage>((resolve) => waiting.push({ fits, resolve })),
  }
}

/** The connection listens a moment after the first viewer came: change something until it is heard. */
async function untilHeard(viewer: ReturnType<typeof watch>): Promise<void> {
  const heard = viewer.next(() => true)
  for (let isHeard = false; !isHeard; ) {
    await prisma().source.updateMany({ where: { id: made.sourceId }, data: { updatedAt: new Date() } })
    isHeard = await Promise.race([heard.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 100, false))])
  }
}

async function addRun(): Promise<string> {
  const { id } = await prisma().syncRun.create({ data: { id: newId(), workspaceId: made.workspaceId, sourceId: made.sourceId, schemaId: made.schemaIds[0]!, trigger: 'manual', status: 'running' } })
  return id
}

test('a viewer hears of a run in the own workspace, with its source and its schema as they are; others hear nothing', async () => {
  const viewer = watch(made.workspaceId)
  const stranger = watch(newId())
  await untilHeard(viewer)
  const heard = viewer.next((message) => message.runs.length > 0)
  const runId = await addRun()
  const message = await heard
  expect(message.runs).toMatchObject([{ id: runId, status: 'running' }])
  expect(message.sources).toMatchObject([{ id: made.sourceId, status: 'syncing', runningSchemas: 1 }])
  expect(message.schemas).toMatchObject([{ id: made.schemaIds[0], activeRun: { id: runId } }])

  const ended = viewer.next((each) => each.runs.some((run) => run.status === 'completed'))
  await prisma().syncRun.update({ where: { id: runId }, data: { status: 'completed' } })
  await ended
  expect(stranger.messages).toEqual([])
  viewer.stop()
  stranger.stop()
})

test('a hundred changes in a moment are few messages, and the last one has the last state', async () => {
  const viewer = watch(made.workspaceId)
  await untilHeard(viewer)
  const runId = await addRun()
  await viewer.next((message) => message.runs.some((run) => run.id === runId))
  const before = viewer.messages.length
  const last = viewer.next((message) => message.runs.some((run) => run.rowsRead === 100))
  await prisma().$transaction(Array.from({ length: 100 }, (_, place) => prisma().syncRun.update({ where: { id: runId }, data: { rowsRead: place + 1 } })))
  await last
  expect(viewer.messages.length - before).toBeLessThan(5)
  await prisma().syncRun.update({ where: { id: runId }, data: { status: 'cancelled' } })
  viewer.stop()
})

test('a deleted source is named', async () => {
  const gone = await makeSource(1)
  const viewer = watch(made.workspaceId)
  await untilHeard(viewer)
  const heard = viewer.next((message) => message.removedSources.includes(gone.sourceId))
  await prisma().source.delete({ where: { id: gone.sourceId } })
  await heard
  viewer.stop()
})

test('after the connection broke the viewer is told that what is shown may be old, and hears again', async () => {
  const viewer = watch(made.workspaceId)
  await untilHeard(viewer)
  const gap = viewer.next((message) => message.isStale)
  await asSuperuser(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tributary status' and datname = '${new URL(database.url).pathname.slice(1)}'`)
  await gap
  const heard = viewer.next((message) => message.sources.length > 0)
  await prisma().source.updateMany({ where: { id: made.sourceId }, data: { updatedAt: new Date() } })
  await heard
  viewer.stop()
})

test('the stream ends with its request and leaves nobody behind', async () => {
  const request = new AbortController()
  const reader = statusStream(made.workspaceId, request.signal).getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('retry: 1000\n\n')
  request.abort()
  expect((await reader.read()).done).toBe(true)
})
