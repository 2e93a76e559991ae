import { mkdtempSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { listQueryRuns, listSavedQueries } from '@/lib/db/queries'
import { listTables } from '@/lib/tables/list-tables'
import { publishForTest } from '@/lib/warehouse/query/publish-for-test'
import { coolDownQueries, warmUpQueries } from '@/lib/warehouse/query/query-queue'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { deleteSavedQuery } from './delete-saved-query'
import { exportQuery } from './export-query'
import { runQuery } from './run-query'
import { saveQuery } from './save-query'

let database: FreshDatabase
const ours = { workspaceId: newId(), userId: newId() }
const theirs = { workspaceId: newId(), userId: newId() }

beforeAll(async () => {
  database = await freshDatabase()
  for (const [who, tag] of [[ours, 'ours'], [theirs, 'theirs']] as const) {
    await prisma().workspace.create({ data: { id: who.workspaceId, name: tag } })
    await prisma().user.create({ data: { id: who.userId, email: `${tag}@example.com`, passwordHash: 'x' } })
    await addTable(who.workspaceId, 'shop', 'orders', `SELECT i AS id, '${tag}' AS owner FROM range(10) r(i)`)
  }
  await addTable(theirs.workspaceId, 'secret', 'salaries', "SELECT 1 AS id, 'theirs' AS owner")
  warmUpQueries()
})

afterAll(async () => {
  await coolDownQueries()
  await database.drop()
})

/** A source with one synced table, as a sync leaves it. */
async function addTable(workspaceId: string, prefix: string, schema: string, query: string): Promise<string> {
  const [sourceId, schemaId] = [newId(), newId()]
  const tableName = `${prefix}_postgres_${schema}`
  const table = await publishForTest({ name: tableName, workspaceId, schemaId, files: [query], columns: { id: 'BIGINT', owner: 'VARCHAR' } })
  await prisma().source.create({ data: { id: sourceId, workspaceId, connector: 'postgres', name: `${prefix} database`, prefix, config: {}, sealedSecrets: '' } })
  await prisma().sourceSchema.create({ data: { id: schemaId, workspaceId, sourceId, name: schema, location: { schema: 'public', table: schema }, tableName, enabled: true, method: 'full', discovered: {}, currentVersion: 1 } })
  await prisma().tableVersion.create({ data: { schemaId, number: 1, workspaceId, kind: 'sync', columns: JSON.parse(JSON.stringify(table.snapshot.columns)), rows: table.snapshot.rows, bytes: table.snapshot.bytes } })
  await prisma().tableFile.createMany({ data: table.snapshot.dataFiles.map((file) => ({ id: newId(), workspaceId, schemaId, kind: 'data' as const, path: file.path, rows: file.rows, bytes: file.bytes, addedIn: 1 })) })
  return schemaId
}

const run = (sql: string, userId?: string) => runQuery(ours.workspaceId, { sql, rowLimit: 100 }, undefined, userId)

it('a query reads the tables of its own workspace, by both of their names', async () => {
  expect((await run('SELECT DISTINCT owner FROM shop_postgres_orders')).rows).toEqual([['ours']])
  expect((await run('SELECT count(*) FROM shop_postgres.orders')).rows).toEqual([['10']])
})

it("another workspace's table is not there", async () => {
  await expect(run('SELECT * FROM secret_postgres_salaries')).rejects.toMatchObject({ title: 'There is no table named secret_postgres_salaries' })
  expect(JSON.stringify((await run('SHOW TABLES')).rows)).not.toContain('secret')
})

it('the list of tables holds what the workspace can query, with columns and rows', async () => {
  expect(await listTables(ours.workspaceId)).toMatchObject([{ name: 'shop_postgres_orders', dottedName: 'shop_postgres.orders', sourceName: 'shop database', connector: 'postgres', rows: 10, columns: [{ name: 'id', type: 'BIGINT' }, { name: 'owner', type: 'VARCHAR' }] }])
})

it('a table that has no version yet cannot be queried, and is not listed', async () => {
  const schemaId = await addTable(ours.workspaceId, 'late', 'events', 'SELECT 1 AS id, NULL AS owner')
  await prisma().sourceSchema.update({ where: { id: schemaId }, data: { currentVersion: null } })
  expect((await listTables(ours.workspaceId)).map((table) => table.name)).toEqual(['shop_postgres_orders'])
  await expect(run('SELECT * FROM late_postgres_events')).rejects.toMatchObject({ code: 'query' })
})

it("what a user ran is in their history alone, with what became of it", async () => {
  await run('SELECT 1 AS one', ours.userId)
  await run('SELECT nosuch', ours.userId).catch(() => undefined)
  const [failed, done] = await listQueryRuns(ours.workspaceId, ours.userId, 10)
  expect(done).toMatchObject({ sql: 'SELECT 1 AS one', rows: 1, error: null })
  expect(failed).toMatchObject({ sql: 'SELECT nosuch', rows: null, error: 'There is no column named nosuch here' })
  expect(await listQueryRuns(ours.workspaceId, theirs.userId, 10)).toEqual([])
})

it('the history forgets what lies 500 queries behind', async () => {
  const old = Array.from({ length: 510 }, (_, i) => ({ id: newId(), workspaceId: ours.workspaceId, userId: ours.userId, sql: `SELECT ${i}`, startedAt: new Date(2020, 0, 1, 0, 0, i), durationMs: 1, rows: 1n }))
  await prisma().queryRun.createMany({ data: old })
  await run('SELECT 2 AS newest', ours.userId)
  const kept = await listQueryRuns(ours.workspaceId, ours.userId, 1_000)
  expect(kept.length).toBe(500)
  expect(kept[0]?.sql).toBe('SELECT 2 AS newest')
  expect(kept.some((one) => one.sql === 'SELECT 0')).toBe(false)
})

it('saved queries belong to a workspace: names are not taken twice, strangers change nothing', async () => {
  const { id } = await saveQuery(ours.workspaceId, ours.userId, { name: 'Orders', sql: 'SELECT 1' })
  await expect(saveQuery(ours.workspaceId, ours.userId, { name: 'Orders', sql: 'SELECT 2' })).rejects.toMatchObject({ code: 'conflict' })
  await saveQuery(ours.workspaceId, ours.userId, { id, name: 'Orders', sql: 'SELECT 3' })
  await expect(saveQuery(theirs.workspaceId, theirs.userId, { id, name: 'Mine', sql: 'SELECT 4' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(deleteSavedQuery(theirs.workspaceId, id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listSavedQueries(ours.workspaceId)).toMatchObject([{ id, name: 'Orders', sql: 'SELECT 3', savedBy: 'ours@example.com' }])
  await deleteSavedQuery(ours.workspaceId, id)
  expect(await listSavedQueries(ours.workspaceId)).toEqual([])
})

it('an export holds what the query gives', async () => {
  const file = path.join(mkdtempSync(path.join(dataFolder(), 'out-')), 'orders.csv')
  expect(await exportQuery(ours.workspaceId, { sql: 'SELECT id, owner FROM shop_postgres_orders WHERE id < 2 ORDER BY id', format: 'csv' }, file)).toMatchObject({ rows: 2 })
  expect(readFileSync(file, 'utf8')).toBe('id,owner\n0,ours\n1,ours\n')
})
