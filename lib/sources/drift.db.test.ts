import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { prisma } from '@/lib/db/client'
import { commitRollBack } from '@/lib/db/roll-back'
import { findRun } from '@/lib/db/runs'
import { findSchema } from '@/lib/db/schemas'
import { insertSource } from '@/lib/db/sources'
import { listTableVersionRows } from '@/lib/db/table-versions'
import { closeJobs } from '@/lib/jobs/enqueue'
import { runSync } from '@/lib/syncs/run-sync'
import { sealSecrets } from '@/lib/syncs/source-secrets'
import { startSync } from '@/lib/syncs/start-sync'
import type { SyncReport } from '@/lib/pipeline/types'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { snapshotOf, tableRows, type Schema } from '@/test/sync-room'
import { columnFidelity } from './column-fidelity'
import { refreshSource } from './refresh-source'
import { listSchemaStates } from './source-states'

// What docs/drift.md says of each change at the source, on a real one.

let database: FreshDatabase
let server: FreshServerDatabase
let client: pg.Client
let table: Schema

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
})
afterAll(async () => {
  await closeJobs()
  await client.end()
  await server.drop()
  await database.drop()
})
beforeEach(async () => {
  await prisma().source.deleteMany()
  await client.query(`
    DROP TABLE IF EXISTS things, others, moved CASCADE;
    CREATE TABLE things (id int PRIMARY KEY, changed int NOT NULL, size int, price numeric(8,2), rate real, note text);
    INSERT INTO things SELECT g, g, g * 10, g + 0.5, g / 4.0, 'note ' || g FROM generate_series(1, 20) g`)
  table = await linked('incremental')
  await sync()
})

async function linked(method: 'full' | 'incremental', name = 'things'): Promise<Schema> {
  const { workspaceId } = await makeSource(0)
  const [sourceId, schemaId] = [newId(), newId()]
  const config = { host: server.host, port: server.port, database: server.database, user: server.user, schema: 'public', sslmode: 'disable', ca: '' }
  await insertSource({ id: sourceId, workspaceId, connector: 'postgres', name: `Shop ${sourceId}`, prefix: `p${sourceId.slice(-6)}`, config, sealedSecrets: sealSecrets(sourceId, { password: server.password }) }, [{
    id: schemaId, name, location: { namespace: 'public', table: name }, tableName: `t${schemaId.slice(-6)}`, enabled: true, method, replicationKey: method === 'full' ? null : 'changed', keyColumns: method === 'full' ? [] : ['id'], columnNames: null, frequency: 'hour', discovered: {}, nextRunAt: new Date(),
  }])
  return { workspaceId, sourceId, schemaId }
}

async function ended() {
  const { runIds } = await startSync(table.workspaceId, [table.schemaId], { isFull: false, trigger: 'command-line', isEnqueued: false })
  await runSync(String(runIds[0]), { owner: 'test' })
  const run = await findRun(table.workspaceId, String(runIds[0]))
  if (!run) throw new Error('no such run')
  return run
}

async function sync(): Promise<SyncReport> {
  const { status, error, report } = await ended()
  expect({ status, error }).toEqual({ status: 'completed', error: null })
  return report as SyncReport
}

const columns = async () => (await snapshotOf(table)).columns.filter((column) => column.sourceName !== null).map(({ name, type, isPresent }) => `${name} ${type}${isPresent ? '' : ' gone'}`)
const valuesOf = async (column: string) => (await tableRows(table, { select: `id, ${column}`, order: 'id' })).map(([, value]) => value)
const said = (report: SyncReport, column: string) => report.warnings.filter((warning) => warning.column === column).map((warning) => warning.message).join('\n')

