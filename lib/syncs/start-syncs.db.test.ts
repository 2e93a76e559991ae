import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { prisma } from '@/lib/db/client'
import { claimRun, retryRun } from '@/lib/db/run-lease'
import { listRunLogs } from '@/lib/db/run-logs'
import { listActiveRuns, listRuns } from '@/lib/db/runs'
import { listSchemas } from '@/lib/db/schemas'
import { closeJobs, jobsDriver } from '@/lib/jobs/enqueue'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { cancelSync } from './cancel-sync'
import { nextRunAfter } from './next-run-after'
import { settleCancelled } from './settle-run'
import { startDueSyncs, startDueSyncsByTurns } from './start-due-syncs'
import { startSync } from './start-sync'
import { takeOverDeadRuns } from './take-over-dead-runs'
import { takeRun } from './take-run'

const HOUR = 3_600_000
const manual = { isFull: false, trigger: 'manual' } as const

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(async () => {
  await prisma().source.deleteMany()
  await prisma().$executeRaw`DELETE FROM pgboss.job`.catch(() => 0) // not made before the first test
})
afterAll(async () => {
  await closeJobs()
  await database.drop()
})

const waitingJobs = () => prisma().$queryRaw<{ runId: string; startAfter: Date }[]>`
  SELECT data->>'runId' AS "runId", start_after AS "startAfter" FROM pgboss.job WHERE state = 'created' ORDER BY priority DESC, created_on, id`

describe('asking for a sync', () => {
  test('makes one run per schema and one job per run', async () => {
    const { workspaceId, schemaIds } = await makeSource(3)
    const { runIds, alreadyActive } = await startSync(workspaceId, schemaIds, manual)
    expect(runIds).toHaveLength(3)
    expect(alreadyActive).toEqual([])
    expect((await waitingJobs()).map((job) => job.runId).sort()).toEqual([...runIds].sort())
  })

  test('of many askers at once, one gets the run and the others hear that it is active', async () => {
    const { workspaceId, schemaIds } = await makeSource(1)
    const answers = await Promise.all(Array.from({ length: 10 }, () => startSync(workspaceId, schemaIds, manual)))
    expect(answers.flatMap((answer) => answer.runIds)).toHaveLength(1)
    expect(answers.flatMap((answer) => answer.alreadyActive)).toHaveLength(9)
    expect(await waitingJobs()).toHaveLength(1)
  })

  test('brings a run that waits for its retry forward, and makes it full when that is asked for', async () => {
    const { workspaceId, schemaIds } = await makeSource(1)
    const { runIds } = await startSync(workspaceId, schemaIds, manual)
    const claimed = (await claimRun(runIds[0]!, 'worker', 30))!
    await retryRun(claimed, { code: 'unreachable', title: 'Away', isRetryable: true }, 600)
    expect(await startSync(workspaceId, schemaIds, { ...manual, isFull: true })).toEqual({ runIds: [], alreadyActive: schemaIds })
    expect(await claimRun(runIds[0]!, 'worker', 30)).toMatchObject({ isFull: true, attempt: 2 })
  })

  test('is refused for a schema without a sync method, and for somebody else\'s; then nothing is started', async () => {
    const { workspaceId, schemaIds } = await makeSource(1)
    const unset = await makeSource(1, { method: null })
    await expect(startSync(workspaceId, [...schemaIds, ...unset.schemaIds], manual)).rejects.toMatchObject({ code: 'invalid' })
    await expect(startSync('00000000-0000-7000-8000-000000000000', schemaIds, manual)).rejects.toMatchObject({ code: 'not_found' })
    expect(await listActiveRuns(workspaceId, schemaIds)).toEqual([])
  })

  test('lets a small source pass in the middle of a large one', async () => {
    const large = await makeSource(20)
    const small = await makeSource(2)
    await startSync(large.workspaceId, large.schemaIds, manual)
    const { runIds } = await startSync(small.workspaceId, small.schemaIds, manual)
    const order = (await waitingJobs()).map((job) => job.runId)
    for (const runId of runIds) expect(order.indexOf(runId)).toBeLessThan(4)
  })
})

