import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource, type MadeSource } from '@/test/factories'
import { prisma } from './client'
import { insertDueRuns } from './due-schemas'
import { claimRun, completeRun, type ClaimedRun } from './run-lease'
import { listDelayedRuns, listWaitingWorkspaces, returnPlaces, takeOverduePlaces, takePlaces, takeSentRuns } from './run-places'
import { insertRuns } from './runs'

const { perSource, perWorkspace } = limits.places
const FIRST = '00000000-0000-0000-0000-000000000000'
const finished = { report: {}, version: 1, rowsRead: 0, bytesRead: 0, nextRunAt: new Date('2030-01-01') }

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(async () => {
  await prisma().source.deleteMany()
  await prisma().workspace.deleteMany()
})
afterAll(() => database.drop())

const workspace = async () => (await prisma().workspace.create({ data: { name: 'Test' } })).id

async function asked({ workspaceId, schemaIds }: MadeSource): Promise<string[]> {
  return (await insertRuns(workspaceId, schemaIds, { isFull: false, trigger: 'manual' })).map((run) => run.id)
}

/** The runs of a new source in the queue of a workspace, all due. */
async function queued(workspaceId: string, schemas: number): Promise<{ sourceId: string; runIds: string[] }> {
  const made = await makeSource(schemas, {}, workspaceId)
  return { sourceId: made.sourceId, runIds: await asked(made) }
}

const claim = (runId: string) => claimRun(runId, 'worker', 30)
const claimAll = async (runIds: string[]) => (await Promise.all(runIds.map(claim))).filter((run): run is ClaimedRun => run !== null)
const runsOf = (runIds: string[]) => prisma().syncRun.findMany({ where: { id: { in: runIds } } })

describe('a claim', () => {
  test('of many at once, no more are given than their source has places; the others wait, and their attempts do not count', async () => {
    const { runIds } = await queued(await workspace(), perSource * 2)
    await takePlaces(runIds)
    expect(await claimAll(runIds)).toHaveLength(perSource)
    const rest = (await runsOf(runIds)).filter((run) => run.status === 'queued')
    expect(rest).toHaveLength(perSource)
    for (const run of rest) expect(run).toMatchObject({ attempt: 0, sentAt: null, startedAt: null })
  })

  test('of many at once, no more are given than their workspace has places, whatever their sources', async () => {
    const workspaceId = await workspace()
    const runIds: string[] = []
    for (let source = 0; source < perWorkspace / perSource + 2; source++) runIds.push(...(await queued(workspaceId, perSource)).runIds)
    expect(await claimAll(runIds)).toHaveLength(perWorkspace)
  })

  test('is given when a place is free again', async () => {
    const { runIds } = await queued(await workspace(), perSource + 1)
    const taken = await claimAll(runIds)
    const left = runIds.find((id) => !taken.some((run) => run.runId === id))!
    expect(await claim(left)).toBeNull()
    await completeRun(taken[0]!, finished)
    expect(await claim(left)).toMatchObject({ attempt: 1 })
  })

  test('takes over the run of a dead worker though every place is taken: it has one', async () => {
    const { runIds } = await queued(await workspace(), perSource)
    const [dead] = await claimAll(runIds)
    await prisma().syncRun.update({ where: { id: dead!.runId }, data: { leaseExpiresAt: new Date(0) } })
    expect(await claim(dead!.runId)).toMatchObject({ fence: dead!.fence + 1 })
  })
})