describe('a column', () => {
  test('that is added has true values in every row', async () => {
    await client.query(`ALTER TABLE things ADD COLUMN tag text DEFAULT 'old'`)
    expect(await sync()).toMatchObject({ fullReason: 'new column tag', rowsRead: 20 })
    expect(new Set(await valuesOf('tag'))).toEqual(new Set(['old']))
    expect(await sync()).toMatchObject({ fullReason: null, isChanged: false })
  })

  test('that is dropped keeps what was read, and the report says so once', async () => {
    await client.query(`ALTER TABLE things DROP COLUMN note; UPDATE things SET changed = 100 WHERE id = 1`)
    const report = await sync()
    expect(report).toMatchObject({ fullReason: null, updated: 1 })
    expect(said(report, 'note')).toContain('It is gone upstream')
    expect((await valuesOf('note')).slice(0, 2)).toEqual([null, 'note 2'])
    expect(await columns()).toContain('note VARCHAR gone')
    expect(said(await sync(), 'note')).toBe('')
  })

  test('that is renamed is a new one with every value, and the old one is told to be gone', async () => {
    await client.query('ALTER TABLE things RENAME COLUMN note TO remark')
    const report = await sync()
    expect(report).toMatchObject({ fullReason: 'new column remark', rowsRead: 20 })
    expect(said(report, 'note')).toContain('earlier versions have its values')
    expect(await valuesOf('remark')).toEqual(Array.from({ length: 20 }, (_, n) => `note ${n + 1}`))
  })

  test.each(['incremental', 'full'] as const)('that stands at another place has its values there, and nothing is read again for it (%s)', async (method) => {
    if (method === 'full') table = await linked('full')
    if (method === 'full') await sync()
    await client.query('ALTER TABLE things ADD COLUMN copy int; UPDATE things SET copy = size; ALTER TABLE things DROP COLUMN size; ALTER TABLE things RENAME COLUMN copy TO size')
    const report = await sync()
    expect(report).toMatchObject({ fullReason: null, warnings: [] })
    expect(report.columns).toBeUndefined()
    if (method === 'incremental') expect(report.rowsRead).toBeLessThan(20)
    expect(await columns()).toEqual(['id INTEGER', 'changed INTEGER', 'price DECIMAL(8,2)', 'rate FLOAT', 'note VARCHAR', 'size INTEGER'])
    // a table that took columns by their places would have the notes among the sizes
    expect([(await valuesOf('size')).slice(0, 2), (await valuesOf('note')).slice(0, 2)]).toEqual([['10', '20'], ['note 1', 'note 2']])
    expect(await sync()).toMatchObject({ fullReason: null, ...(method === 'incremental' ? { isChanged: false } : {}) })
  })

  test('that may be NULL from now on may be so here too, and nothing is read again', async () => {
    await client.query(`ALTER TABLE things ALTER COLUMN size DROP NOT NULL; INSERT INTO things (id, changed) VALUES (21, 21)`)
    expect(await sync()).toMatchObject({ fullReason: null, inserted: 1 })
    expect((await valuesOf('size')).at(-1)).toBeNull()
  })
})

describe('a type', () => {
  test.each([
    ['a column of whole numbers', 'size', 'ALTER TABLE things ALTER COLUMN size TYPE bigint; UPDATE things SET size = 9007199254740993, changed = 50 WHERE id = 3', 'size BIGINT'],
    ['a column of decimals', 'price', 'ALTER TABLE things ALTER COLUMN price TYPE numeric(14,4)', 'price DECIMAL(14,4)'],
    ['a column of fractions', 'rate', 'ALTER TABLE things ALTER COLUMN rate TYPE double precision', 'rate DOUBLE'],
    ['whole numbers to decimals', 'size', 'ALTER TABLE things ALTER COLUMN size TYPE numeric(20,2)', 'size DECIMAL(20,2)'],
    ['the key', 'id', 'ALTER TABLE things ALTER COLUMN id TYPE bigint; UPDATE things SET note = \'new\', changed = 51 WHERE id = 4', 'id BIGINT'],
    ['the replication key', 'changed', 'ALTER TABLE things ALTER COLUMN changed TYPE bigint; UPDATE things SET changed = 9007199254740993 WHERE id = 5', 'changed BIGINT'],
  ])('that becomes wider is made so from the rows that are here: %s', async (_, column, sql, type) => {
    await client.query(sql)
    const report = await sync()
    expect(report.fullReason).toBeNull()
    expect(report.rowsRead).toBeLessThan(20)
    expect(said(report, column)).toContain('no row was read again')
    expect(await columns()).toContain(type)
    const upstream = await client.query({ text: `SELECT ${column}::text FROM things ORDER BY things.id`, rowMode: 'array' })
    expect((await valuesOf(column)).map(Number)).toEqual(upstream.rows.map(([value]) => Number(value)))
    expect(await sync()).toMatchObject({ fullReason: null, isChanged: false, inserted: 0, updated: 0 })
  })

  test('that becomes narrower, or text, asks for reading everything, in words', async () => {
    await client.query('ALTER TABLE things ALTER COLUMN size TYPE smallint')
    expect(await sync()).toMatchObject({ fullReason: 'changed type of column size', rowsRead: 20 })
    await client.query(`ALTER TABLE things ALTER COLUMN size TYPE text USING 'no. ' || size`)
    expect(await sync()).toMatchObject({ fullReason: 'changed type of column size', rowsRead: 20 })
    expect((await valuesOf('size'))[0]).toBe('no. 10')
  })

  test('that becomes wider beside a new column asks for reading everything', async () => {
    await client.query('ALTER TABLE things ALTER COLUMN size TYPE bigint; ALTER TABLE things ADD COLUMN tag int DEFAULT 7')
    expect((await sync()).rowsRead).toBe(20)
    expect(new Set(await valuesOf('tag'))).toEqual(new Set(['7']))
  })
})

