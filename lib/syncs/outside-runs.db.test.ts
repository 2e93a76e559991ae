import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dataFolder, setEnv } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { prisma } from '@/lib/db/client'
import { claimRun, retryRun } from '@/lib/db/run-lease'
import { listRunLogs } from '@/lib/db/run-logs'
import { findRun } from '@/lib/db/runs'
import { closeJobs, enqueueRuns } from '@/lib/jobs/enqueue'
import { RunSyncPayload } from '@/lib/jobs/payloads'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import type { RunStatus, StoredRun } from '@/test/servers/trigger/stored-runs'
import { TriggerServer } from '@/test/servers/trigger/trigger-server'
import { cancelSync } from './cancel-sync'
import { runOutside } from './run-outside'
import { startSync } from './start-sync'
import { takeOverDeadRuns } from './take-over-dead-runs'

const manual = { isFull: false, trigger: 'manual' } as const
const MINUTE = 60_000

let database: FreshDatabase
let server: TriggerServer
let workspaceId: string

beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(async () => {
  await prisma().source.deleteMany()
  server = await TriggerServer.start()
  setEnv({ TRIGGER_SECRET_KEY: server.secretKey, TRIGGER_API_URL: server.url })
})
afterEach(async () => {
  await closeJobs()
  await server.stop()
})
afterAll(() => database.drop())

async function started(schemas = 1): Promise<string[]> {
  const made = await makeSource(schemas)
  workspaceId = made.workspaceId
  return (await startSync(workspaceId, made.schemaIds, manual)).runIds
}

const run = async (runId: string) => (await findRun(workspaceId, runId))!
const outside = (runId: string): StoredRun[] => server.runs.all().filter((stored) => RunSyncPayload.parse(stored.payload).runId === runId)
const logText = async (runId: string) => (await listRunLogs(workspaceId, runId)).map((line) => line.message).join('\n')

/** As if it had been sent, begun and looked up so long ago. */
async function age(runId: string, minutes: number): Promise<void> {
  const { notBefore, queuedAt } = await run(runId)
  const ago = (date: Date) => new Date(date.getTime() - minutes * MINUTE)
  await prisma().syncRun.update({ where: { id: runId }, data: { notBefore: ago(notBefore), queuedAt: ago(queuedAt), externalSentAt: ago(new Date()), externalCheckedAt: ago(new Date()) } })
  await prisma().$executeRaw`
    UPDATE "SyncRun" SET "error" = "error" || jsonb_build_object('unsentSince', ("error"->>'unsentSince')::timestamptz - make_interval(mins => ${minutes}))
    WHERE "id" = ${runId}::uuid AND "error" ? 'unsentSince'`
}

async function sweepAfter(runId: string, minutes: number): Promise<void> {
  await age(runId, minutes)
  await takeOverDeadRuns()
}

/** A run that a machine began, and whose lease is over. */
async function begunAndDead(): Promise<{ runId: string; there: StoredRun }> {
  const [runId] = await started()
  const there = server.runs.take()!
  await claimRun(runId!, 'machine', 30, there.id)
  await prisma().syncRun.update({ where: { id: runId! }, data: { leaseExpiresAt: new Date(Date.now() - 1_000) } })
  return { runId: runId!, there }
}

describe('a run that cannot be handed over', () => {
  test('waits while Trigger.dev is down, says so, and goes as soon as that is back', async () => {
    server.trouble = 'broken'
    const [runId] = await started()
    expect(await run(runId!)).toMatchObject({ status: 'queued', error: { code: 'unreachable', title: 'Trigger.dev does not answer' } })
    server.trouble = 'none'
    await sweepAfter(runId!, 1)
    expect(outside(runId!)).toHaveLength(1)
    expect(await run(runId!)).toMatchObject({ status: 'queued', error: null })
  })

  test('ends as failed when Trigger.dev stays down', async () => {
    server.trouble = 'broken'
    const [runId] = await started()
    await sweepAfter(runId!, limits.external.unsentMinutes + 1)
    expect(await run(runId!)).toMatchObject({ status: 'failed', finishedAt: expect.any(Date), error: { title: 'Trigger.dev does not answer' } })
  })

  test('is not given up at the first failure, however long it waited for its turn', async () => {
    const runId = (await started(limits.external.perWorkspace + 1)).find((id) => !outside(id).length)!
    await age(runId, limits.external.unsentMinutes * 3)
    server.trouble = 'broken'
    await prisma().syncRun.updateMany({ where: { externalRunId: { not: null } }, data: { status: 'completed', finishedAt: new Date() } })
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'queued', error: { title: 'Trigger.dev does not answer' } })
  })

  test('ends as failed at once when the key is refused, and the schedule of its schema goes on', async () => {
    setEnv({ TRIGGER_SECRET_KEY: 'tr_prod_a_wrong_one' })
    const [runId] = await started()
    expect(await run(runId!)).toMatchObject({ status: 'failed', error: { code: 'credentials', advice: expect.stringContaining('TRIGGER_SECRET_KEY') } })
    expect(await prisma().sourceSchema.count({ where: { pausedReason: null } })).toBe(1)
  })
})

