import { createServer, type AddressInfo, type Server } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { prisma } from '@/lib/db/client'
import { findExternalRunId } from '@/lib/db/external-runs'
import { claimRun } from '@/lib/db/run-lease'
import { listRunLogs } from '@/lib/db/run-logs'
import { findRun } from '@/lib/db/runs'
import { findSchema, updateSchemas } from '@/lib/db/schemas'
import { insertSource } from '@/lib/db/sources'
import { findSnapshot } from '@/lib/db/versions'
import { closeJobs } from '@/lib/jobs/enqueue'
import { findDeletionVector, makeDeletionVector } from '@/lib/warehouse/query/deletion-vectors'
import { asSuperuser, freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource, type MadeSource } from '@/test/factories'
import { newId } from '@/lib/core/ids'
import { cancelSync } from './cancel-sync'
import { runSync, type OutsideExecution } from './run-sync'
import { sealSecrets } from './source-secrets'
import { startSync } from './start-sync'

const owner = 'test'
const PASSWORD = 'hunter2-swordfish'

let database: FreshDatabase
let server: FreshServerDatabase
let client: pg.Client
let made: MadeSource
let role: string

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
  role = `${server.database}_reader`
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`)
  await client.query(`CREATE TABLE orders (id int PRIMARY KEY, note text); GRANT SELECT ON orders TO ${role}`)
  // Sends a few rows at once and then goes on for minutes: a sync of it is in the middle for as long as a test needs.
  await client.query(`CREATE VIEW slow AS SELECT g AS id, repeat('x', 20000) AS note, CASE WHEN g > 400 THEN pg_sleep(0.2)::text END AS pause FROM generate_series(1, 2000) g; GRANT SELECT ON slow TO ${role}`)
})
beforeEach(async () => {
  await client.query('TRUNCATE orders; INSERT INTO orders SELECT g, \'note \' || g FROM generate_series(1, 100) g')
  made = await linked('orders')
})
afterAll(async () => {
  await closeJobs()
  await client.end()
  await server.drop()
  await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
  await database.drop()
})

/** A source that is really there, with one schema. */
async function linked(table: string, change: { password?: string; host?: string; port?: number } = {}): Promise<MadeSource> {
  const { workspaceId } = await makeSource(0)
  const sourceId = newId()
  const schemaId = newId()
  const config = { host: change.host ?? server.host, port: change.port ?? server.port, database: server.database, user: role, schema: 'public', sslmode: 'disable', ca: '' }
  const name = `source ${sourceId.slice(-8)}`
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name, prefix: `p${sourceId.slice(-8)}`, config, sealedSecrets: sealSecrets(sourceId, { password: change.password ?? PASSWORD }) }, [{
    id: schemaId, name: table, location: { namespace: 'public', table }, tableName: `t${schemaId.slice(-8)}`, enabled: true, method: 'full', replicationKey: null,
    keyColumns: [], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt: new Date('2035-01-01'),
  }])
  return { workspaceId, sourceId, schemaIds: [schemaId] }
}

async function start(trigger: 'manual' | 'schedule' | 'command-line' = 'manual', source = made): Promise<string> {
  const { runIds } = await startSync(source.workspaceId, source.schemaIds, { isFull: false, trigger, isEnqueued: false })
  return runIds[0]!
}

const run = async (runId: string) => (await findRun(made.workspaceId, runId))!
const schema = async (source = made) => (await findSchema(source.workspaceId, source.schemaIds[0]!))!
const logText = async (runId: string) => (await listRunLogs(made.workspaceId, runId)).map((line) => `${line.level} ${line.message}`).join('\n')

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await wait(50)) {
    if (Date.now() > deadline) throw new Error(`never came: ${what}`)
  }
}

const sourceSessions = async () => (await asSuperuser<{ count: string }>('SELECT count(*) FROM pg_stat_activity WHERE usename = $1', [role]))[0]!.count

/** A run of the slow view, in the middle of reading it. */
async function slowRun(signal?: AbortSignal, outside?: OutsideExecution): Promise<{ runId: string; outcome: ReturnType<typeof runSync> }> {
  made = await linked('slow')
  const runId = await start()
  const outcome = runSync(runId, { owner, signal, outside })
  await until(async () => (await run(runId)).step === 'extract', 'extract')
  return { runId, outcome }
}

describe('a sync that succeeds', () => {
  test('commits a version and leaves its report, its log and a synced schema', async () => {
    const runId = await start()
    expect(await runSync(runId, { owner })).toBe('completed')
    expect(await run(runId)).toMatchObject({ status: 'completed', version: 1, rowsRead: 100, error: null, report: { inserted: 100, table: (await schema()).tableName } })
    expect((await findSnapshot(made.workspaceId, made.schemaIds[0]!))!.rows).toBe(100)
    expect((await schema()).lastSyncedAt).toBeInstanceOf(Date)
    expect((await schema()).nextRunAt).toEqual(new Date('2035-01-01'))
    expect(await logText(runId)).toMatch(/info Sync of orders[^]*info Completed: 100 rows read/)
  })

  test('has the deletion vector of the new version made where queries used one of the version before, and only there', async () => {
    await client.query(`CREATE TABLE many (id int PRIMARY KEY, changed int NOT NULL); GRANT SELECT ON many TO ${role}; INSERT INTO many SELECT g, 0 FROM generate_series(1, ${limits.deletionVectorRows + 10}) g`)
    made = await linked('many')
    const [schemaId] = made.schemaIds as [string]
    await updateSchemas(made.workspaceId, [schemaId], { method: 'incremental', replicationKey: 'changed' })
    const sync = async (changed: number) => {
      await client.query('UPDATE many SET changed = $1 WHERE id = $1', [changed])
      expect(await runSync(await start(), { owner })).toBe('completed')
      return (await findSnapshot(made.workspaceId, schemaId))!
    }
    await sync(1)
    const unasked = await sync(2)
    expect([unasked.deleteFiles.length, await findDeletionVector(unasked)]).toEqual([1, null])
    await makeDeletionVector(unasked) // as a query does
    expect(await findDeletionVector(await sync(3))).toContain(schemaId)
  })

  test('is not to be had twice', async () => {
    const runId = await start()
    const outcomes = await Promise.all([runSync(runId, { owner: 'a' }), runSync(runId, { owner: 'b' })])
    expect(outcomes.sort()).toEqual(['busy', 'completed'])
    expect(await runSync(runId, { owner })).toBe('busy')
  })

  test('keeps what the table is upstream now', async () => {
    await runSync(await start(), { owner })
    expect((await schema()).discovered).toMatchObject({ name: expect.stringContaining('orders'), primaryKey: ['id'] })
  })
})

describe('what no retry can mend', () => {
  test('wrong credentials stop the schedule in words; a later success resumes it; the secret is nowhere', async () => {
    made = await linked('orders', { password: 'wrong-swordfish' })
    const runId = await start()
    expect(await runSync(runId, { owner })).toBe('failed')
    const failed = await run(runId)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'credentials', isRetryable: false } })
    expect(await schema()).toMatchObject({ nextRunAt: null, pausedReason: expect.stringContaining(failed.error!.title) })
    expect(JSON.stringify([failed, await logText(runId), await schema()])).not.toContain('swordfish')

    await prisma().source.update({ where: { id: made.sourceId }, data: { sealedSecrets: sealSecrets(made.sourceId, { password: PASSWORD }) } })
    expect(await runSync(await start(), { owner })).toBe('completed')
    expect((await schema()).pausedReason).toBeNull()
    expect((await schema()).nextRunAt!.getTime()).toBeGreaterThan(Date.now())
  })

  test('a table that is gone: the run fails with that reason and the synced table stays', async () => {
    await runSync(await start(), { owner })
    await updateSchemas(made.workspaceId, made.schemaIds, { location: { namespace: 'public', table: 'gone' } })
    const runId = await start('schedule')
    expect(await runSync(runId, { owner })).toBe('failed')
    expect((await run(runId)).error).toMatchObject({ code: 'missing_table' })
    expect((await schema()).pausedReason).not.toBeNull()
    expect((await findSnapshot(made.workspaceId, made.schemaIds[0]!))!).toMatchObject({ version: 1, rows: 100 })
  })
})

describe('what may pass', () => {
  const unreachable = async () => linked('orders', { port: await closedPort() })

  test('is tried again later, the error visible meanwhile; after the last attempt it fails and the schedule goes on', async () => {
    made = await unreachable()
    const runId = await start()
    for (let attempt = 1; attempt < limits.runAttempts; attempt++) {
      expect(await runSync(runId, { owner })).toBe('retry')
      const waiting = await run(runId)
      expect(waiting).toMatchObject({ status: 'queued', attempt, error: { isRetryable: true } })
      expect(waiting.notBefore.getTime()).toBeGreaterThan(Date.now() + 5_000)
      expect(await runSync(runId, { owner })).toBe('busy')
      await prisma().syncRun.update({ where: { id: runId }, data: { notBefore: new Date(0) } })
    }
    expect(await runSync(runId, { owner })).toBe('failed')
    expect(await schema()).toMatchObject({ pausedReason: null, nextRunAt: new Date('2035-01-01') })
  })

  test('fails at once on the command line, where a person waits', async () => {
    made = await unreachable()
    const runId = await start('command-line')
    expect(await runSync(runId, { owner })).toBe('failed')
    expect(await schema()).toMatchObject({ pausedReason: null })
  })
})

describe('a run in the middle', () => {
  test('is cancelled within 5 s; the table stays as it was, and the source is free', async () => {
    const { runId, outcome } = await slowRun()
    expect(await sourceSessions()).not.toBe('0')
    const beganMs = performance.now()
    await cancelSync(made.workspaceId, runId)
    expect(await outcome).toBe('cancelled')
    expect(performance.now() - beganMs).toBeLessThan(5_000)
    expect(await run(runId)).toMatchObject({ status: 'cancelled', error: null })
    expect((await schema()).currentVersion).toBeNull()
    await until(async () => (await sourceSessions()) === '0', 'a free source')
    expect(await logText(runId)).toContain('Cancelled')
  })

  test('is cancelled within 5 s while the source does not even answer', async () => {
    const silent = await listening()
    try {
      made = await linked('orders', { host: '127.0.0.1', port: portOf(silent) })
      const runId = await start()
      const outcome = runSync(runId, { owner })
      await until(async () => (await run(runId)).status === 'running', 'running')
      const beganMs = performance.now()
      await cancelSync(made.workspaceId, runId)
      expect(await outcome).toBe('cancelled')
      expect(performance.now() - beganMs).toBeLessThan(5_000)
    } finally {
      silent.close()
    }
  })

  test('goes back into the queue when its worker shuts down, and that attempt does not count', async () => {
    const shutdown = new AbortController()
    const { runId, outcome } = await slowRun(shutdown.signal)
    shutdown.abort()
    expect(await outcome).toBe('retry')
    expect(await run(runId)).toMatchObject({ status: 'queued', attempt: 0, error: null })
    await cancelSync(made.workspaceId, runId)
  })

  test('stops when its lease went to somebody else, and writes nothing more', async () => {
    const { runId, outcome } = await slowRun()
    await prisma().syncRun.update({ where: { id: runId }, data: { leaseExpiresAt: new Date(0) } })
    // between this and the claim the holder's heartbeat may come and renew: then the claim is simply tried again
    await until(async () => {
      await prisma().syncRun.update({ where: { id: runId }, data: { leaseExpiresAt: new Date(0) } })
      return (await claimRun(runId, 'thief', 60)) !== null
    }, 'the claim')
    expect(await outcome).toBe('lost')
    expect(await run(runId)).toMatchObject({ status: 'running', attempt: 2, error: null })
    await cancelSync(made.workspaceId, runId)
  })

  test('stops when its source is deleted', async () => {
    const { outcome } = await slowRun()
    await prisma().source.delete({ where: { id: made.sourceId } })
    expect(await outcome).toBe('lost')
  })
})

test('a scheduled run of a schema that was switched off meanwhile does not read', async () => {
  const runId = await start('schedule')
  await updateSchemas(made.workspaceId, made.schemaIds, { enabled: false })
  expect(await runSync(runId, { owner })).toBe('cancelled')
  expect((await schema()).currentVersion).toBeNull()
})

/** A server that takes connections and never says a word. */
function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const silent = createServer((socket) => socket.on('error', () => {}))
    silent.listen(0, '127.0.0.1', () => resolve(silent))
  })
}

async function closedPort(): Promise<number> {
  const server = await listening()
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

describe('a sync on a machine of Trigger.dev', () => {
  test('that is cancelled over there ends cancelled here at once, lets go of the source, and told how far it was', async () => {
    const there = new AbortController()
    const steps: string[] = []
    const { runId, outcome } = await slowRun(undefined, { externalRunId: 'run_there', cancelled: there.signal, onProgress: ({ step }) => void steps.push(step) })
    expect(await findExternalRunId(runId)).toBe('run_there')
    there.abort()
    expect(await outcome).toBe('cancelled')
    expect(await run(runId)).toMatchObject({ status: 'cancelled', version: null, error: null })
    expect(steps).toContain('extract')
    expect(await sourceSessions()).toBe('0')
  })
})
