import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { findRun } from '@/lib/db/runs'
import { findSchema } from '@/lib/db/schemas'
import { insertSource } from '@/lib/db/sources'
import { findSnapshot } from '@/lib/db/versions'
import { closeJobs } from '@/lib/jobs/enqueue'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { cancelSync } from '@/lib/syncs/cancel-sync'
import { startSync } from '@/lib/syncs/start-sync'
import { asSuperuser, freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'

let database: FreshDatabase
let server: FreshServerDatabase
let client: pg.Client
let workspaceId: string
const workers: ChildProcess[] = []

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('CREATE TABLE orders AS SELECT g AS id, \'note \' || g AS note FROM generate_series(1, 500) g')
  // Reading it lasts as long as the test holds it back.
  await client.query(`
    CREATE FUNCTION pass() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      WHILE NOT pg_try_advisory_lock_shared(77) LOOP PERFORM pg_sleep(0.05); END LOOP;
      PERFORM pg_advisory_unlock_shared(77);
      RETURN 'open';
    END $$;
    CREATE VIEW held AS SELECT g AS id, repeat('x', 20000) AS note, CASE WHEN g = 401 THEN pass() END AS gate FROM generate_series(1, 500) g`)
  workspaceId = (await makeSource(0)).workspaceId
})
afterEach(async () => {
  for (const worker of workers.splice(0)) await ended(worker, 'SIGKILL')
  await client.query('SELECT pg_advisory_unlock_all()')
})
afterAll(async () => {
  await closeJobs()
  await client.end()
  await server.drop()
  await database.drop()
})

function startWorker(): ChildProcess {
  const root = process.cwd()
  const worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database.url, TRIBUTARY_DATA: dataFolder(), LOG_LEVEL: 'warn', VITEST: undefined },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  workers.push(worker)
  return worker
}

async function ended(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode
  const exit = new Promise<number | null>((resolve) => worker.once('exit', (code) => resolve(code)))
  worker.kill(signal)
  return exit
}

async function until(condition: () => Promise<boolean> | boolean, what: string, withinMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await condition()); await wait(50)) {
    if (Date.now() > deadline) throw new Error(`never came: ${what}`)
  }
}

async function linked(table: string, nextRunAt: Date | null = null): Promise<string> {
  const sourceId = newId()
  const schemaId = newId()
  const tag = schemaId.slice(-8)
  const config = { host: server.host, port: server.port, database: server.database, user: server.user, schema: 'public', sslmode: 'disable', ca: '' }
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: `source ${tag}`, prefix: `p${tag}`, config, sealedSecrets: sealSecrets(sourceId, { password: server.password }) }, [{
    id: schemaId, name: table, location: { namespace: 'public', table }, tableName: `t${tag}`, enabled: true, method: 'full', replicationKey: null,
    keyColumns: [], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt,
  }])
  return schemaId
}

async function start(schemaId: string): Promise<string> {
  return (await startSync(workspaceId, [schemaId], { isFull: false, trigger: 'manual' })).runIds[0]!
}

const run = async (runId: string) => (await findRun(workspaceId, runId))!
const status = async (runId: string) => (await run(runId)).status
const health = () => (existsSync(path.join(dataFolder(), 'workers')) ? readdirSync(path.join(dataFolder(), 'workers')) : [])

async function readyWorker(): Promise<ChildProcess> {
  const worker = startWorker()
  await until(() => health().includes(`${worker.pid}.json`), 'a ready worker')
  return worker
}

/** A run that a worker is in the middle of, held back by the source. */
async function heldRun(): Promise<string> {
  await client.query('SELECT pg_advisory_lock(77)')
  const runId = await start(await linked('held'))
  await until(async () => (await run(runId)).step === 'extract', 'a run in the middle')
  return runId
}

const letGo = () => client.query('SELECT pg_advisory_unlock(77)')

describe('a worker', () => {
  test('takes a run within a second of being asked, and ends with 0, leaving nothing', async () => {
    const worker = await readyWorker()
    const first = await start(await linked('orders'))
    await until(async () => (await status(first)) === 'completed', 'the first run')
    const runId = await start(await linked('orders'))
    await until(async () => (await status(runId)) === 'completed', 'the run')
    const { queuedAt, startedAt } = await run(runId)
    expect(startedAt!.getTime() - queuedAt.getTime()).toBeLessThan(1_000)
    expect(await ended(worker, 'SIGTERM')).toBe(0)
    expect(health()).toEqual([])
  })

  test('starts what is due by itself', async () => {
    const schemaId = await linked('orders', new Date())
    await readyWorker()
    await until(async () => (await findSchema(workspaceId, schemaId))!.currentVersion === 1, 'a scheduled sync')
    expect((await findSchema(workspaceId, schemaId))!.nextRunAt!.getTime()).toBeGreaterThan(Date.now())
  })

  test('lets go of its run at SIGTERM within 10 s; the next worker takes it at once, and the attempt did not count', async () => {
    const worker = await readyWorker()
    const runId = await heldRun()
    const beganMs = performance.now()
    expect(await ended(worker, 'SIGTERM')).toBe(0)
    expect(performance.now() - beganMs).toBeLessThan(10_000)
    expect(await run(runId)).toMatchObject({ status: 'queued', attempt: 0 })
    await letGo()
    await readyWorker()
    await until(async () => (await status(runId)) === 'completed', 'the run')
    expect(await run(runId)).toMatchObject({ attempt: 1, version: 1 })
  })

  test('goes on after the database threw it out', async () => {
    await readyWorker()
    await asSuperuser('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()', [new URL(database.url).pathname.slice(1)])
    const schemaId = await linked('orders')
    const runId = await start(schemaId)
    await until(async () => (await status(runId)) === 'completed', 'a run after the reconnect', 30_000)
    expect(await run(runId)).toMatchObject({ attempt: 1, error: null })
  }, 60_000)

  test('cancels a run within 5 s of being asked', async () => {
    await readyWorker()
    const runId = await heldRun()
    const beganMs = performance.now()
    await cancelSync(workspaceId, runId)
    await until(async () => (await status(runId)) === 'cancelled', 'the cancelled run')
    expect(performance.now() - beganMs).toBeLessThan(5_000)
  })
})

test('a worker killed in the middle of a sync: another one takes the run over within 60 s, and the table has one version', async () => {
  const doomed = await readyWorker()
  const runId = await heldRun()
  await readyWorker()
  await ended(doomed, 'SIGKILL')
  const killedMs = performance.now()
  await letGo()
  await until(async () => (await status(runId)) === 'completed', 'the run that was taken over', 60_000)
  expect(performance.now() - killedMs).toBeLessThan(60_000)
  const { schemaId, attempt } = await run(runId)
  expect(attempt).toBe(2)
  expect(await prisma().tableVersion.count({ where: { schemaId } })).toBe(1)
  expect((await findSnapshot(workspaceId, schemaId))!.rows).toBe(500)
}, 120_000)