describe('a key', () => {
  test('that gets another column is followed: rows that the old one could not tell apart are all there', async () => {
    await client.query(`ALTER TABLE things ADD COLUMN region text NOT NULL DEFAULT 'eu'; ALTER TABLE things DROP CONSTRAINT things_pkey; ALTER TABLE things ADD PRIMARY KEY (id, region); INSERT INTO things (id, changed, region) SELECT id, 100, 'us' FROM things`)
    expect(await sync()).toMatchObject({ fullReason: 'the key columns changed', rows: 40 })
    expect((await findSchema(table.workspaceId, table.schemaId))?.keyColumns).toEqual(['id', 'region'])
    expect(await sync()).toMatchObject({ fullReason: null, isChanged: false, rows: 40 })
  })

  test('that is dropped still tells rows apart, and rows that it cannot tell apart are counted in the report', async () => {
    await client.query(`ALTER TABLE things DROP CONSTRAINT things_pkey; INSERT INTO things (id, changed, note) SELECT id, 60, 'twin' FROM things WHERE id < 3; INSERT INTO things (id, changed, note) SELECT id, 60, 'triplet' FROM things WHERE id = 1 AND note = 'twin'`)
    const report = await sync()
    expect(report).toMatchObject({ fullReason: null, rows: 20, updated: 2 })
    expect(report.warnings).toContainEqual({ column: null, message: expect.stringMatching(/^\d+ rows? (has|have) the same id as another row/) })
  })

  test('for replication that is dropped ends the run in words, the schedule rests, and nothing is lost', async () => {
    await client.query('ALTER TABLE things DROP COLUMN changed')
    expect(await ended()).toMatchObject({ status: 'failed', error: { code: 'missing_column', title: expect.stringContaining('replication key changed'), advice: expect.any(String) } })
    expect(await findSchema(table.workspaceId, table.schemaId)).toMatchObject({ nextRunAt: null, pausedReason: expect.stringContaining('replication key') })
    expect(await valuesOf('note')).toHaveLength(20)
  })

  test('for replication that becomes text is refused in words: its order here need not be that of the source', async () => {
    await client.query('ALTER TABLE things ALTER COLUMN changed TYPE text')
    expect(await ended()).toMatchObject({ status: 'failed', error: { code: 'invalid', title: expect.stringContaining('changed cannot be the replication key'), isRetryable: false } })
  })
})