describe('a run that Trigger.dev took and nobody began', () => {
  test('says that its task is not deployed, and ends as failed when that stays so', async () => {
    server.runs.deployed.clear()
    const [runId] = await started()
    await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'queued', error: { title: 'Trigger.dev has no task for this run yet', advice: expect.stringContaining('npm run trigger -- deploy') } })
    await sweepAfter(runId!, limits.external.waitMinutes)
    expect(await run(runId!)).toMatchObject({ status: 'failed', error: { title: 'Trigger.dev has no task for this run yet' } })
    expect(outside(runId!)).toMatchObject([{ status: 'CANCELED' }])
  })

  test('says nothing any more once its task is deployed', async () => {
    server.runs.deployed.clear()
    const [runId] = await started()
    await sweepAfter(runId!, 2)
    server.runs.deploy('run-sync')
    await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'queued', error: null })
    expect(server.runs.take()).toMatchObject({ payload: { runId } })
  })

  test('ends as failed when it expires there', async () => {
    const [runId] = await started()
    server.runs.pass(limits.external.waitMinutes * 60 + 1)
    await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'failed', error: { title: 'No machine of Trigger.dev took the run' } })
  })

  test('ends as cancelled when somebody cancels it there', async () => {
    const [runId] = await started()
    server.runs.end(outside(runId!)[0]!.id, 'CANCELED')
    await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'cancelled', error: null })
    expect(await logText(runId!)).toMatch(/Trigger.dev cancelled it/)
  })

  test.each<RunStatus>(['CRASHED', 'SYSTEM_FAILURE', 'FAILED', 'COMPLETED'])('%s: is sent again, later each time, and ends as failed after the last try', async (status) => {
    const [runId] = await started()
    for (let attempt = 1; attempt < limits.runAttempts; attempt++) {
      server.runs.end(outside(runId!).at(-1)!.id, status)
      await sweepAfter(runId!, 20)
      expect(await run(runId!)).toMatchObject({ status: 'queued', attempt, error: { code: 'internal' } })
      expect(outside(runId!)).toHaveLength(attempt + 1)
      server.runs.pass(20 * 60)
    }
    server.runs.end(outside(runId!).at(-1)!.id, status)
    await sweepAfter(runId!, 20)
    expect(await run(runId!)).toMatchObject({ status: 'failed', error: { isRetryable: false } })
  })

  test('is another run there when it is sent again, also when that is so much later that nothing else tells the two apart', async () => {
    const [runId] = await started()
    server.runs.end(outside(runId!)[0]!.id, 'CRASHED')
    server.trouble = 'takes nothing'
    await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'queued', attempt: 1 })
    server.trouble = 'none'
    await sweepAfter(runId!, 10)
    expect(outside(runId!).map((there) => there.status)).toEqual(['CRASHED', 'QUEUED'])
  })

  test('is left alone while it waits for its turn there, however often is looked', async () => {
    const [runId] = await started()
    for (let look = 0; look < 3; look++) await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'queued', error: null })
    expect(outside(runId!)).toHaveLength(1)
  })

  test('says that Trigger.dev does not answer while that is so, and ends as failed when it stays so', async () => {
    const [runId] = await started()
    await server.stop()
    await sweepAfter(runId!, 2)
    expect(await run(runId!)).toMatchObject({ status: 'queued', error: { title: 'Trigger.dev does not answer' } })
    await sweepAfter(runId!, limits.external.waitMinutes + limits.external.unsentMinutes)
    expect(await run(runId!)).toMatchObject({ status: 'failed', error: { title: 'Trigger.dev does not answer' } })
  })
})

describe('a run that was begun and whose machine is gone', () => {
  test('ends as cancelled when it was cancelled there, though its process could say nothing', async () => {
    const { runId, there } = await begunAndDead()
    server.runs.end(there.id, 'CANCELED')
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'cancelled' })
  })

  test('ends as failed when it took too long there', async () => {
    const { runId, there } = await begunAndDead()
    server.runs.end(there.id, 'TIMED_OUT')
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'failed', error: { code: 'timeout' } })
  })

  test('is sent again when it crashed there, and the try counts once', async () => {
    const { runId, there } = await begunAndDead()
    server.runs.end(there.id, 'CRASHED')
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'queued', attempt: 1, error: { title: 'The run crashed on Trigger.dev' } })
    expect(outside(runId)).toHaveLength(2)
  })

  test('is sent again when its process hangs there, and that one is ended', async () => {
    const { runId, there } = await begunAndDead()
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'queued', attempt: 1 })
    expect(server.runs.find(there.id)!.status).toBe('CANCELED')
    expect(outside(runId)).toHaveLength(2)
  })

  test('waits again by its lease alone while Trigger.dev does not answer', async () => {
    const { runId } = await begunAndDead()
    server.trouble = 'broken'
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'running' })
    await prisma().syncRun.update({ where: { id: runId }, data: { leaseExpiresAt: new Date(Date.now() - 2 * MINUTE) } })
    await takeOverDeadRuns()
    expect(await run(runId)).toMatchObject({ status: 'queued', error: { title: 'Trigger.dev does not answer' } })
  })
})

