import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { makeSchema, snapshotOf, sync, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const incremental = { method: 'incremental', replicationKey: 'changed' } as const
const columnsOf = async (schema: Parameters<typeof snapshotOf>[0]) => (await snapshotOf(schema)).columns.filter((known) => known.sourceName !== null).map(({ name, type, isPresent }) => `${name} ${type}${isPresent ? '' : ' gone'}`)

function things(): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = ['id']
  source.rows = [['1', '10', 'one'], ['2', '20', 'two']]
  return source
}

describe('the columns of an incremental table', () => {
  it('a new column appears with true values in old rows too', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.columns = [...source.columns, column('size', 'DOUBLE')]
    source.rows = [['1', '10', 'one', '1.5'], ['2', '20', 'two', null]]
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 2, fullReason: 'new column size' })
    expect(await tableRows(schema)).toEqual(source.rows)
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, isChanged: false })
  })

  it('a dropped column stays, NULL in rows that come later, and comes back whole', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    const before = await snapshotOf(schema)
    const all = source.columns
    source.columns = all.slice(0, 2)
    source.rows = [['1', '10'], ['2', '30'], ['3', '31']]
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, updated: 1, inserted: 1 })
    expect(await columnsOf(schema)).toEqual(['id BIGINT', 'changed BIGINT', 'name VARCHAR gone'])
    expect(await tableRows(schema)).toEqual([['1', '10', 'one'], ['2', '30', null], ['3', '31', null]])
    source.columns = all
    source.rows = [['1', '10', 'one'], ['2', '30', 'zwei'], ['3', '31', 'drei']]
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'column name is back' })
    expect(await tableRows(schema)).toEqual(source.rows)
    expect((await snapshotOf(schema)).columns.find(({ name }) => name === 'name')?.fieldId).toBe(before.columns.find(({ name }) => name === 'name')?.fieldId)
  })

  it('a column that is only dropped makes a new version by itself, and only once', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.columns = source.columns.slice(0, 2)
    expect(await sync(schema, source, incremental)).toMatchObject({ isChanged: true, version: 2, inserted: 0, updated: 0 })
    expect(await sync(schema, source, incremental)).toMatchObject({ isChanged: false, version: 2 })
    expect(await tableRows(schema)).toEqual([['1', '10', 'one'], ['2', '20', 'two']])
  })

  it('a changed type reads everything again under a new field id; the version before keeps its type', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.columns = [column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'DOUBLE')]
    source.rows = [['1', '10', '1.5'], ['2', '20', null]]
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'changed type of column name' })
    expect(await tableRows(schema)).toEqual(source.rows)
    expect(await tableRows(schema, { version: 1 })).toEqual(things().rows)
    const ids = [(await snapshotOf(schema, 1)).columns, (await snapshotOf(schema)).columns].map((columns) => columns.find(({ name }) => name === 'name')?.fieldId)
    expect(ids[0]).not.toBe(ids[1])
  })

})

