import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorView } from '@/lib/core/errors'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource, type MadeSource } from '@/test/factories'
import { prisma } from './client'
import { claimRun, completeRun, endCancelledRun, failRun, releaseRun, renewLease, retryRun, takeExpiredRuns, type ClaimedRun } from './run-lease'
import { cancelRun, findRun, insertRuns } from './runs'
import { findSchema } from './schemas'

const LEASE = 30
const resting = { step: null, rowsRead: 0, bytesRead: 0, rowsExpected: null, pace: null }
const refused: ErrorView = { code: 'credentials', title: 'Sign-in to the database was refused', detail: 'wrong password', isRetryable: false }
const away: ErrorView = { code: 'unreachable', title: 'The database cannot be reached', isRetryable: true }

let database: FreshDatabase
let made: MadeSource

beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(async () => {
  made = await makeSource(1)
})
afterAll(() => database.drop())

async function queuedRun(): Promise<string> {
  const [run] = await insertRuns(made.workspaceId, made.schemaIds, { isFull: false, trigger: 'manual' })
  return run!.id
}

async function claimedRun(): Promise<ClaimedRun> {
  return (await claimRun(await queuedRun(), 'first', LEASE))!
}

/** As if the holder had been dead for longer than its lease. */
async function expire(runId: string): Promise<void> {
  await prisma().$executeRaw`UPDATE "SyncRun" SET "leaseExpiresAt" = now() - interval '1 second' WHERE "id" = ${runId}::uuid`
}

const run = async (runId: string) => (await findRun(made.workspaceId, runId))!
const schema = async () => (await findSchema(made.workspaceId, made.schemaIds[0]!))!

const report = { rows: 1 }
const finished = (nextRunAt = new Date('2030-01-01')) => ({ report, version: 3, rowsRead: 5_000_000_000, bytesRead: 7, nextRunAt })