describe('cancelling here', () => {
  test('ends a run that waits, here and there', async () => {
    const [runId] = await started()
    await cancelSync(workspaceId, runId!)
    expect(await run(runId!)).toMatchObject({ status: 'cancelled' })
    expect(outside(runId!)).toMatchObject([{ status: 'CANCELED' }])
  })

  test('ends a run that is on, there at once', async () => {
    const [runId] = await started()
    const there = server.runs.take()!
    await claimRun(runId!, 'machine', 30, there.id)
    await cancelSync(workspaceId, runId!)
    expect(await run(runId!)).toMatchObject({ status: 'running', isCancelRequested: true })
    expect(server.runs.find(there.id)!.status).toBe('CANCELED')
  })

  test('goes through while Trigger.dev does not answer', async () => {
    const [runId] = await started()
    server.trouble = 'broken'
    await cancelSync(workspaceId, runId!)
    expect(await run(runId!)).toMatchObject({ status: 'cancelled' })
  })
})

describe('the turns of runs', () => {
  test('a workspace has so many outside at once; the next one goes when one ends', async () => {
    const runIds = await started(limits.external.perWorkspace + 2)
    expect(server.runs.all()).toHaveLength(limits.external.perWorkspace)
    await takeOverDeadRuns()
    expect(server.runs.all()).toHaveLength(limits.external.perWorkspace)
    const there = server.runs.take()!
    // nothing is behind the source of this test: the run fails and will not be tried again
    const outcome = await runOutside(RunSyncPayload.parse(there.payload).runId, { externalRunId: there.id, cancelled: new AbortController().signal, isPassing: false, onProgress: () => {} })
    expect(outcome).toBe('failed')
    expect(server.runs.all()).toHaveLength(limits.external.perWorkspace + 1)
    expect(new Set(server.runs.all().map((stored) => RunSyncPayload.parse(stored.payload).runId)).size).toBeLessThan(runIds.length)
  })

  test('a small source is not behind a large one of the same workspace', async () => {
    await started(limits.external.perWorkspace * 2)
    const [runId] = await started(1)
    expect(outside(runId!)).toEqual([])
    server.runs.end(server.runs.all()[0]!.id, 'COMPLETED')
    await prisma().syncRun.update({ where: { id: RunSyncPayload.parse(server.runs.all()[0]!.payload).runId }, data: { status: 'completed', finishedAt: new Date() } })
    await age(runId!, 1)
    await takeOverDeadRuns()
    expect(outside(runId!)).toHaveLength(1)
  })

  test('a retry waits over there, and Sync now goes past it', async () => {
    const made = await makeSource(1)
    workspaceId = made.workspaceId
    const [runId] = (await startSync(workspaceId, made.schemaIds, manual)).runIds
    const there = server.runs.take()!
    const claimed = (await claimRun(runId!, 'machine', 30, there.id))!
    await retryRun(claimed, { code: 'unreachable', title: 'Away', isRetryable: true }, 600)
    server.runs.end(there.id, 'COMPLETED')
    await enqueueRuns([runId!])
    expect(outside(runId!).at(-1)).toMatchObject({ status: 'DELAYED' })
    await startSync(workspaceId, made.schemaIds, manual)
    expect(server.runs.take()).toMatchObject({ payload: { runId } })
  })

  test.each([['ENCRYPTION_KEY', {}], ['WAREHOUSE_URL', { ENCRYPTION_KEY: 'ab'.repeat(32), TRIBUTARY_DATA: '' }]])('a machine that lacks %s fails the run with that name, instead of writing where nobody looks', async (name, variables) => {
    const data = dataFolder()
    const [runId] = await started()
    const there = server.runs.take()!
    setEnv(variables)
    await runOutside(runId!, { externalRunId: there.id, cancelled: new AbortController().signal, isPassing: true, onProgress: () => {} })
    setEnv({ TRIBUTARY_DATA: data, ENCRYPTION_KEY: '' })
    expect(await run(runId!)).toMatchObject({ error: { code: 'bad_config', title: expect.stringContaining(name) } })
  })
})
