import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { openMetrics } from '@/lib/core/metrics'
import { prisma } from '@/lib/db/client'
import { insertSource } from '@/lib/db/sources'
import { closeJobs } from '@/lib/jobs/enqueue'
import { loadRun } from '@/lib/syncs/loaders'
import { runSync } from '@/lib/syncs/run-sync'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { startSync, type StartSyncOptions } from '@/lib/syncs/start-sync'
import type { Viewer } from '@/lib/workspace/schema'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { changeSchemas } from './change-schemas'
import { loadProof, loadSchemas, loadSources } from './loaders'

let database: FreshDatabase
let room: SourceRoom
let viewer: Viewer
let sourceId: string
let schemaId: string

beforeAll(async () => {
  database = await freshDatabase()
  room = await openSourceRoom()
  await room.run('CREATE TABLE orders (id int PRIMARY KEY, changed int, note text, amount numeric(10,2))')
})
afterAll(async () => {
  await closeJobs()
  await room.close()
  await database.drop()
})
beforeEach(async () => {
  await prisma().workspace.deleteMany()
  const { workspaceId } = await makeSource(0)
  await prisma().source.deleteMany()
  viewer = { userId: newId(), email: 'ada@example.com', name: 'Ada', workspaceId, workspaceName: 'Test', role: 'owner', previews: { dataWarehouse: true } }
  ;[sourceId, schemaId] = [newId(), newId()]
  const { password, ...config } = room.config
  const { discovered } = await room.table('orders')
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: 'Shop', prefix: '', config, sealedSecrets: sealSecrets(sourceId, { password }) }, [{
    id: schemaId, name: 'orders', location: { namespace: 'public', table: 'orders' }, tableName: 'orders', enabled: true, method: 'incremental', replicationKey: 'changed', keyColumns: [], columnNames: null, frequency: 'hour', discovered, nextRunAt: new Date('2035-01-01'),
  }])
  await changeSchemas(workspaceId, { schemaIds: [schemaId], change: { proves: false, reconcileFrequency: null } })
  await room.run(`TRUNCATE orders; INSERT INTO orders SELECT g, g, 'note ' || g FROM generate_series(1, 200) g`)
  await sync()
})

async function sync(options: Partial<StartSyncOptions> = {}): Promise<string> {
  const { runIds } = await startSync(viewer.workspaceId, [schemaId], { isFull: false, trigger: 'manual', isEnqueued: false, ...options })
  const runId = String(runIds[0])
  expect(await runSync(runId, { owner: 'test' })).toBe('completed')
  return runId
}

const schema = async () => (await loadSchemas(viewer, sourceId))[0]!
const source = async () => (await loadSources(viewer))[0]!

/** A row that no incremental sync sees go, and a comparison that finds it. */
async function differ(): Promise<string> {
  await room.run('DELETE FROM orders WHERE id = 7')
  return sync({ isVerify: true })
}

test('a table that differs says so on its row, its source and its run, and is counted', async () => {
  const { proofs } = await openMetrics()
  expect(await source()).toMatchObject({ status: 'up_to_date', differingSchemas: 0 })
  const runId = await differ()
  expect(await schema()).toMatchObject({ status: 'differs', problem: null, proof: { outcome: 'differs', isPast: false, version: 1, rows: 199, differences: { gone: 1, missing: 0, different: 0 } } })
  expect(await source()).toMatchObject({ status: 'differs', differingSchemas: 1, comparedSchemas: 1, failedSchemas: 0, problem: { title: '1 row gone at the source' }, problemSchema: 'orders' })
  expect(await loadRun(viewer, runId)).toMatchObject({ status: 'completed', report: { proof: { outcome: 'differs' } } })
  expect((await proofs.get()).values).toEqual([expect.objectContaining({ labels: { connector: 'postgres', outcome: 'differs' }, value: 1 })])
})

test('a later sync that is not compared does not make it fine: it differs until a comparison says otherwise', async () => {
  await differ()
  await room.run(`INSERT INTO orders VALUES (900, 900, 'new')`)
  await sync()
  expect(await schema()).toMatchObject({ version: 2, rows: 201, status: 'differs', proof: { isPast: true, version: 1 } })
  expect(await source()).toMatchObject({ status: 'differs', differingSchemas: 1 })
  expect((await loadProof(viewer, schemaId)).shown.rows).toEqual([{ kind: 'gone', source: null, ours: ['7', '7', 'note 7', null] }])
  await sync({ isVerify: true, isRepair: true })
  expect(await schema()).toMatchObject({ status: 'up_to_date', rows: 200, proof: { outcome: 'verified', isPast: false } })
  expect(await source()).toMatchObject({ status: 'up_to_date', differingSchemas: 0, problem: null })
})

test('what was verified is told of the rows that it was found of, and of no later ones', async () => {
  await sync({ isVerify: true })
  expect(await schema()).toMatchObject({ status: 'up_to_date', proof: { outcome: 'verified' } })
  await room.run(`INSERT INTO orders VALUES (901, 901, 'new')`)
  await sync()
  expect(await schema()).toMatchObject({ status: 'up_to_date', proof: null })
})

test('read whole it is another table: no difference is left of the one before', async () => {
  await differ()
  await sync({ isFull: true })
  expect(await schema()).toMatchObject({ status: 'up_to_date', rows: 199, proof: null })
})

test('a failure is told first, and the difference beside it; a table that is switched off worries nobody', async () => {
  await differ()
  await room.run('ALTER TABLE orders RENAME TO away')
  try {
    const { runIds } = await startSync(viewer.workspaceId, [schemaId], { isFull: false, trigger: 'manual', isEnqueued: false })
    expect(await runSync(String(runIds[0]), { owner: 'test' })).toBe('failed')
  } finally {
    await room.run('ALTER TABLE away RENAME TO orders')
  }
  expect(await source()).toMatchObject({ status: 'failed', problem: { code: 'missing_table' } })
  expect((await schema()).proof).toMatchObject({ outcome: 'differs' })
  await changeSchemas(viewer.workspaceId, { schemaIds: [schemaId], change: { enabled: false } })
  expect(await source()).toMatchObject({ status: 'paused', differingSchemas: 0, problem: null })
})

test('a repair that comes to no end has failed and is told so; the table still differs, and its schedule goes on', async () => {
  await differ()
  // no sync sees it, and it does not fit the column
  await room.run(`UPDATE orders SET amount = 'NaN' WHERE id = 100`)
  const { runIds } = await startSync(viewer.workspaceId, [schemaId], { isFull: false, isVerify: true, isRepair: true, trigger: 'manual', isEnqueued: false })
  expect(await runSync(String(runIds[0]), { owner: 'test' })).toBe('failed')
  expect(await loadRun(viewer, String(runIds[0]))).toMatchObject({ status: 'failed', report: null, error: { code: 'value_does_not_fit', title: 'orders was not repaired', detail: expect.stringContaining('The table stays as it was'), advice: expect.stringContaining('full resync') } })
  expect(await schema()).toMatchObject({ status: 'failed', rows: 200, version: 1, problem: { title: 'orders was not repaired' }, proof: { outcome: 'differs' } })
  expect(await prisma().sourceSchema.findUnique({ where: { id: schemaId } })).toMatchObject({ pausedReason: null, nextRunAt: new Date('2035-01-01') })
  await sync()
  expect(await schema()).toMatchObject({ status: 'differs', problem: null })
})