describe('a table', () => {
  test('that is gone, or has another name, ends the run in words; its copy stays, and goes on when it is back', async () => {
    await client.query('ALTER TABLE things RENAME TO moved')
    expect(await ended()).toMatchObject({ status: 'failed', error: { code: 'missing_table', isRetryable: false } })
    expect(await valuesOf('note')).toHaveLength(20)
    const found = await refreshSource(table.workspaceId, table.sourceId, AbortSignal.timeout(60_000))
    expect(JSON.stringify(found)).toContain('moved')
    await client.query('ALTER TABLE moved RENAME TO things')
    expect(await sync()).toMatchObject({ fullReason: null, isChanged: false })
  })

  test('that was made anew is read whole, also where its columns are as they were', async () => {
    await client.query(`DROP TABLE things; CREATE TABLE things (id int PRIMARY KEY, changed int NOT NULL, size int, price numeric(8,2), rate real, note text); INSERT INTO things SELECT g, g, 0, 0, 0, 'made anew' FROM generate_series(5, 12) g`)
    expect(await sync()).toMatchObject({ fullReason: 'the table was made anew upstream', rows: 8 })
    expect(new Set(await valuesOf('note'))).toEqual(new Set(['made anew']))
    expect(await sync()).toMatchObject({ fullReason: null, isChanged: false })
  })

  test('that was made anew with other columns is read whole', async () => {
    await client.query(`DROP TABLE things; CREATE TABLE things (id int PRIMARY KEY, changed int NOT NULL, name text); INSERT INTO things VALUES (1, 1, 'one')`)
    expect(await sync()).toMatchObject({ rows: 1, rowsRead: 1 })
    expect(await valuesOf('name')).toEqual(['one'])
  })

  test('that appears is found by a refresh, and is synced when somebody says so', async () => {
    await client.query('CREATE TABLE others (id int PRIMARY KEY)')
    await refreshSource(table.workspaceId, table.sourceId, AbortSignal.timeout(60_000))
    expect(await prisma().sourceSchema.findFirstOrThrow({ where: { sourceId: table.sourceId, name: 'others' } })).toMatchObject({ enabled: false })
  })
})

describe('what changed is told without opening the run', () => {
  const view = async () => (await listSchemaStates(table.workspaceId, { schemaIds: [table.schemaId] }))[0]
  const since = async () => Object.fromEntries((await columnFidelity(table.workspaceId, table.schemaId, { isMeasured: false, signal: AbortSignal.timeout(10_000) })).map(({ name, since: told }) => [name, told?.words ?? null]))

  test('on the row of the schema, in the list of runs, in that of versions, and beside each column with the version that changed it', async () => {
    expect((await view())?.columnNews).toBeNull()
    await client.query('ALTER TABLE things RENAME COLUMN note TO remark')
    expect((await sync()).columns).toEqual([{ column: 'remark', kind: 'new', type: 'VARCHAR' }, { column: 'note', kind: 'gone', type: 'VARCHAR' }])
    await client.query(`ALTER TABLE things ALTER COLUMN size TYPE bigint; UPDATE things SET changed = 99 WHERE id = 1`)
    expect((await sync()).columns).toEqual([{ column: 'size', kind: 'retyped', type: 'BIGINT', from: 'INTEGER' }])
    await client.query('UPDATE things SET changed = 100 WHERE id = 2')
    expect((await sync()).columns).toBeUndefined()
    // the widening is a version of its own, before the one that brings the changed row
    expect((await view())?.columnNews).toMatchObject({ version: 3, changes: [{ column: 'size', kind: 'retyped' }] })
    expect(await since()).toEqual({ id: null, changed: null, size: 'INTEGER until version 3', price: null, rate: null, remark: 'New since version 2', note: 'Gone since version 2' })
    const versions = await listTableVersionRows(table.workspaceId, table.schemaId)
    expect(versions.map(({ number, columnChanges }) => [number, columnChanges.map(({ column, kind }) => `${column} ${kind}`)])).toEqual([[5, []], [4, []], [3, ['size retyped']], [2, ['remark new', 'note gone']], [1, []]])
    const { columnNewsDays } = limits
    await prisma().tableVersion.updateMany({ where: { schemaId: table.schemaId }, data: { createdAt: new Date(Date.now() - (columnNewsDays + 1) * 86_400_000) } })
    expect((await view())?.columnNews).toBeNull()
    expect((await since())['remark']).toBe('New since version 2')
  })

  test('a roll back takes columns away and brings others, and says so', async () => {
    await client.query('ALTER TABLE things ADD COLUMN tag text')
    await sync()
    await commitRollBack({ workspaceId: table.workspaceId, schemaId: table.schemaId, to: 1, from: 2, stopsSyncing: false, actor: 'Ada' })
    expect((await view())?.columnNews).toMatchObject({ version: 3, changes: [{ column: 'tag', kind: 'removed' }] })
    expect((await sync()).columns).toEqual([{ column: 'tag', kind: 'new', type: 'VARCHAR' }])
  })
})
