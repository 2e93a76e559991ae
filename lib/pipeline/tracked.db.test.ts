import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/db/client'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { column } from '@/test/memory-source'
import { makeSchema, snapshotOf, sync, tableObjects, type Schema } from '@/test/sync-room'
import { TrackedSource, expectedRows } from '@/test/tracked-source'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const incremental = { method: 'incremental' } as const

function things(count = 5): TrackedSource {
  const source = new TrackedSource()
  for (let number = 1; number <= count; number++) source.put(thing(number))
  return source
}

function thing(number: number, change: Record<string, unknown> = {}) {
  return { id: `t_${number}`, parent: `p_${number % 2}`, amount: number, at: 1_700_000_000 + number, flag: number % 2 === 0, data: { n: number }, text: `thing "${number}"`, ...change }
}

async function expectEqual(schema: Schema, source: TrackedSource): Promise<void> {
  const names = (await snapshotOf(schema)).columns.flatMap(({ sourceName }) => sourceName ?? [])
  const byId = (a: Record<string, string | null>, b: Record<string, string | null>) => String(a.id).localeCompare(String(b.id))
  expect((await tableObjects(schema)).sort(byId)).toEqual(expectedRows(source, names).sort(byId))
}

const bookmarkOf = async (schema: Schema) => (await snapshotOf(schema)).cursor

describe('a schema whose changes are followed', () => {
  it('is read whole once, then by its changes, and a sync run twice changes nothing', async () => {
    const schema = await makeSchema()
    const source = things()
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'first sync', inserted: 5, rows: 5, version: 1, cursor: { bookmark: {} }, warnings: [] })
    await expectEqual(schema, source)
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, rowsRead: 0, isChanged: false, version: 1 })
    source.put(thing(2, { text: 'changed' }))
    source.put(thing(6))
    source.remove({ id: 't_1' })
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, rowsRead: 2, inserted: 1, updated: 1, deleted: 1, rows: 5, version: 2 })
    await expectEqual(schema, source)
    expect(source.requests.map(({ changes }) => changes?.read)).toEqual(['everything', 'changes', 'changes'])
  })

  it('moves its bookmark also when nothing changed, and rows that came again are no change', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.put({ ...thing(3) })
    source.remove({ id: 't_4' })
    source.put(thing(4))
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 2, isChanged: false, version: 1, inserted: 0, updated: 0, deleted: 0 })
    expect(await bookmarkOf(schema)).toEqual({ bookmark: { event: 8 } })
    await expectEqual(schema, source)
  })

  it('removes every row that has a value, before what comes after', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.put(thing(7, { parent: 'p_1' }))
    source.put(thing(2, { parent: 'p_1' }))
    source.remove({ parent: 'p_1' })
    source.put(thing(3, { text: 'back' }))
    expect(await sync(schema, source, incremental)).toMatchObject({ inserted: 0, updated: 1, deleted: 3, rows: 2 })
    await expectEqual(schema, source)
  })

  it('reads everything when the source has forgotten what changed, and says so', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.remove({ id: 't_1' })
    source.put(thing(9))
    source.oldestEvent = source.events.length
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'the source forgot what changed', inserted: 1, updated: 0, deleted: 1, version: 2 })
    await expectEqual(schema, source)
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, isChanged: false })
  })
})