test('cancelling a queued run takes its job back', async () => {
  const { workspaceId, schemaIds } = await makeSource(2)
  const { runIds } = await startSync(workspaceId, schemaIds, manual)
  await cancelSync(workspaceId, runIds[0]!)
  expect((await waitingJobs()).map((job) => job.runId)).toEqual([runIds[1]])
})

test('cancelling is idempotent, and somebody else\'s run is not found', async () => {
  const { workspaceId, schemaIds } = await makeSource(1)
  const { runIds } = await startSync(workspaceId, schemaIds, manual)
  await cancelSync(workspaceId, runIds[0]!)
  await cancelSync(workspaceId, runIds[0]!)
  expect(await listRuns(workspaceId, runIds)).toMatchObject([{ status: 'cancelled' }])
  await expect(cancelSync('00000000-0000-7000-8000-000000000000', runIds[0]!)).rejects.toMatchObject({ code: 'not_found' })
})

describe('the scheduler', () => {
  const now = new Date('2030-06-01T12:00:00Z')
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR)

  test('starts what is due, once, and sets the next time from now', async () => {
    const { workspaceId, schemaIds } = await makeSource(2, { nextRunAt: ago(0) })
    expect(await startDueSyncs(now)).toBe(2)
    expect(await startDueSyncs(now)).toBe(0)
    for (const schema of await listSchemas(workspaceId, { ids: schemaIds })) expect(schema.nextRunAt).toEqual(nextRunAfter('six_hours', now, schema.id))
    expect(await listActiveRuns(workspaceId, schemaIds)).toMatchObject([{ trigger: 'schedule' }, { trigger: 'schedule' }])
  })

  test('catches up once on what was missed while nothing ran', async () => {
    const { workspaceId, schemaIds } = await makeSource(1, { nextRunAt: ago(24 * 90) })
    expect(await startDueSyncs(now)).toBe(1)
    const [run] = await listActiveRuns(workspaceId, schemaIds)
    await cancelSync(workspaceId, run!.id)
    expect(await startDueSyncs(now)).toBe(0)
    expect(await startDueSyncs(new Date(now.getTime() + 7 * HOUR))).toBe(1)
  })

  test('skips a schema whose last run is still on, and goes on with the next time', async () => {
    const { workspaceId, schemaIds } = await makeSource(1, { nextRunAt: ago(1) })
    await startSync(workspaceId, schemaIds, manual)
    expect(await startDueSyncs(now)).toBe(0)
    expect((await listSchemas(workspaceId, { ids: schemaIds }))[0]!.nextRunAt!.getTime()).toBeGreaterThan(now.getTime())
  })

  test('passes over what is disabled, paused, without a method, or not due', async () => {
    await makeSource(1, { nextRunAt: ago(1), enabled: false })
    await makeSource(1, { nextRunAt: ago(1), method: null })
    await makeSource(1, { nextRunAt: ago(-1) })
    await makeSource(1, { nextRunAt: null })
    const paused = await makeSource(1, { nextRunAt: ago(1) })
    await prisma().sourceSchema.updateMany({ where: { id: { in: paused.schemaIds } }, data: { pausedReason: 'no permission' } })
    expect(await startDueSyncs(now)).toBe(0)
  })

  test('many workers at once start each schema once', async () => {
    const { workspaceId, schemaIds } = await makeSource(300, { nextRunAt: ago(1) })
    const started = await Promise.all(Array.from({ length: 6 }, () => startDueSyncs(now)))
    expect(started.reduce((sum, count) => sum + count)).toBe(300)
    expect(await listActiveRuns(workspaceId, schemaIds)).toHaveLength(300)
  })
})

