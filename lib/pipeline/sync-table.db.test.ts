import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { makeSchema, snapshotOf, sync, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

function things(): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = ['id']
  source.rows = [
    ['1', '10', 'one'],
    ['2', '20', 'two'],
    ['3', '20', null],
  ]
  return source
}

const incremental = { method: 'incremental', replicationKey: 'changed' } as const

describe('a full table sync', () => {
  it('makes the table what the source is, an emptied one empty', async () => {
    const schema = await makeSchema()
    const source = things()
    const first = await sync(schema, source)
    expect(first).toMatchObject({ rowsRead: 3, inserted: 3, rows: 3, version: 1, isChanged: true })
    expect(await tableRows(schema)).toEqual(source.rows)
    source.rows = []
    expect(await sync(schema, source)).toMatchObject({ rowsRead: 0, deleted: 3, rows: 0, version: 2 })
    expect(await tableRows(schema)).toEqual([])
    expect((await snapshotOf(schema)).columns.map(({ name, type }) => [name, type])).toEqual([['id', 'BIGINT'], ['changed', 'BIGINT'], ['name', 'VARCHAR'], ['_synced_at', 'TIMESTAMPTZ'], ['_run_id', 'VARCHAR']])
    expect(await sync(schema, source)).toMatchObject({ isChanged: false, version: 2 })
  })
})

describe('an incremental sync', () => {
  it('run twice changes nothing', async () => {
    const schema = await makeSchema()
    const source = things()
    source.rows.push(['4', null, 'no key yet'])
    expect(await sync(schema, source, incremental)).toMatchObject({ inserted: 4, version: 1, fullReason: 'first sync', cursor: { column: 'changed', value: '20' } })
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 3, inserted: 0, updated: 0, version: 1, isChanged: false, cursor: { value: '20' } })
    expect(await tableRows(schema)).toEqual(source.rows)
  })

  it('updates and inserts what is new, and what ties with the cursor', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.rows = [['1', '30', 'ONE'], ['2', '20', 'two'], ['3', '20', 'late'], ['5', '20', 'tie'], ['6', '31', 'new']]
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 5, inserted: 2, updated: 2, rows: 5, version: 2, cursor: { value: '31' } })
    expect(await tableRows(schema)).toEqual(source.rows)
    expect(await tableRows(schema, { version: 1 })).toEqual(things().rows)
  })

  it('brings a row back to values that it had before, with the same replication key and without one', async () => {
    const schema = await makeSchema()
    const source = things()
    source.rows.push(['4', null, 'no key yet'])
    await sync(schema, source, incremental)
    for (const name of ['else', 'two']) {
      source.rows = [['1', '10', 'one'], ['2', '20', name], ['3', '20', null], ['4', null, name === 'two' ? 'no key yet' : 'else']]
      expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 3, updated: 2, inserted: 0 })
      expect(await tableRows(schema)).toEqual(source.rows)
    }
  })

  it('tells a row that has only gained or lost its replication key', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    for (const key of [null, '20']) {
      source.rows = [['1', '10', 'one'], ['2', '20', 'two'], ['3', key, null]]
      expect(await sync(schema, source, incremental)).toMatchObject({ updated: 1, inserted: 0 })
      expect(await tableRows(schema)).toEqual(source.rows)
    }
  })
})
