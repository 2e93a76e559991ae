import { mkdtempSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AsOf } from '@/lib/core/as-of'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { findSavedQuery, listQueryRuns } from '@/lib/db/queries'
import { changeRetention } from '@/lib/tables/change-retention'
import { rollBackTable } from '@/lib/tables/roll-back-table'
import { tableCatalogue } from '@/lib/tables/table-catalogue'
import { openEngine } from '@/lib/warehouse/duckdb'
import { coolDownQueries } from '@/lib/warehouse/query/query-queue'
import { runReadOnly } from '@/lib/warehouse/query/run-read-only'
import { prepareSandbox } from '@/lib/warehouse/query/sandbox-setup'
import { quoteLiteral } from '@/lib/warehouse/sql-text'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { makeSchema, sync, storedKeys, type Schema } from '@/test/sync-room'
import { exportQuery } from './export-query'
import { runQuery } from './run-query'
import { saveQuery } from './save-query'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await coolDownQueries()
  await database.drop()
})

/** Several query processes, one after the other, on a machine that does other things too. */
const QUERIES_MS = 120_000
const MINUTE = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString()

interface Table extends Schema {
  name: string
}

/** A table of three versions, of 1, 2 and 3 rows, made 30, 20 and 10 minutes ago. In the second one a column came. */
async function threeVersions(): Promise<Table> {
  const schema = await makeSchema()
  const source = new MemorySource([column('id', 'INTEGER')])
  for (let version = 1; version <= 3; version++) {
    if (version === 2) source.columns = [column('id', 'BIGINT'), column('name', 'VARCHAR')]
    source.rows = Array.from({ length: version }, (_, id) => (version === 1 ? [String(id)] : [String(id), `of ${version}`]))
    await sync(schema, source)
    await prisma().tableVersion.update({ where: { schemaId_number: { schemaId: schema.schemaId, number: version } }, data: { createdAt: ago(40 - 10 * version) } })
  }
  const { tableName } = await prisma().sourceSchema.findUniqueOrThrow({ where: { id: schema.schemaId } })
  return { ...schema, name: tableName }
}

const ask = (table: Table, asOf: AsOf | null, sql = `SELECT count(*) FROM ${table.name}`) => runQuery(table.workspaceId, { sql, rowLimit: 100, asOf })
const atTime = (time: string): AsOf => ({ time, versions: [] })
const atVersion = (table: string, version: number): AsOf => ({ time: null, versions: [{ table, version }] })

it('a query as of a time reads every table as it was then, with its columns and types of then, and says so', async () => {
  const [first, second] = [await threeVersions(), await threeVersions()]
  const result = await ask(first, atTime(ago(15)), `SELECT (SELECT count(*) FROM ${first.name}), (SELECT count(*) FROM ${second.name})`)
  expect(result.rows).toEqual([['2', '2']])
  expect(result.asOf?.map(({ table, version, isCurrent }) => [table, version, isCurrent]).sort()).toEqual([[first.name, 2, false], [second.name, 2, false]].sort())
  const former = await ask(first, atTime(ago(25)), `SELECT * EXCLUDE (_synced_at, _run_id) FROM ${first.name}`)
  expect(former.columns).toEqual([{ name: 'id', type: 'INTEGER' }])
  const now = await ask(first, atTime(ago(5)))
  expect([now.rows, now.asOf?.[0]]).toMatchObject([[['3']], { version: 3, isCurrent: true }])
  expect((await ask(first, null)).asOf).toBeUndefined()
}, QUERIES_MS)

it('a version of one table leaves the others as they are, and goes before a time', async () => {
  const [first, second] = [await threeVersions(), await threeVersions()]
  const sql = `SELECT (SELECT count(*) FROM ${first.name}), (SELECT count(*) FROM ${second.name})`
  expect((await ask(first, atVersion(first.name, 1), sql)).rows).toEqual([['1', '3']])
  expect((await ask(first, { time: ago(15), versions: [{ table: first.name.toUpperCase(), version: 1 }] }, sql)).rows).toEqual([['1', '2']])
}, QUERIES_MS)

it('what is not kept is an error that says what is, and a mistyped name does not pass', async () => {
  const table = await threeVersions()
  await expect(ask(table, atTime(ago(35)))).rejects.toMatchObject({ code: 'not_found', title: expect.stringContaining('was not there yet'), detail: expect.stringContaining('The oldest version that is kept is 1') })
  await expect(ask(table, atVersion(table.name, 9))).rejects.toMatchObject({ code: 'not_found', title: `${table.name} has no version 9` })
  await expect(ask(table, atVersion('nosuch', 1))).rejects.toMatchObject({ code: 'not_found', title: 'There is no table named nosuch' })
  await expect(ask(table, atTime(new Date(Date.now() + 3_600_000).toISOString()))).rejects.toMatchObject({ code: 'invalid' })
  await prisma().tableVersion.deleteMany({ where: { schemaId: table.schemaId, number: 1 } })
  await expect(ask(table, atTime(ago(25)))).rejects.toMatchObject({ code: 'not_found', title: expect.stringContaining('is not kept as of'), detail: expect.stringContaining('The oldest version that is kept is 2') })
}, QUERIES_MS)

