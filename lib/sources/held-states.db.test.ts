import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { openMetrics } from '@/lib/core/metrics'
import { prisma } from '@/lib/db/client'
import { insertSource } from '@/lib/db/sources'
import { findSnapshot } from '@/lib/db/versions'
import { closeJobs } from '@/lib/jobs/enqueue'
import { discardHeld } from '@/lib/syncs/discard-held'
import { loadRun } from '@/lib/syncs/loaders'
import { publishHeld } from '@/lib/syncs/publish-held'
import { runSync } from '@/lib/syncs/run-sync'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { startSync, type StartSyncOptions } from '@/lib/syncs/start-sync'
import type { Viewer } from '@/lib/workspace/schema'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { changeSchemas } from './change-schemas'
import { loadSchemas, loadSources } from './loaders'

let database: FreshDatabase
let server: FreshServerDatabase
let client: pg.Client
let viewer: Viewer
let sourceId: string
let schemaId: string

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('CREATE TABLE orders (id int PRIMARY KEY, note text)')
})
afterAll(async () => {
  await closeJobs()
  await client.end()
  await server.drop()
  await database.drop()
})
beforeEach(async () => {
  await prisma().workspace.deleteMany()
  const { workspaceId } = await makeSource(0)
  await prisma().source.deleteMany()
  viewer = { userId: newId(), email: 'ada@example.com', name: 'Ada', workspaceId, workspaceName: 'Test', role: 'owner', previews: { dataWarehouse: true } }
  ;[sourceId, schemaId] = [newId(), newId()]
  const config = { host: server.host, port: server.port, database: server.database, user: server.user, schema: 'public', sslmode: 'disable', ca: '' }
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: 'Shop', prefix: '', config, sealedSecrets: sealSecrets(sourceId, { password: server.password }) }, [{
    id: schemaId, name: 'orders', location: { namespace: 'public', table: 'orders' }, tableName: 'orders', enabled: true, method: 'full', replicationKey: null, keyColumns: [], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt: new Date('2035-01-01'),
  }])
  await client.query(`TRUNCATE orders; INSERT INTO orders SELECT g, 'note ' || g FROM generate_series(1, 2000) g`)
  await sync()
})

async function sync(options: Partial<StartSyncOptions> = {}): Promise<string> {
  const { runIds } = await startSync(viewer.workspaceId, [schemaId], { isFull: false, trigger: 'manual', isEnqueued: false, ...options })
  const runId = String(runIds[0])
  expect(await runSync(runId, { owner: 'test' })).toBe('completed')
  return runId
}

const schema = async () => (await loadSchemas(viewer, sourceId))[0]!
const version = async () => (await findSnapshot(viewer.workspaceId, schemaId))?.version

test('a table whose source was emptied waits, and says so on its row, its source and its run; the table is no fresher than before', async () => {
  const { heldVersions } = await openMetrics()
  const before = await schema()
  await client.query('TRUNCATE orders')
  const runId = await sync()
  expect(await schema()).toMatchObject({ status: 'held', problem: null, rows: 2000, lastSyncedAt: before.lastSyncedAt, brakePercent: 30, held: { reason: 'emptied', rowsBefore: 2000, rowsAfter: 0, runId } })
  expect((await loadSources(viewer))[0]).toMatchObject({ status: 'held', heldSchemas: 1, failedSchemas: 0 })
  expect(await loadRun(viewer, runId)).toMatchObject({ status: 'completed', isHeld: true, report: { isChanged: false, held: { reason: 'emptied' } } })
  expect((await heldVersions.get()).values).toEqual([expect.objectContaining({ labels: { connector: 'postgres' }, value: 1 })])
})

test('published, the table is as it was read, and its run says so', async () => {
  await client.query('DELETE FROM orders WHERE id > 1000')
  const runId = await sync()
  const { held } = await schema()
  expect(await publishHeld(viewer.workspaceId, [{ schemaId, runId }])).toEqual([{ schemaId, version: 2 }])
  expect(await schema()).toMatchObject({ status: 'up_to_date', held: null, rows: 1000, version: 2, lastSyncedAt: held?.at })
  expect(await loadRun(viewer, runId)).toMatchObject({ isHeld: false, report: { held: { decision: 'published' } } })
})

test('discarded, the table stays, and the next sync finds the same again', async () => {
  await client.query('DELETE FROM orders WHERE id > 1000')
  const runId = await sync()
  await discardHeld(viewer.workspaceId, [{ schemaId, runId }])
  expect(await schema()).toMatchObject({ status: 'up_to_date', held: null, rows: 2000, version: 1 })
  expect(await loadRun(viewer, runId)).toMatchObject({ isHeld: false, report: { held: { decision: 'discarded' } } })
  await sync()
  expect(await schema()).toMatchObject({ status: 'held', held: { removed: 1000 } })
})

test('what was seen is what is decided on: of a version that a later sync replaced nothing is published', async () => {
  await client.query('DELETE FROM orders WHERE id > 1000')
  const first = await sync()
  await client.query('DELETE FROM orders')
  const second = await sync()
  await expect(publishHeld(viewer.workspaceId, [{ schemaId, runId: first }])).rejects.toMatchObject({ code: 'conflict' })
  await expect(discardHeld(viewer.workspaceId, [{ schemaId, runId: first }])).rejects.toMatchObject({ code: 'conflict' })
  expect(await loadRun(viewer, first)).toMatchObject({ isHeld: false, report: { held: { rowsAfter: 1000 } } })
  expect(await loadRun(viewer, second)).toMatchObject({ isHeld: true })
})

test('without the brake everything is published: for one sync, or for a schema', async () => {
  await client.query('DELETE FROM orders WHERE id > 1000')
  await sync({ skipsBrake: true })
  expect(await version()).toBe(2)
  await changeSchemas(viewer.workspaceId, { schemaIds: [schemaId], change: { brakePercent: null } })
  await client.query('TRUNCATE orders')
  await sync()
  expect(await schema()).toMatchObject({ status: 'up_to_date', rows: 0, version: 3, brakePercent: null })
})

test('a share of its own decides', async () => {
  await changeSchemas(viewer.workspaceId, { schemaIds: [schemaId], change: { brakePercent: 60 } })
  await client.query('DELETE FROM orders WHERE id > 1000')
  await sync()
  expect(await version()).toBe(2)
})