describe('places', () => {
  const { perSource } = limits.places

  test('of a source with many tables as many jobs wait as it has places, and the end of a run sends the next', async () => {
    const { workspaceId, schemaIds } = await makeSource(perSource + 2)
    const { runIds } = await startSync(workspaceId, schemaIds, manual)
    const sent = (await waitingJobs()).map((job) => job.runId)
    expect(sent).toHaveLength(perSource)
    await settleCancelled((await takeRun(sent[0]!, 'worker'))!)
    const next = (await waitingJobs()).map((job) => job.runId).filter((runId) => !sent.includes(runId))
    expect(next).toHaveLength(1)
    expect(runIds).toContain(next[0])
  })

  test('a run that is refused for want of a place waits, costs no attempt, is not sent again while there is none, and is sent when there is one', async () => {
    const { workspaceId, schemaIds } = await makeSource(perSource + 1)
    const { runIds } = await startSync(workspaceId, schemaIds, { ...manual, isEnqueued: false })
    const taken = []
    for (const runId of runIds.slice(0, perSource)) taken.push((await takeRun(runId, 'worker'))!)
    const last = runIds.at(-1)!
    expect(await takeRun(last, 'worker')).toBeNull()
    expect(await listRuns(workspaceId, [last])).toMatchObject([{ status: 'queued', attempt: 0 }])
    expect(await waitingJobs()).toEqual([])
    await settleCancelled(taken[0]!)
    expect(await waitingJobs()).toMatchObject([{ runId: last }])
  })

  test('cancelling a run that waits in the queue lets the next one in', async () => {
    const { workspaceId, schemaIds } = await makeSource(perSource + 1)
    await startSync(workspaceId, schemaIds, manual)
    const sent = (await waitingJobs()).map((job) => job.runId)
    await cancelSync(workspaceId, sent[0]!)
    expect(await waitingJobs()).toHaveLength(perSource)
  })
})

test('of many workers that look for what is due at once, one does, and starts all of it', async () => {
  await prisma().pass.deleteMany()
  const { schemaIds } = await makeSource(30, { nextRunAt: new Date(0) })
  const started = await Promise.all(Array.from({ length: 8 }, () => startDueSyncsByTurns()))
  expect(started.filter((count) => count > 0)).toEqual([schemaIds.length])
  await prisma().pass.updateMany({ data: { at: new Date(0) } })
  expect(await startDueSyncsByTurns()).toBe(0)
})

describe('the take-over sweep', () => {
  test('sends the run of a dead worker again, and says so in its log', async () => {
    const { workspaceId, schemaIds } = await makeSource(1)
    const { runIds } = await startSync(workspaceId, schemaIds, { ...manual, isEnqueued: false })
    await claimRun(runIds[0]!, 'doomed', 0)
    expect(await takeOverDeadRuns()).toBe(1)
    expect(await waitingJobs()).toMatchObject([{ runId: runIds[0] }])
    expect(await listRunLogs(workspaceId, runIds[0]!)).toMatchObject([{ level: 'warn' }])
    expect(await takeOverDeadRuns()).toBe(0)
    expect(await waitingJobs()).toHaveLength(1)
  })

  test('sends a queued run whose job was lost again, and none that only waits its turn', async () => {
    const { workspaceId, schemaIds } = await makeSource(2)
    const { runIds } = await startSync(workspaceId, schemaIds, { ...manual, isEnqueued: false })
    await takeOverDeadRuns()
    expect(await waitingJobs()).toEqual([])
    await prisma().syncRun.update({ where: { id: runIds[0]! }, data: { notBefore: new Date(Date.now() - (limits.takeOverEverySeconds + 5) * 1_000) } })
    await takeOverDeadRuns()
    expect(await waitingJobs()).toMatchObject([{ runId: runIds[0] }])
  })
})

test('a job reaches a waiting worker within a second, and one sent twice comes once', async () => {
  await closeJobs()
  const { workspaceId, schemaIds } = await makeSource(1)
  const taken: { runId: string; atMs: number }[] = []
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  const driver = jobsDriver()
  if (driver.place !== 'here') throw new Error('the embedded queue is the default')
  await driver.work(async (runId) => {
    taken.push({ runId, atMs: performance.now() })
    arrived()
  }, { atOnce: 2 })
  const beganMs = performance.now()
  const { runIds } = await startSync(workspaceId, schemaIds, manual)
  await arrival
  expect(taken.map((each) => each.runId)).toEqual(runIds)
  expect(taken[0]!.atMs - beganMs).toBeLessThan(1_000)
})