it('SHOW TABLES as of a time lists the tables that were there', async () => {
  const [old, young] = [await threeVersions(), await threeVersions()]
  await prisma().tableVersion.deleteMany({ where: { schemaId: young.schemaId, number: { lt: 3 } } })
  const names = (await ask(old, atTime(ago(25)), 'SELECT table_name FROM information_schema.tables')).rows.flat()
  expect(names).toContain(old.name)
  expect(names).not.toContain(young.name)
}, QUERIES_MS)

it("another workspace's table has no versions to ask for", async () => {
  const table = await threeVersions()
  const { id } = await prisma().workspace.create({ data: { id: newId(), name: 'Others' } })
  await expect(runQuery(id, { sql: `SELECT * FROM ${table.name}`, rowLimit: 1, asOf: atVersion(table.name, 1) })).rejects.toMatchObject({ title: `There is no table named ${table.name}` })
}, QUERIES_MS)

/** Every version but the current one is past its retention, and is swept. */
async function sweepOld(table: Table): Promise<void> {
  await changeRetention(table.workspaceId, { schemaId: table.schemaId, versions: 1, days: 0 })
  await prisma().tableVersion.updateMany({ where: { schemaId: table.schemaId }, data: { createdAt: ago(40 * 24 * 60) } })
  await sweepFiles()
}

it('a version that a query is about to read is not swept away under it, and goes when its time is over', async () => {
  const table = await threeVersions()
  const catalogue = tableCatalogue(table.workspaceId, atVersion(table.name, 1))
  const slow = {
    ...catalogue,
    // the sweep comes between the look at the version and its files
    find: async (names: string[], isListing?: boolean) => {
      const found = await catalogue.find(names, isListing)
      await sweepOld(table)
      return found
    },
  }
  expect((await runReadOnly(slow, `SELECT count(*) FROM ${table.name}`, { rowLimit: 1 })).rows).toEqual([['1']])
  const keys = await storedKeys()
  await prisma().tableVersion.updateMany({ where: { schemaId: table.schemaId }, data: { heldUntil: ago(1) } })
  await sweepFiles()
  expect((await storedKeys()).length).toBe(keys.length - 1)
  await expect(ask(table, atVersion(table.name, 1))).rejects.toMatchObject({ code: 'not_found' })
}, QUERIES_MS)

it('a query that has begun on a version has its files, also when the version is forgotten and they are removed', async () => {
  const table = await threeVersions()
  const folder = mkdtempSync(path.join(dataFolder(), 'query-'))
  const catalogue = tableCatalogue(table.workspaceId, atVersion(table.name, 1))
  const { setup: { allowedPaths } } = await prepareSandbox(catalogue, { references: [{ schema: '', name: table.name }], wantsCatalogue: false }, folder)
  await prisma().tableVersion.updateMany({ where: { schemaId: table.schemaId }, data: { heldUntil: null } })
  const keys = await storedKeys()
  await sweepOld(table)
  expect((await storedKeys()).length).toBe(keys.length - 2)
  const engine = await openEngine(new AbortController().signal)
  try {
    expect(await engine.rows(`SELECT count(*) FROM read_parquet([${allowedPaths.map((file) => quoteLiteral(path.join(folder, file))).join(', ')}])`)).toEqual([['1']])
  } finally {
    await engine.close()
  }
}, QUERIES_MS)

it('a table that was rolled back, and swept, is read as of each version that is left', async () => {
  const table = await threeVersions()
  await rollBackTable(table.workspaceId, { schemaId: table.schemaId, to: 1, from: 3, stopsSyncing: false }, 'Ada')
  await changeRetention(table.workspaceId, { schemaId: table.schemaId, versions: 2 })
  await prisma().tableVersion.updateMany({ where: { schemaId: table.schemaId, number: { gt: 1 } }, data: { createdAt: ago(3 * 60) } })
  await sweepFiles()
  expect((await ask(table, atVersion(table.name, 3))).rows).toEqual([['3']])
  expect((await ask(table, atVersion(table.name, 4))).rows).toEqual([['1']])
  await expect(ask(table, atVersion(table.name, 2))).rejects.toMatchObject({ code: 'not_found' })
  expect((await ask(table, null)).rows).toEqual([['1']])
}, QUERIES_MS)

it('an export, a saved query and the history keep as of when they were', async () => {
  const table = await threeVersions()
  const asOf = atVersion(table.name, 2)
  const file = path.join(mkdtempSync(path.join(dataFolder(), 'out-')), 'out.csv')
  const sql = `SELECT id FROM ${table.name} ORDER BY id`
  expect(await exportQuery(table.workspaceId, { sql, format: 'csv', asOf }, file)).toMatchObject({ rows: 2, asOf: [{ table: table.name, version: 2 }] })
  expect(readFileSync(file, 'utf8')).toBe('id\n0\n1\n')
  const user = await prisma().user.create({ data: { id: newId(), email: 'ada@example.com', passwordHash: 'x' } })
  const { id } = await saveQuery(table.workspaceId, user.id, { name: 'Then', sql, asOf })
  expect(await findSavedQuery(table.workspaceId, id)).toMatchObject({ sql, asOf })
  await saveQuery(table.workspaceId, user.id, { id, name: 'Then', sql })
  expect(await findSavedQuery(table.workspaceId, id)).toMatchObject({ asOf: null })
  await runQuery(table.workspaceId, { sql, rowLimit: 10, asOf }, undefined, user.id)
  expect(await listQueryRuns(table.workspaceId, user.id, 1)).toMatchObject([{ sql, asOf, rows: 2 }])
}, QUERIES_MS)