describe('a table whose settings or values change', () => {
  it('a value that does not fit turns its column to text without losing the rest', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('amount', 'DECIMAL(6,2)', { sourceType: 'numeric(6,2)' })])
    source.primaryKey = ['id']
    source.rows = [['1', '10', '1.50'], ['2', '20', '2.50']]
    await sync(schema, source, incremental)
    source.rows.push(['3', '30', 'NaN'])
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'changed type of column amount', rowsRead: 3, warnings: [{ column: 'amount' }] })
    expect(await tableRows(schema)).toEqual(source.rows)
    source.rows.push(['4', '40', '4.00'])
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, inserted: 1, warnings: [{ column: 'amount' }] })
    source.rows = source.rows.filter(([id]) => id !== '3')
    expect(await sync(schema, source, { ...incremental, isFull: true })).toMatchObject({ warnings: [] })
    expect(await columnsOf(schema)).toContain('amount DECIMAL(6,2)')
  })

  it('deselected columns leave the table; a changed key, replication key or method reads everything', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    const chosen = { ...incremental, columnNames: ['id', 'changed'] }
    expect(await sync(schema, source, chosen)).toMatchObject({ fullReason: 'column name is no longer chosen' })
    expect(await columnsOf(schema)).toEqual(['id BIGINT', 'changed BIGINT'])
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'new column name' })
    expect(await sync(schema, source, { ...incremental, keyColumns: ['id', 'name'] })).toMatchObject({ fullReason: 'the key columns changed' })
    expect(await sync(schema, source, { ...incremental, replicationKey: 'id', keyColumns: ['id', 'name'] })).toMatchObject({ fullReason: 'the replication key changed' })
    expect(await sync(schema, source)).toMatchObject({ method: 'full', fullReason: null, cursor: null })
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'the sync method was full table' })
    expect(await tableRows(schema)).toEqual(source.rows)
  })

  it('names that SQL cannot tell apart get a suffix and a warning; hostile names stay what they are', async () => {
    const schema = await makeSchema()
    const names = ['id', 'ID', 'Id', '_run_id', '_SYNCED_AT', 'a"b', "it's; --", 'select', 'filename', 'file_row_number', 'c1', '😀', 'x,y', 'é', 'É', ' ', '__duckdb_field_id']
    const source = new MemorySource(names.map((name) => column(name, 'VARCHAR')))
    source.rows = [names.map((_, index) => `v${index}`), names.map(() => null)]
    const { warnings } = await sync(schema, source)
    expect(warnings.map((warning) => warning.column)).toEqual(['ID', 'Id', '_run_id', '_SYNCED_AT', 'file_row_number', '__duckdb_field_id'])
    const { columns } = await snapshotOf(schema)
    expect(columns.slice(0, 5).map(({ name }) => name)).toEqual(['id', 'ID_2', 'Id_3', '_run_id_2', '_SYNCED_AT_2'])
    expect(await tableRows(schema)).toEqual(source.rows)
    source.columns = [...source.columns].reverse()
    source.rows = source.rows.map((row) => [...row].reverse())
    await sync(schema, source)
    expect((await snapshotOf(schema)).columns.find(({ sourceName }) => sourceName === 'ID')?.name).toBe('ID_2')
  })
})

describe('an incremental sync', () => {
  it('without a key is refused with the reason', async () => {
    const source = things()
    source.primaryKey = []
    await expect(sync(await makeSchema(), source, incremental)).rejects.toMatchObject({ code: 'invalid', detail: expect.stringContaining('no primary key') })
    await expect(sync(await makeSchema(), source, { ...incremental, keyColumns: ['gone'] })).rejects.toMatchObject({ code: 'missing_column' })
  })

  it('with a chosen key that repeats keeps the row with the greatest replication key, the last of equals', async () => {
    const schema = await makeSchema()
    const source = things()
    source.primaryKey = []
    source.batchRows = 2
    source.rows = [['1', '30', 'newest'], ['1', '10', 'old'], ['2', '5', 'first'], ['2', '5', 'last'], [null as never, '6', 'a'], [null as never, '7', 'b']]
    const chosen = { ...incremental, keyColumns: ['id'] }
    expect(await sync(schema, source, chosen)).toMatchObject({ rows: 3, inserted: 3 })
    expect((await tableRows(schema)).map((row) => row[2])).toEqual(['newest', 'last', 'b'])
    source.rows.push([null as never, '40', 'c'], ['2', '40', 'x'], ['2', '40', 'y'])
    expect(await sync(schema, source, chosen)).toMatchObject({ updated: 2, rows: 3 })
    expect((await tableRows(schema)).map((row) => row[2])).toEqual(['newest', 'y', 'c'])
  })

  it('never moves its cursor by infinity, and keeps it to the microsecond', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'TIMESTAMPTZ', { encoding: 'cast' })])
    source.primaryKey = ['id']
    source.compare = (a, b) => (a === 'infinity' ? 1 : a === '-infinity' ? -1 : Date.parse(a) - Date.parse(b))
    source.rows = [['1', '2026-03-01 10:00:00.123456+02'], ['2', 'infinity'], ['3', '-infinity'], ['4', null]]
    expect(await sync(schema, source, incremental)).toMatchObject({ cursor: { value: '2026-03-01 08:00:00.123456+00' } })
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 3, isChanged: false })
    source.rows = [['1', '2026-02-01 00:00:00+00'], ['5', '2026-03-01 08:00:00.123457+00']]
    expect(await sync(schema, source, incremental)).toMatchObject({ inserted: 1, cursor: { value: '2026-03-01 08:00:00.123457+00' } })
  })
})
