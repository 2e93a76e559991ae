import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSource, listSources } from '@/lib/db/sources'
import { listSchemas, updateSchemas } from '@/lib/db/schemas'
import { findOrInsertFirstWorkspace } from '@/lib/db/workspaces'
import { startSync } from '@/lib/syncs/start-sync'
import { openSecrets } from '@/lib/syncs/source-secrets'
import { runSync } from '@/lib/syncs/run-sync'
import { runQuery } from '@/lib/sql-editor/run-query'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { withClient } from '@/bench/bench-table'
import { changeSchemas } from './change-schemas'
import { deleteSchemaData } from './delete-schema-data'
import { deleteSource } from './delete-source'
import { editSource } from './edit-source'
import { findSourceByName } from './find-source-by-name'
import { linkSource } from './link-source'
import { refreshSource } from './refresh-source'

let own: FreshDatabase
let shop: FreshServerDatabase
let workspaceId: string
const signal = new AbortController().signal

beforeAll(async () => {
  own = await freshDatabase()
  shop = await freshServerDatabase()
  workspaceId = (await findOrInsertFirstWorkspace('Test')).id
  await withClient(shop.url, (client) =>
    client.query(`
      create table orders (id int primary key, total numeric(10,2), placed_on date, updated_at timestamptz not null default now());
      insert into orders select n, n * 1.5, date '2026-01-01' + n from generate_series(1, 10) n;
      create table notes (body text, written_at timestamptz)`),
  )
})

afterAll(async () => {
  await shop.drop()
  await own.drop()
})

function config(change: Record<string, string> = {}) {
  return { host: shop.host, port: shop.port, database: shop.database, user: shop.user, password: shop.password, schema: 'public', sslmode: 'disable', ...change }
}

async function link(prefix: string) {
  return linkSource(workspaceId, { connector: 'postgres', name: `Shop ${prefix}`, prefix, config: config(), schemas: [{ name: 'orders', method: 'incremental', replicationKey: 'updated_at' }] })
}

test('a linked source keeps its secret sealed, its chosen schemas on and due, the others off', async () => {
  const linked = await link('kept')
  const source = await findSource(workspaceId, linked.sourceId)
  expect(JSON.stringify(source)).not.toContain(shop.password)
  expect(openSecrets(linked.sourceId, source?.sealedSecrets ?? '')).toMatchObject({ password: shop.password })
  const schemas = await listSchemas(workspaceId, { sourceId: linked.sourceId })
  expect(schemas.map(({ name, enabled, tableName }) => [name, enabled, tableName])).toEqual([
    ['notes', false, 'kept_postgres_notes'],
    ['orders', true, 'kept_postgres_orders'],
  ])
  expect(schemas[1]?.nextRunAt?.getTime()).toBeLessThanOrEqual(Date.now())
})

test('a second source with the same prefix is refused at its field, and nothing is kept of it', async () => {
  await link('twice')
  const before = (await listSources(workspaceId)).length
  await expect(linkSource(workspaceId, { connector: 'postgres', prefix: 'twice', config: config(), schemas: [] })).rejects.toMatchObject({ code: 'conflict', fields: { prefix: expect.stringContaining('twice') } })
  expect(await listSources(workspaceId)).toHaveLength(before)
})

test('an incremental schema without a key is refused with the reason, and so is a replication key that cannot serve', async () => {
  const choose = (choice: object) => linkSource(workspaceId, { connector: 'postgres', prefix: 'refused', config: config(), schemas: [{ name: 'notes', method: 'incremental', replicationKey: 'written_at', ...choice }] })
  await expect(choose({})).rejects.toMatchObject({ code: 'invalid', title: expect.stringContaining('no primary key') })
  await expect(choose({ replicationKey: 'body', keyColumns: ['body'] })).rejects.toMatchObject({ code: 'invalid', title: expect.stringContaining('body') })
})

