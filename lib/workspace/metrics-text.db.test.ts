import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { GET } from '@/app/api/metrics/route'
import { setEnv } from '@/lib/core/env'
import { metrics, openMetrics } from '@/lib/core/metrics'
import { prisma } from '@/lib/db/client'
import { queueLoad, warehouseTotals } from '@/lib/db/queue-load'
import { claimRun } from '@/lib/db/run-lease'
import { startSync } from '@/lib/syncs/start-sync'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { metricsText } from './metrics-text'

const TOKEN = 'sixteen-letters-'
let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(() => {
  delete (globalThis as { tributaryQueueLook?: unknown }).tributaryQueueLook
  setEnv({ DATABASE_URL: database.url, METRICS_TOKEN: TOKEN })
})
afterAll(() => database.drop())

const ask = (authorization?: string) => GET(new Request('http://here/api/metrics', { headers: authorization === undefined ? {} : { authorization } }))

test('without METRICS_TOKEN there is no such address, whatever is sent', async () => {
  setEnv({ METRICS_TOKEN: '' })
  expect((await ask('Bearer ')).status).toBe(404)
  expect((await ask(`Bearer ${TOKEN}`)).status).toBe(404)
})

test.each([[undefined], ['Bearer'], ['Bearer '], ['Bearer wrong'], [`Basic ${TOKEN}`], [TOKEN], [`Bearer ${TOKEN}x`], [`Bearer ${TOKEN.slice(1)}`]])('"%s" is refused, and told nothing', async (authorization) => {
  const response = await ask(authorization)
  expect([response.status, await response.text()]).toEqual([401, 'The token is missing or wrong\n'])
})

test('the token opens it, in the format of Prometheus', async () => {
  const response = await ask(`Bearer ${TOKEN}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await response.text()
  expect(text).toMatch(/^tributary_database_up 1$/m)
  expect(text).toMatch(/^process_cpu_seconds_total \d/m)
})

test('what waits and what is on is counted of every workspace, and only what is due', async () => {
  const { workspaceId, schemaIds } = await makeSource(4)
  const { runIds } = await startSync(workspaceId, schemaIds, { isFull: false, trigger: 'manual', isEnqueued: false })
  await prisma().syncRun.update({ where: { id: runIds[0]! }, data: { notBefore: new Date(Date.now() + 3_600_000) } })
  await prisma().syncRun.update({ where: { id: runIds[1]! }, data: { notBefore: new Date(Date.now() - 600_000) } })
  await claimRun(runIds[2]!, 'test', 60)
  const load = await queueLoad(5_000)
  expect(load).toMatchObject({ dueRuns: 2, runningRuns: 1 })
  expect(Math.round(load.oldestDueSeconds / 60)).toBe(10)
  const { text } = await metricsText()
  expect(text).toMatch(/^tributary_queue_due_runs 2$/m)
  expect(text).toMatch(/^tributary_queue_oldest_due_seconds 6\d\d/m)
  expect(text).toMatch(/^tributary_queue_running_runs 1$/m)
})

test('while the database is away the rest is told, and no number of the queue from before', async () => {
  await metricsText()
  delete (globalThis as { tributaryQueueLook?: unknown }).tributaryQueueLook
  setEnv({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })
  const { text } = await metricsText()
  expect(text).toMatch(/^tributary_database_up 0$/m)
  expect(text).not.toMatch(/^tributary_queue_\w+ /m)
  expect(text).toMatch(/^tributary_runs_in_flight 0$/m)
})

test('what no worker has counted is not told, rather than as nothing', async () => {
  await openMetrics()
  expect((await metricsText()).text).not.toMatch(/^tributary_warehouse_\w+ /m)
  expect(await warehouseTotals()).toEqual({ files: 0, bytes: 0 })
  metrics()?.warehouseFiles.set(7)
  expect((await metricsText()).text).toMatch(/^tributary_warehouse_files 7$/m)
})
