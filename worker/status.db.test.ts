import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { findRun } from '@/lib/db/runs'
import { insertSource } from '@/lib/db/sources'
import { closeJobs } from '@/lib/jobs/enqueue'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { startSync } from '@/lib/syncs/start-sync'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { startOtlpReceiver, type OtlpReceiver } from '@/test/servers/otlp-receiver'

const TOKEN = 'sixteen-letters-'
let database: FreshDatabase
let server: FreshServerDatabase
let collector: OtlpReceiver
const workers: ChildProcess[] = []

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  collector = await startOtlpReceiver()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 500) g')
  await client.end()
})
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
})
afterAll(async () => {
  await closeJobs()
  await collector.close()
  await server.drop()
  await database.drop()
})

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  return port
}

function startWorker(port: number, change: Record<string, string> = {}): { worker: ChildProcess; log: () => string } {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    env: { ...process.env, DATABASE_URL: database.url, TRIBUTARY_DATA: dataFolder(), WORKER_PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'debug', VITEST: undefined, ...change },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  workers.push(worker)
  let log = ''
  worker.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  return { worker, log: () => log }
}

async function ask(port: number, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    return { status: response.status, text: await response.text() }
  } catch {
    return { status: 0, text: '' } // not listening
  }
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await condition()); await wait(50)) if (Date.now() > deadline) throw new Error(`never came: ${what}`)
}

async function startedRun(): Promise<{ workspaceId: string; runId: string }> {
  const { workspaceId } = await makeSource(0)
  const [sourceId, schemaId] = [newId(), newId()]
  const config = { host: server.host, port: server.port, database: server.database, user: server.user, schema: 'public', sslmode: 'disable', ca: '' }
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: `source ${sourceId}`, prefix: `p${sourceId.slice(-8)}`, config, sealedSecrets: sealSecrets(sourceId, { password: server.password }) }, [{
    id: schemaId, name: 'orders', location: { namespace: 'public', table: 'orders' }, tableName: `t${schemaId.slice(-8)}`, enabled: true, method: 'full', replicationKey: null,
    keyColumns: [], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt: null,
  }])
  return { workspaceId, runId: (await startSync(workspaceId, [schemaId], { isFull: false, trigger: 'manual' })).runIds[0]! }
}

test('a worker says that it is ready, what it did, and in each line of a run whose it is; its last traces leave when it ends', async () => {
  const port = await freePort()
  const { worker, log } = startWorker(port, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  await until(async () => (await ask(port, '/ready')).status === 200, 'a ready worker')
  expect(JSON.parse((await ask(port, '/ready')).text)).toEqual({ database: 'ready', warehouse: 'ready', 'taking jobs': 'ready', 'starting due syncs': 'ready', 'taking over dead runs': 'ready' })
  expect(await ask(port, '/health')).toEqual({ status: 200, text: 'ok\n' })
  expect(await ask(port, '/')).toMatchObject({ status: 404 })
  expect(await ask(port, '/metrics', { method: 'POST' })).toMatchObject({ status: 405 })

  const { workspaceId, runId } = await startedRun()
  await until(async () => (await findRun(workspaceId, runId))!.status === 'completed', 'the run')
  await until(async () => (await ask(port, '/metrics')).text.includes('tributary_runs_total{connector="postgres",outcome="completed"} 1\n'), 'a counted run')
  expect((await ask(port, '/metrics')).text).toMatch(/^tributary_read_rows_total\{connector="postgres"\} 500$/m)
  await until(async () => /^tributary_warehouse_files \d/m.test((await ask(port, '/metrics')).text), 'the size of the warehouse')

  worker.kill('SIGTERM')
  expect(await once(worker, 'exit')).toEqual([0, null])
  expect(collector.spans.find((span) => span.name === 'sync')?.attributes['tributary.run_id']).toBe(runId)
  const lines = log().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  const ofRun = lines.filter((line) => line.part === 'sync')
  expect(ofRun.length).toBeGreaterThan(2)
  expect(ofRun.filter((line) => line.runId !== runId)).toEqual([])
  expect(log()).not.toMatch(/"runId":"[^"]*"[^\n]*"runId"/)
}, 150_000)

test('with METRICS_TOKEN a worker tells its metrics to whoever shows it, and health to all', async () => {
  const port = await freePort()
  startWorker(port, { METRICS_TOKEN: TOKEN })
  await until(async () => (await ask(port, '/health')).status === 200, 'a worker')
  expect(await ask(port, '/metrics')).toMatchObject({ status: 401 })
  await until(async () => (await ask(port, '/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).text.includes('tributary_database_up 1'), 'its metrics')
}, 150_000)

test('a port that is taken ends the worker with a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { worker, log } = startWorker((taken.address() as AddressInfo).port)
  expect(await once(worker, 'exit')).toEqual([1, null])
  taken.close()
  expect(log()).toMatch(/The worker cannot listen at WORKER_PORT\. 127\.0\.0\.1:\d+: EADDRINUSE\. Choose a free port/)
}, 150_000)