test("a setting that isn't sent isn't changed", async () => {
  const { schemas } = await link('settings')
  const id = schemas.find(({ name }) => name === 'orders')?.id ?? ''
  const [before] = await listSchemas(workspaceId, { ids: [id] })
  await changeSchemas(workspaceId, { schemaIds: [id], change: { frequency: 'day' } })
  const [after] = await listSchemas(workspaceId, { ids: [id] })
  expect(after).toEqual({ ...before, frequency: 'day' })
})

test('a schema that is switched on for the first time is synced as a full table, at once', async () => {
  const { schemas } = await link('on')
  const id = schemas.find(({ name }) => name === 'notes')?.id ?? ''
  await changeSchemas(workspaceId, { schemaIds: [id], change: { enabled: true } })
  expect(await listSchemas(workspaceId, { ids: [id] })).toMatchObject([{ enabled: true, method: 'full', nextRunAt: expect.any(Date) }])
})

test("another workspace's schemas and sources cannot be changed", async () => {
  const { sourceId, schemas } = await link('foreign')
  const stranger = '00000000-0000-7000-8000-000000000000'
  await expect(changeSchemas(stranger, { schemaIds: [schemas[0]?.id ?? ''], change: { enabled: true } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(editSource(stranger, { sourceId, name: 'Mine' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(deleteSource(stranger, sourceId)).rejects.toMatchObject({ code: 'not_found' })
})

test('on an edit a blank secret keeps its value, unless it would be sent to another host', async () => {
  const { sourceId } = await link('edit')
  await editSource(workspaceId, { sourceId, name: 'Renamed', config: { sslmode: 'prefer', password: '' } })
  const renamed = await findSourceByName(workspaceId, 'Renamed')
  expect(renamed.config).toMatchObject({ sslmode: 'prefer', host: shop.host })
  expect(openSecrets(sourceId, renamed.sealedSecrets)).toMatchObject({ password: shop.password })
  await expect(editSource(workspaceId, { sourceId, config: { host: 'attacker.example', password: '' } })).rejects.toMatchObject({ code: 'invalid' })
})

test('a mended config wakes the schedules that rested', async () => {
  const { sourceId, schemas } = await link('wake')
  const ids = schemas.map(({ id }) => id)
  await updateSchemas(workspaceId, ids, { pausedReason: 'Sign-in was refused', nextRunAt: null })
  await editSource(workspaceId, { sourceId, config: { password: shop.password } })
  const after = await listSchemas(workspaceId, { sourceId })
  expect(after.find(({ name }) => name === 'orders')).toMatchObject({ pausedReason: null, nextRunAt: expect.any(Date) })
})

test('a refresh keeps what is new, off, and names what is gone', async () => {
  const { sourceId } = await link('refresh')
  await withClient(shop.url, (client) => client.query('create table fresh (id int primary key); alter table notes rename to renamed'))
  expect(await refreshSource(workspaceId, sourceId, signal)).toEqual({ added: ['fresh', 'renamed'], missing: ['notes'] })
  await withClient(shop.url, (client) => client.query('drop table fresh; alter table renamed rename to notes'))
})

test('deleted data is gone from queries and comes back with the next sync; a deleted source is gone for good', async () => {
  const { sourceId, schemas } = await link('gone')
  const id = schemas.find(({ name }) => name === 'orders')?.id ?? ''
  const sync = async () => {
    const { runIds } = await startSync(workspaceId, [id], { isFull: false, trigger: 'command-line', isEnqueued: false })
    return runSync(runIds[0] ?? '', { owner: 'test' })
  }
  const count = () => runQuery(workspaceId, { sql: 'select count(*) from gone_postgres_orders', rowLimit: 10 })
  expect(await sync()).toBe('completed')
  expect((await count()).rows).toEqual([['10']])
  await deleteSchemaData(workspaceId, id)
  await expect(count()).rejects.toMatchObject({ code: 'query' })
  expect(await sync()).toBe('completed')
  expect((await count()).rows).toEqual([['10']])
  expect(await deleteSource(workspaceId, sourceId)).toEqual({ schemas: 2 })
  await expect(count()).rejects.toMatchObject({ code: 'query' })
  expect(await findSource(workspaceId, sourceId)).toBeNull()
})