describe('what is sent to the queue', () => {
  test('of a huge source is as much as it has places for, and the rest of its workspace passes', async () => {
    const workspaceId = await workspace()
    const huge = await queued(workspaceId, perSource * 6)
    expect(await takePlaces(huge.runIds)).toHaveLength(perSource)
    const small = await queued(workspaceId, 2)
    expect((await takePlaces(small.runIds)).map((run) => run.runId).toSorted()).toEqual(small.runIds.toSorted())
  })

  test('next, of a workspace whose places huge sources have, is the run of the source that has fewest, not the one that waited longest', async () => {
    const workspaceId = await workspace()
    const huge: string[] = []
    for (let source = 0; source < perWorkspace / perSource; source++) huge.push(...(await queued(workspaceId, perSource * 2)).runIds)
    const sent = await takePlaces(huge)
    expect(sent).toHaveLength(perWorkspace)
    const small = await queued(workspaceId, 1)
    expect(await takePlaces(small.runIds)).toEqual([])
    await completeRun((await claim(sent[0]!.runId))!, finished)
    expect(await takePlaces([sent[0]!.runId])).toMatchObject([{ runId: small.runIds[0] }])
  })

  test('of a huge workspace does not keep a small one waiting: the first of a small one comes among the first', async () => {
    const hugeId = await workspace()
    const huge: string[] = []
    for (let source = 0; source < 40; source++) huge.push(...(await queued(hugeId, 5)).runIds)
    const small = await queued(await workspace(), 2)
    const sent = await takePlaces([...huge, ...small.runIds])
    expect(sent).toHaveLength(perWorkspace + 2)
    const places = small.runIds.map((runId) => sent.findIndex((run) => run.runId === runId))
    expect(Math.min(...places)).toBeLessThan(2)
    expect(Math.max(...places)).toBeLessThan(perWorkspace)
  })

  test('of one source is first what should have begun first: a table of five minutes passes those of a day that came before', async () => {
    const workspaceId = await workspace()
    const made = await makeSource(perSource * 3, { frequency: 'day', nextRunAt: new Date(0) }, workspaceId)
    const quick = { where: { id: made.schemaIds[0]! } }
    await prisma().sourceSchema.updateMany({ ...quick, data: { frequency: 'five_minutes', nextRunAt: null } })
    const next = ({ frequency }: { frequency: string }, now: Date) => new Date(now.getTime() + (frequency === 'day' ? 86_400_000 : 300_000))
    const days = (await insertDueRuns(next)).runIds
    const [first] = await claimAll((await takePlaces(days)).map((run) => run.runId))
    await prisma().sourceSchema.updateMany({ ...quick, data: { nextRunAt: new Date(0) } })
    const [five] = (await insertDueRuns(next)).runIds
    await completeRun(first!, finished)
    expect(await takePlaces([first!.runId])).toMatchObject([{ runId: five }])
  })

  test('a run that is late by a day comes after one of another workspace that waits since a minute, so that no backlog goes first for ever', async () => {
    const early = await queued(await workspace(), 1)
    const [waiting] = await takePlaces(early.runIds)
    const late = await queued(await workspace(), 1)
    await prisma().syncRun.update({ where: { id: late.runIds[0]! }, data: { dueBy: new Date(Date.now() - 86_400_000) } })
    const [own] = await takePlaces(late.runIds)
    expect(own!.rank).toBeGreaterThanOrEqual(waiting!.rank)
  })

  test('many who send at once send each run once, and as many as there are places', async () => {
    const workspaceId = await workspace()
    const { runIds } = await queued(workspaceId, perSource * 3)
    const sent = (await Promise.all(Array.from({ length: 8 }, () => takePlaces(runIds)))).flat()
    expect(new Set(sent.map((run) => run.runId)).size).toBe(sent.length)
    expect(sent).toHaveLength(perSource)
  })

  test('leaves a run that waits for its retry until then, and gives its job a time', async () => {
    const { runIds } = await queued(await workspace(), 1)
    await prisma().syncRun.update({ where: { id: runIds[0]! }, data: { notBefore: new Date(Date.now() + 60_000) } })
    expect(await takePlaces(runIds)).toEqual([])
    expect(await listDelayedRuns(runIds)).toMatchObject([{ runId: runIds[0], isDue: false }])
  })
})

test('a job that waits does not come before its run may be claimed, though the queue knows milliseconds alone', async () => {
  const { runIds } = await queued(await workspace(), 1)
  await prisma().$executeRaw`UPDATE "SyncRun" SET "notBefore" = date_trunc('second', now()) + interval '60.0004 seconds' WHERE "id" = ${runIds[0]!}::uuid`
  const [job] = await listDelayedRuns(runIds)
  expect(job!.notBefore.getMilliseconds()).toBe(1)
})

describe('what is lost', () => {
  test('runs that did not reach the queue wait again', async () => {
    const { runIds } = await queued(await workspace(), 1)
    await takePlaces(runIds)
    await returnPlaces(runIds)
    expect(await takePlaces(runIds)).toHaveLength(1)
  })

  test('runs that the queue has had for long are sent again, once in a while', async () => {
    const { runIds } = await queued(await workspace(), 2)
    await takePlaces(runIds)
    expect(await takeSentRuns(20, 10)).toEqual([])
    await prisma().syncRun.updateMany({ where: { id: runIds[0]! }, data: { sentAt: new Date(Date.now() - 60_000) } })
    expect(await takeSentRuns(20, 10)).toMatchObject([{ runId: runIds[0] }])
    expect(await takeSentRuns(20, 10)).toEqual([])
  })

  test('turns that nobody gave are given by a sweep, whichever workspace they are of, and not before they are overdue', async () => {
    const workspaces: string[] = []
    for (let number = 0; number < 5; number++) {
      const workspaceId = await workspace()
      await queued(workspaceId, 2)
      workspaces.push(workspaceId)
    }
    const first = await listWaitingWorkspaces(FIRST, 3)
    const rest = await listWaitingWorkspaces(first.at(-1)!, 3)
    expect([...first, ...rest].toSorted()).toEqual(workspaces.toSorted())
    expect(await takeOverduePlaces(workspaces, 10)).toEqual([])
    await prisma().syncRun.updateMany({ data: { notBefore: new Date(Date.now() - 20_000) } })
    expect(await takeOverduePlaces(workspaces, 10)).toHaveLength(10)
    expect(await listWaitingWorkspaces(FIRST, 3)).toEqual([])
  })
})
