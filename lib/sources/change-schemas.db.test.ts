import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DiscoveredSchema } from '@/lib/connectors/contract'
import { listSchemas } from '@/lib/db/schemas'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { changeSchemas } from './change-schemas'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const followed: DiscoveredSchema = {
  name: 'customers', location: {}, kind: 'list', primaryKey: ['id'], rowsEstimate: null, bytesEstimate: null, replicationKeys: [], tracking: 'changes', isOpen: true, problem: null,
  columns: [{ name: 'id', sourceType: 'string', type: 'VARCHAR', encoding: 'plain', nullable: false }],
}

async function made(discovered: DiscoveredSchema, change: Parameters<typeof makeSource>[1] = {}) {
  const { workspaceId, schemaIds } = await makeSource(1, { discovered, keyColumns: [], method: null, enabled: false, reconcileFrequency: 'week', ...change })
  return {
    change: (wanted: Parameters<typeof changeSchemas>[1]['change']) => changeSchemas(workspaceId, { schemaIds, change: wanted }),
    now: async () => (await listSchemas(workspaceId, { ids: schemaIds }))[0],
  }
}

test('a schema that is switched on for the first time follows the changes that its source tells', async () => {
  const schema = await made(followed)
  await schema.change({ enabled: true })
  expect(await schema.now()).toMatchObject({ enabled: true, method: 'incremental', replicationKey: null, keyColumns: ['id'], reconcileFrequency: 'week' })
})

test('following changes and the full table can be changed for each other, without naming a key', async () => {
  const schema = await made(followed, { method: 'full', enabled: true })
  await schema.change({ method: 'incremental' })
  expect(await schema.now()).toMatchObject({ method: 'incremental', replicationKey: null, keyColumns: ['id'] })
  await schema.change({ method: 'full' })
  expect(await schema.now()).toMatchObject({ method: 'full', replicationKey: null })
  await expect(schema.change({ method: 'incremental', replicationKey: 'id' })).rejects.toMatchObject({ code: 'invalid' })
  expect(await schema.now()).toMatchObject({ method: 'full' })
})

test('the periodic listing is set and taken away, and left alone by every other change', async () => {
  const schema = await made(followed, { method: 'incremental', keyColumns: ['id'] })
  await schema.change({ reconcileFrequency: 'month' })
  await schema.change({ frequency: 'hour' })
  expect(await schema.now()).toMatchObject({ reconcileFrequency: 'month', frequency: 'hour' })
  await schema.change({ reconcileFrequency: null })
  expect(await schema.now()).toMatchObject({ reconcileFrequency: null })
})

test('a periodic listing is refused where it would find nothing, in words', async () => {
  const forgetful = await made({ ...followed, forgets: true }, { reconcileFrequency: null })
  await expect(forgetful.change({ reconcileFrequency: 'week' })).rejects.toMatchObject({ code: 'invalid', title: expect.stringContaining('forgets rows') })
  const table = await made({ ...followed, tracking: undefined }, { reconcileFrequency: null })
  await expect(table.change({ reconcileFrequency: 'week' })).rejects.toMatchObject({ code: 'invalid', title: expect.stringContaining('no rows of its own') })
  await table.change({ reconcileFrequency: null })
})

test('a look-back is kept by every other change, and is the usual one again when its key is counted otherwise', async () => {
  const key = (name: string, type: string) => ({ name, type, ok: true, reason: null, warnings: [] })
  const column = (name: string, type: string) => ({ name, sourceType: type, type, encoding: 'plain' as const, nullable: false })
  const table = await made(
    { ...followed, tracking: undefined, columns: [column('id', 'BIGINT'), column('at', 'TIMESTAMPTZ'), column('seen', 'TIMESTAMP')], replicationKeys: [key('id', 'int8'), key('at', 'timestamptz'), key('seen', 'timestamp')] },
    { method: 'incremental', replicationKey: 'at', keyColumns: ['id'], reconcileFrequency: null },
  )
  await table.change({ lookBack: 3_600 })
  await table.change({ frequency: 'hour' })
  await table.change({ replicationKey: 'seen' })
  expect(await table.now()).toMatchObject({ lookBack: 3_600, replicationKey: 'seen' })
  await table.change({ replicationKey: 'id' })
  expect(await table.now()).toMatchObject({ lookBack: null, replicationKey: 'id' })
  await table.change({ replicationKey: 'at', lookBack: 60 })
  expect(await table.now()).toMatchObject({ lookBack: 60 })
})

test('a look-back is refused where no replication key is', async () => {
  const schema = await made(followed, { method: 'incremental', keyColumns: ['id'] })
  await expect(schema.change({ lookBack: 60 })).rejects.toMatchObject({ code: 'invalid', title: expect.stringContaining('nothing to look back from') })
})