describe('a claim', () => {
  test('is given to one of many who ask at once', async () => {
    const runId = await queuedRun()
    const claims = await Promise.all(Array.from({ length: 20 }, (_, number) => claimRun(runId, `worker ${number}`, LEASE)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await run(runId)).toMatchObject({ status: 'running', attempt: 1 })
  })

  test('is refused while the lease holds, and given with a higher fence when it has expired', async () => {
    const first = await claimedRun()
    expect(await claimRun(first.runId, 'second', LEASE)).toBeNull()
    await expire(first.runId)
    const second = await claimRun(first.runId, 'second', LEASE)
    expect(second).toMatchObject({ fence: first.fence + 1, attempt: 2 })
  })

  test('is refused before its time', async () => {
    const claimed = await claimedRun()
    await retryRun(claimed, away, 60)
    expect(await claimRun(claimed.runId, 'early', LEASE)).toBeNull()
  })
})

describe('a zombie, whose run was taken over,', () => {
  test('can write nothing: no heartbeat, no end, no retry, no release', async () => {
    const zombie = await claimedRun()
    await expire(zombie.runId)
    await claimRun(zombie.runId, 'second', LEASE)
    expect(await renewLease(zombie, LEASE, resting)).toBeNull()
    expect(await completeRun(zombie, finished())).toBe(false)
    expect(await failRun(zombie, refused, 'reason')).toBe(false)
    expect(await retryRun(zombie, away, 1)).toBe(false)
    expect(await releaseRun(zombie)).toBe(false)
    expect(await endCancelledRun(zombie)).toBe(false)
    expect(await run(zombie.runId)).toMatchObject({ status: 'running', error: null })
    expect(await schema()).toMatchObject({ pausedReason: null, lastSyncedAt: null })
  })
})

test('a heartbeat renews the lease and shows the progress', async () => {
  const claimed = await claimedRun()
  await expire(claimed.runId)
  expect(await renewLease(claimed, LEASE, { step: 'extract', rowsRead: 9_007_199_254, bytesRead: 12, rowsExpected: 10.4, pace: '98 of about 100 requests a second' })).toEqual({ isCancelRequested: false })
  const row = await run(claimed.runId)
  expect(row).toMatchObject({ step: 'extract', rowsRead: 9_007_199_254, bytesRead: 12, rowsExpected: 10, pace: '98 of about 100 requests a second' })
  expect(row.leaseExpiresAt!.getTime()).toBeGreaterThan(Date.now() + 20_000)
})

describe('the end of a run', () => {
  test('completed: the schema is synced, its schedule awake, an earlier error gone', async () => {
    const first = await claimedRun()
    await retryRun(first, away, 0)
    const second = (await claimRun(first.runId, 'second', LEASE))!
    expect((await run(first.runId)).error).toEqual(away)
    expect(await completeRun(second, finished())).toBe(true)
    expect(await run(first.runId)).toMatchObject({ status: 'completed', error: null, report, version: 3, rowsRead: 5_000_000_000 })
    expect(await schema()).toMatchObject({ pausedReason: null, nextRunAt: new Date('2030-01-01') })
    expect((await schema()).lastSyncedAt).toBeInstanceOf(Date)
  })

  test('a fatal failure stops the schedule in words, and a later success resumes it', async () => {
    await prisma().sourceSchema.updateMany({ where: { id: { in: made.schemaIds } }, data: { nextRunAt: new Date('2029-01-01') } })
    expect(await failRun(await claimedRun(), refused, 'Sign-in to the database was refused.')).toBe(true)
    expect(await schema()).toMatchObject({ pausedReason: 'Sign-in to the database was refused.', nextRunAt: null })
    await completeRun(await claimedRun(), finished())
    expect(await schema()).toMatchObject({ pausedReason: null, nextRunAt: new Date('2030-01-01') })
  })

  test('a failure that may pass leaves the schedule as it is', async () => {
    await prisma().sourceSchema.updateMany({ where: { id: { in: made.schemaIds } }, data: { nextRunAt: new Date('2029-01-01') } })
    const claimed = await claimedRun()
    await failRun(claimed, away, null)
    expect(await run(claimed.runId)).toMatchObject({ status: 'failed', error: away })
    expect(await schema()).toMatchObject({ pausedReason: null, nextRunAt: new Date('2029-01-01') })
  })

  test('a success before the next time keeps that time; one that was due moves it on', async () => {
    await prisma().sourceSchema.updateMany({ where: { id: { in: made.schemaIds } }, data: { nextRunAt: new Date('2029-01-01') } })
    await completeRun(await claimedRun(), finished())
    expect((await schema()).nextRunAt).toEqual(new Date('2029-01-01'))
    await prisma().sourceSchema.updateMany({ where: { id: { in: made.schemaIds } }, data: { nextRunAt: new Date('2020-01-01') } })
    await completeRun(await claimedRun(), finished())
    expect((await schema()).nextRunAt).toEqual(new Date('2030-01-01'))
  })

  test('a released run is due at once and its attempt does not count', async () => {
    const claimed = await claimedRun()
    expect(await releaseRun(claimed)).toBe(true)
    expect(await run(claimed.runId)).toMatchObject({ status: 'queued', attempt: 0 })
    expect(await claimRun(claimed.runId, 'second', LEASE)).toMatchObject({ attempt: 1, fence: 2 })
  })
})

describe('cancelling', () => {
  test('ends a queued run at once', async () => {
    const runId = await queuedRun()
    expect(await cancelRun(made.workspaceId, runId)).toBe('cancelled')
    expect(await claimRun(runId, 'late', LEASE)).toBeNull()
    expect((await run(runId)).finishedAt).toBeInstanceOf(Date)
  })

  test('asks a running one, whose next heartbeat hears it', async () => {
    const claimed = await claimedRun()
    expect(await cancelRun(made.workspaceId, claimed.runId)).toBe('running')
    expect(await renewLease(claimed, LEASE, resting)).toEqual({ isCancelRequested: true })
    expect(await retryRun(claimed, away, 1)).toBe(false)
    expect(await endCancelledRun(claimed)).toBe(true)
    expect(await run(claimed.runId)).toMatchObject({ status: 'cancelled', error: null })
  })

  test('ends the run of a dead worker at once', async () => {
    const claimed = await claimedRun()
    await expire(claimed.runId)
    expect(await cancelRun(made.workspaceId, claimed.runId)).toBe('cancelled')
  })

  test('leaves a finished run and another workspace\'s run alone', async () => {
    const claimed = await claimedRun()
    expect(await cancelRun('00000000-0000-7000-8000-000000000000', claimed.runId)).toBeNull()
    await completeRun(claimed, finished())
    expect(await cancelRun(made.workspaceId, claimed.runId)).toBeNull()
    expect((await run(claimed.runId)).status).toBe('completed')
  })
})

describe('runs of dead workers', () => {
  const spent: ErrorView = { code: 'internal', title: 'Given up', isRetryable: false }

  test('go back into the queue, and no others do', async () => {
    const dead = await claimedRun()
    await expire(dead.runId)
    const other = await makeSource(1)
    const [queued] = await insertRuns(other.workspaceId, other.schemaIds, { isFull: false, trigger: 'manual' })
    await claimRun(queued!.id, 'alive', LEASE)
    expect(await takeExpiredRuns(5, spent)).toEqual([{ runId: dead.runId, workspaceId: made.workspaceId, status: 'queued', externalRunId: null }])
    expect(await renewLease(dead, LEASE, resting)).toBeNull()
  })

  test('are cancelled when that was asked for', async () => {
    const dead = await claimedRun()
    await cancelRun(made.workspaceId, dead.runId)
    await expire(dead.runId)
    expect(await takeExpiredRuns(5, spent)).toMatchObject([{ status: 'cancelled' }])
  })

  test('a run whose row a vanished session still holds does not keep the others from being taken over', async () => {
    const held = await claimedRun()
    made = await makeSource(1)
    const dead = await claimedRun()
    await expire(held.runId)
    await expire(dead.runId)
    const session = new pg.Client({ connectionString: database.url })
    await session.connect()
    await session.query('BEGIN')
    await session.query('SELECT 1 FROM "SyncRun" WHERE "id" = $1 FOR UPDATE', [held.runId])
    expect((await takeExpiredRuns(5, spent)).map(({ runId }) => runId)).toEqual([dead.runId])
    await session.query('ROLLBACK')
    await session.end()
    expect((await takeExpiredRuns(5, spent)).map(({ runId }) => runId)).toEqual([held.runId])
  })

  test('fail when they killed as many workers as attempts are allowed', async () => {
    const runId = await queuedRun()
    for (let attempt = 1; attempt <= 3; attempt++) {
      await claimRun(runId, 'doomed', LEASE)
      await expire(runId)
      expect(await takeExpiredRuns(3, spent)).toMatchObject([{ status: attempt < 3 ? 'queued' : 'failed' }])
    }
    expect(await run(runId)).toMatchObject({ status: 'failed', error: spent })
  })
})
