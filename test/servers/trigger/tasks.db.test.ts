import pg from 'pg'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { findRun } from '@/lib/db/runs'
import { findSchema } from '@/lib/db/schemas'
import { findSnapshot } from '@/lib/db/versions'
import { closeJobs } from '@/lib/jobs/enqueue'
import { startSync } from '@/lib/syncs/start-sync'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { linkedTable } from './linked-table'
import { loadTasks, type Machine } from './machine.mjs'
import { TriggerServer } from './trigger-server'

let database: FreshDatabase
let source: FreshServerDatabase
let server: TriggerServer
let machine: Machine
let workspaceId: string

beforeAll(async () => {
  database = await freshDatabase()
  source = await freshServerDatabase()
  server = await TriggerServer.start()
  setEnv({ TRIGGER_SECRET_KEY: server.secretKey, TRIGGER_API_URL: server.url })
  machine = await loadTasks(() => Promise.all([import('@/trigger/run-sync'), import('@/trigger/start-due-syncs'), import('@/trigger/take-over-dead-runs'), import('@/trigger/sweep-warehouse'), import('@/trigger/prune-history')]))
  const client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query('CREATE TABLE orders AS SELECT g AS id, \'note \' || g AS note FROM generate_series(1, 500) g')
  await client.query('CREATE VIEW slow AS SELECT g AS id, repeat(\'x\', 20000) AS note, CASE WHEN g > 400 THEN pg_sleep(0.2)::text END AS pause FROM generate_series(1, 2000) g')
  await client.end()
  workspaceId = (await makeSource(0)).workspaceId
})
afterAll(async () => {
  await closeJobs()
  await server.stop()
  await source.drop()
  await database.drop()
})

const linked = async (table: string, nextRunAt: Date | null = null) => (await linkedTable(source, table, nextRunAt)).schemaId
const run = async (runId: string) => (await findRun(workspaceId, runId))!

/** The next run over there, executed by the task as it stands in the project. */
async function executeNext(signal?: AbortSignal): Promise<unknown> {
  const next = server.runs.take()!
  const answer = await machine.execute(next.taskId, next.payload, { runId: next.id, signal })
  server.runs.end(next.id, 'COMPLETED')
  return answer
}

describe('the tasks', () => {
  test('a sync is asked for here, executed over there, and ends here, with its progress shown on both sides', async () => {
    const schemaId = await linked('orders')
    const { runIds } = await startSync(workspaceId, [schemaId], { isFull: false, trigger: 'manual' })
    expect(await executeNext()).toEqual({ outcome: 'completed' })
    expect(await run(runIds[0]!)).toMatchObject({ status: 'completed', version: 1, rowsRead: 500 })
    expect((await findSnapshot(workspaceId, schemaId))!.rows).toBe(500)
    expect(machine.metadata.get('progress')).toMatchObject({ rowsRead: 500 })
  })

  test('one that is cancelled over there ends as cancelled here', async () => {
    const there = new AbortController()
    const { runIds } = await startSync(workspaceId, [await linked('slow')], { isFull: false, trigger: 'manual' })
    const answer = executeNext(there.signal)
    while ((await run(runIds[0]!)).step !== 'extract') await wait(20)
    there.abort()
    expect(await answer).toEqual({ outcome: 'cancelled' })
    expect(await run(runIds[0]!)).toMatchObject({ status: 'cancelled', version: null })
  })

  test('the dispatcher starts what is due, and the runs go over there', async () => {
    const schemaId = await linked('orders', new Date(Date.now() - 1_000))
    expect(await machine.execute('start-due-syncs', undefined, { runId: 'run_of_the_clock' })).toEqual({ started: 1 })
    expect(await executeNext()).toEqual({ outcome: 'completed' })
    expect((await findSchema(workspaceId, schemaId))!.nextRunAt!.getTime()).toBeGreaterThan(Date.now())
  })

  test('the rest goes through with nothing to do', async () => {
    expect(await machine.execute('take-over-dead-runs', undefined, { runId: 'run_of_the_clock' })).toEqual({ takenOver: 0 })
    expect(await machine.execute('sweep-warehouse', undefined, { runId: 'run_of_the_clock' })).toEqual({ files: 0, bytes: 0 })
    expect(await machine.execute('prune-history', undefined, { runId: 'run_of_the_clock' })).toEqual({ runs: 0, logLines: 0 })
  })

  test('a payload of another shape is refused', async () => {
    await expect(machine.execute('run-sync', { runId: 'not one' }, { runId: 'run_x' })).rejects.toThrow('runId')
  })

  test('one run of a schema at a time, never tried again by Trigger.dev, on a machine that files fit into', () => {
    expect(machine.tasks.get('run-sync')).toMatchObject({ queue: { name: 'run-sync' }, machine: { preset: 'medium-1x' }, retry: { maxAttempts: 1 } })
    expect(machine.queues.get('run-sync')).toMatchObject({ concurrencyLimit: 1 })
    for (const task of machine.tasks.values()) expect([task.id, task.retry?.maxAttempts]).toEqual([task.id, 1])
  })

  test('one clock for all schemas, every minute', () => {
    expect(machine.tasks.get('start-due-syncs')).toMatchObject({ schedule: { cron: '* * * * *' }, queue: { concurrencyLimit: 1 } })
    expect(machine.tasks.get('take-over-dead-runs')).toMatchObject({ schedule: { cron: '* * * * *' }, queue: { concurrencyLimit: 1 } })
  })
})