describe('the periodic listing', () => {
  it('finds what nobody told, leaves what is as it was where it is, and sets the time of the last one', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    const before = await snapshotOf(schema)
    const reconciledAt = async () => (await prisma().sourceSchema.findUniqueOrThrow({ where: { id: schema.schemaId } })).reconciledAt?.getTime() ?? 0
    const first = await reconciledAt()
    expect(first).toBeGreaterThan(0)
    source.removeSilently({ id: 't_5' })
    expect(await sync(schema, source, incremental)).toMatchObject({ isChanged: false })
    expect(await reconciledAt()).toBe(first)
    expect(await sync(schema, source, { ...incremental, isListingDue: true })).toMatchObject({ fullReason: 'the periodic listing was due', inserted: 0, updated: 0, deleted: 1, rows: 4 })
    await expectEqual(schema, source)
    expect((await snapshotOf(schema)).dataFiles).toEqual(before.dataFiles)
    const second = await reconciledAt()
    expect(second).toBeGreaterThan(first)
    expect(await sync(schema, source, { ...incremental, isListingDue: true })).toMatchObject({ isChanged: false })
    expect(await reconciledAt()).toBeGreaterThan(second)
  })

  it('keeps what a source forgets as it ages, also when everything is asked for or a column is new', async () => {
    const schema = await makeSchema()
    const source = things()
    source.traits = { ...source.traits, forgets: true }
    await sync(schema, source, incremental)
    source.removeSilently({ id: 't_1' })
    source.put(thing(6))
    expect(await sync(schema, source, { ...incremental, isListingDue: true })).toMatchObject({ inserted: 1, deleted: 0, rows: 6 })
    expect(await sync(schema, source, { ...incremental, isFull: true })).toMatchObject({ fullReason: 'asked for', isChanged: false, rows: 6 })
    source.columns = [...source.columns, column('size', 'DOUBLE')]
    for (const [id, row] of source.rows) source.rows.set(id, { ...row, size: 1.5 })
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'new column size', updated: 5, deleted: 0, rows: 6 })
    expect((await tableObjects(schema)).map(({ id, size }) => [id, size]).sort()).toEqual([['t_1', null], ...[2, 3, 4, 5, 6].map((number) => [`t_${number}`, '1.5'])])
  })
})

describe('the full table method', () => {
  it('of a schema that is only listed makes no version when nothing changed', async () => {
    const schema = await makeSchema()
    const source = things()
    source.traits = { tracking: 'listing', isOpen: true }
    expect(await sync(schema, source)).toMatchObject({ fullReason: null, inserted: 5, version: 1, cursor: null })
    expect(await sync(schema, source)).toMatchObject({ isChanged: false, version: 1 })
    source.removeSilently({ id: 't_1' })
    source.rows.set('t_2', thing(2, { amount: null }))
    source.rows.set('t_8', thing(8))
    expect(await sync(schema, source)).toMatchObject({ inserted: 1, updated: 1, deleted: 1, version: 2 })
    await expectEqual(schema, source)
    source.rows.clear()
    expect(await sync(schema, source)).toMatchObject({ deleted: 5, rows: 0, version: 3 })
    await expect(sync(schema, source, incremental)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('and incremental can be chosen in turn', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    expect(await sync(schema, source)).toMatchObject({ inserted: 0, deleted: 0, isChanged: true, cursor: null })
    expect(await sync(schema, source)).toMatchObject({ isChanged: false })
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'the sync method was full table', inserted: 0, rows: 5 })
    source.remove({ id: 't_1' })
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, deleted: 1 })
    await expectEqual(schema, source)
  })
})

describe('fields that are no columns', () => {
  it('become columns of JSON by themselves, NULL in what was read before, and stay', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.put(thing(1, { plan: { a: [1, null, 'é"'] }, big: 1e21, TEXT: 'x', 'a/b~c': true, file_row_number: 7, constructor: 'c' }))
    source.put(thing(6, { plan: 'p', __tributary_unknown: false }))
    const report = await sync(schema, source, incremental)
    expect(report).toMatchObject({ fullReason: null, inserted: 1, updated: 1, deleted: 0, rows: 6 })
    expect(report.warnings.map((warning) => warning.column)).toEqual(['TEXT', '__tributary_unknown', 'a/b~c', 'big', 'constructor', 'file_row_number', 'plan'])
    await expectEqual(schema, source)
    const { columns, rows, bytes, dataFiles } = await snapshotOf(schema)
    expect(columns.map(({ name }) => name)).toEqual(['id', 'parent', 'amount', 'at', 'flag', 'data', 'text', 'TEXT_2', '__tributary_unknown_2', 'a/b~c', 'big', 'constructor', 'file_row_number_2', 'plan', '_synced_at', '_run_id'])
    expect(rows).toBe(dataFiles.reduce((total, file) => total + file.rows, 0))
    expect(bytes).toBe(dataFiles.reduce((total, file) => total + file.bytes, 0))
    source.put({ ...source.rows.get('t_1') })
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: 1, isChanged: false, warnings: [] })
    source.put(thing(2, { plan: [] }))
    expect(await sync(schema, source, incremental)).toMatchObject({ updated: 1, warnings: [] })
    expect(await sync(schema, source, { ...incremental, isListingDue: true })).toMatchObject({ isChanged: false })
    await expectEqual(schema, source)
    source.columns = [...source.columns, column('plan', 'VARCHAR')]
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: 'changed type of column plan' })
    await expectEqual(schema, source)
  })

  it('are left out where columns were chosen, or where the schema is not open', async () => {
    const source = things()
    source.put(thing(6, { plan: 'p' }))
    const chosen = await makeSchema()
    expect(await sync(chosen, source, { ...incremental, columnNames: ['id', 'amount'] })).toMatchObject({ warnings: [] })
    expect((await snapshotOf(chosen)).columns).toHaveLength(4)
    source.traits = { tracking: 'changes' }
    const closed = await makeSchema()
    expect(await sync(closed, source, incremental)).toMatchObject({ warnings: [] })
    await expectEqual(closed, source)
  })

  it('too many of them fail the run with the reason', async () => {
    const source = things()
    source.put(thing(6, Object.fromEntries(Array.from({ length: 201 }, (_, number) => [`f_${number}`, 1]))))
    await expect(sync(await makeSchema(), source, incremental)).rejects.toMatchObject({ code: 'source', detail: expect.stringContaining('201 fields') })
  })
})

