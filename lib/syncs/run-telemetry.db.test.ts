import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { metrics, openMetrics } from '@/lib/core/metrics'
import { closeTracing, openTracing } from '@/lib/core/traces'
import { findRun } from '@/lib/db/runs'
import { insertSource } from '@/lib/db/sources'
import { closeJobs } from '@/lib/jobs/enqueue'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { startOtlpReceiver, type OtlpReceiver } from '@/test/servers/otlp-receiver'
import { runSync } from './run-sync'
import { sealSecrets } from './source-secrets'
import { startSync } from './start-sync'

let database: FreshDatabase
let server: FreshServerDatabase
let collector: OtlpReceiver
let workspaceId: string

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`CREATE TABLE orders_of_hugo AS SELECT g AS id, 'swordfish ' || g AS note FROM generate_series(1, 500) g`)
  await client.end()
  workspaceId = (await makeSource(0)).workspaceId
  await openMetrics()
})
beforeEach(async () => {
  collector = await startOtlpReceiver()
  setEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=shop' })
  metrics()?.registry.resetMetrics()
})
afterEach(async () => {
  await closeTracing()
  await collector.close()
  setEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_RESOURCE_ATTRIBUTES: '', OTEL_SDK_DISABLED: '' })
})
afterAll(async () => {
  await closeJobs()
  await server.drop()
  await database.drop()
})

/** A run of a table that is there, or is not. */
async function runOf(table = 'orders_of_hugo'): Promise<string> {
  const [sourceId, schemaId] = [newId(), newId()]
  const config = { host: server.host, port: server.port, database: server.database, user: server.user, schema: 'public', sslmode: 'disable', ca: '' }
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: `source of hugo ${sourceId}`, prefix: `p${sourceId.slice(-8)}`, config, sealedSecrets: sealSecrets(sourceId, { password: server.password }) }, [{
    id: schemaId, name: table, location: { namespace: 'public', table }, tableName: `hugo_${schemaId.slice(-8)}`, enabled: true, method: 'full', replicationKey: null,
    keyColumns: [], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt: null,
  }])
  return (await startSync(workspaceId, [schemaId], { isFull: false, trigger: 'manual', isEnqueued: false })).runIds[0]!
}

const text = async () => (await metrics()!.registry.metrics()).split('\n').filter((line) => !line.startsWith('#'))

test('a sync is one span with a child for each step, and counted; neither tells a name or a value', async () => {
  await openTracing()
  const runId = await runOf()
  expect(await runSync(runId, { owner: 'test' })).toBe('completed')
  await closeTracing()
  const root = collector.spans.find((span) => span.name === 'sync')!
  expect(root).toMatchObject({
    attributes: {
      'tributary.run_id': runId, 'tributary.connector': 'postgres', 'tributary.method': 'full', 'tributary.trigger': 'manual', 'tributary.attempt': 1, 'tributary.outcome': 'completed',
      'tributary.rows_read': 500, 'tributary.rows_inserted': 500, 'tributary.version': 1,
    },
  })
  expect(root.attributes['tributary.bytes_read']).toBeGreaterThan(5_000)
  const steps = collector.spans.filter((span) => span !== root)
  expect(steps.map((span) => span.name)).toEqual(['discover', 'plan', 'extract', 'merge', 'publish', 'compare', 'compact'])
  for (const step of steps) {
    expect(step).toMatchObject({ traceId: root.traceId, parentSpanId: root.spanId })
    expect(BigInt(step.startTimeUnixNano) >= BigInt(root.startTimeUnixNano) && BigInt(step.endTimeUnixNano) <= BigInt(root.endTimeUnixNano)).toBe(true)
  }
  expect(collector.resources[0]).toMatchObject({ 'service.name': 'tributary', 'deployment.environment.name': 'shop' })
  const lines = await text()
  expect(lines).toContain('tributary_runs_total{connector="postgres",outcome="completed"} 1')
  expect(lines).toContain('tributary_read_rows_total{connector="postgres"} 500')
  expect(lines).toContain('tributary_run_duration_seconds_count{connector="postgres"} 1')
  expect(lines).toContain('tributary_runs_in_flight 0')
  for (const step of ['plan', 'extract', 'merge', 'publish', 'compare', 'compact']) expect(lines).toContain(`tributary_step_duration_seconds_count{step="${step}"} 1`)
  expect([...collector.bodies, ...lines].join('\n')).not.toMatch(/hugo|swordfish/)
})

test('a failure is told by its code alone', async () => {
  await openTracing()
  expect(await runSync(await runOf('gone_from_hugo'), { owner: 'test' })).toBe('failed')
  await closeTracing()
  const root = collector.spans.find((span) => span.name === 'sync')!
  expect(root).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'missing_table', 'tributary.outcome': 'failed' } })
  expect(root.status.message).toBeUndefined()
  expect(collector.spans.find((span) => span.name === 'discover')).toMatchObject({ attributes: { 'error.type': 'missing_table' } })
  const lines = await text()
  expect(lines).toContain('tributary_run_failures_total{connector="postgres",code="missing_table"} 1')
  expect(lines).toContain('tributary_runs_total{connector="postgres",outcome="failed"} 1')
  expect([...collector.bodies, ...lines].join('\n')).not.toMatch(/hugo/)
})

test.each([['answers with an error', 503], ['never answers', null]] as const)('a collector that %s hurts no sync, and keeps no process from ending', async (_, fault) => {
  collector.fault = fault
  await openTracing()
  const runId = await runOf()
  expect(await runSync(runId, { owner: 'test' })).toBe('completed')
  await closeTracing()
  expect((await findRun(workspaceId, runId))!.status).toBe('completed')
  expect(collector.bodies.length).toBeGreaterThan(0)
})

test('a collector that is not there hurts no sync', async () => {
  setEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  await openTracing()
  expect(await runSync(await runOf(), { owner: 'test' })).toBe('completed')
  await closeTracing()
})

test.each([['without an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }], ['when it is switched off', { OTEL_SDK_DISABLED: 'true' }]])('%s nothing is traced', async (_, change) => {
  setEnv(change)
  await openTracing()
  expect(await runSync(await runOf(), { owner: 'test' })).toBe('completed')
  await closeTracing()
  expect(collector.bodies).toEqual([])
})