describe('a value that does not fit', () => {
  it('makes its column text without losing or rounding anything, and the columns stay so', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.put(thing(2, { amount: 1.5, flag: 'yes' }))
    source.put(thing(7, { amount: null, flag: null }))
    const report = await sync(schema, source, incremental)
    expect(report).toMatchObject({ fullReason: expect.stringContaining('changed type of column'), rows: 6 })
    expect(report.warnings.map(({ column: name, message }) => [name, message])).toEqual([['amount', 'Kept as text because "1.5" is no BIGINT'], ['flag', 'Kept as text because "yes" is no BOOLEAN']])
    await expectEqual(schema, source)
    source.put(thing(8))
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, inserted: 1 })
    await expectEqual(schema, source)
  })

  it('a date that is none is kept as text too', async () => {
    const schema = await makeSchema()
    const source = things()
    source.put(thing(3, { at: 'soon' }))
    expect(await sync(schema, source, incremental)).toMatchObject({ warnings: [{ column: 'at' }] })
    expect((await tableObjects(schema)).map(({ at }) => at)).toContain('soon')
  })
})

describe('a read that goes wrong', () => {
  it('without a last bookmark is refused, and with bytes too', async () => {
    const source = things()
    const { connector } = source
    const read: typeof connector.read = async function* (...args) {
      for await (const batch of connector.read(...args)) if (batch.kind === 'rows') yield { ...batch, bookmark: undefined }
    }
    await expect(sync(await makeSchema(), source, { ...incremental, connector: { ...connector, read } })).rejects.toThrow('ended without a bookmark')
    const bytes: typeof connector.read = async function* () {
      yield { kind: 'bytes', bytes: Buffer.from(''), rows: 0 }
    }
    await expect(sync(await makeSchema(), source, { ...incremental, connector: { ...connector, read: bytes } })).rejects.toThrow('gave a batch of bytes')
  })

  it('by a deletion told by a column that is not read is refused with the column', async () => {
    const schema = await makeSchema()
    const source = things()
    const chosen = { ...incremental, columnNames: ['id', 'text'] }
    await sync(schema, source, chosen)
    source.remove({ parent: 'p_1' })
    await expect(sync(schema, source, chosen)).rejects.toMatchObject({ code: 'missing_column', title: expect.stringContaining('parent') })
  })

  it('what a source tells is in the log, in the progress and in the report', async () => {
    const source = things()
    const told: unknown[] = []
    source.onRead = ({ observer }) => {
      observer?.log('info', 'a line')
      observer?.warn('It was unusual')
      observer?.progress({ rowsExpected: 5, pace: '98 of about 100 requests a second' })
    }
    const report = await sync(await makeSchema(), source, { ...incremental, log: (level, message) => told.push([level, message]), onProgress: ({ step, rowsExpected, pace }) => told.push([step, rowsExpected, pace]) })
    expect(report.warnings).toEqual([{ column: null, message: 'It was unusual' }])
    expect(told).toEqual(expect.arrayContaining([['info', 'a line'], ['warn', 'It was unusual'], ['extract', 5, '98 of about 100 requests a second']]))
  })
})
