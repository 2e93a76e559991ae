import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { makeSchema, snapshotOf, sync, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const TEXTS = [null, '', '\\N', '\\\\N', 'NULL', '"', '""', 'a,b', 'line\nline', 'cr\rcr', 'crlf\r\n', '\n', ' blanks ', '😀 é ß 漢', '\\.', "it's", '{"a": [1, "x"]}', 'x'.repeat(5_000)]

describe('values', () => {
  it('texts arrive as they are: NULL, empty, \\N, quotes, line ends, emoji', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'INTEGER'), column('text', 'VARCHAR')])
    source.rows = TEXTS.map((text, id) => [String(id), text])
    source.batchRows = 4
    await sync(schema, source)
    expect(await tableRows(schema, { order: 'try_cast(id AS INTEGER)' })).toEqual(source.rows)
  })

  it('a table of one column keeps NULL and empty apart', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('text', 'VARCHAR')])
    source.rows = [[''], [null], ['\\N'], [''], ['end']]
    expect(await sync(schema, source)).toMatchObject({ rows: 5 })
    expect(await tableRows(schema, { select: 'count(*), count(text), count(*) FILTER (text = \'\')' })).toEqual([['5', '4', '2']])
  })

  it('a value of 20 MB passes', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'INTEGER'), column('text', 'VARCHAR')])
    source.rows = [['1', 'y'.repeat(20_000_000)], ['2', 'small']]
    await sync(schema, source)
    expect(await tableRows(schema, { select: 'id, length(text)' })).toEqual([['1', '20000000'], ['2', '5']])
  })

  it('extremes of every type come back to the last digit', async () => {
    const cases: [type: string, encoding: 'plain' | 'cast' | 'hex' | 'json-list', values: string[], shown?: string[]][] = [
      ['BIGINT', 'plain', ['-9223372036854775808', '9223372036854775807', '9007199254740993']],
      ['UBIGINT', 'plain', ['18446744073709551615']],
      ['DECIMAL(38,10)', 'plain', ['1234567890123456789012345678.0123456789', '-0.0000000001']],
      ['DECIMAL(38,0)', 'plain', ['99999999999999999999999999999999999999']],
      ['DOUBLE', 'plain', ['0.1', 'NaN', 'Infinity', '-Infinity', '1e-300'], ['0.1', 'nan', 'inf', '-inf', '1e-300']],
      ['FLOAT', 'plain', ['0.1', '16777216'], ['0.1', '16777216.0']],
      ['BOOLEAN', 'plain', ['t', 'f'], ['true', 'false']],
      ['TIMESTAMP', 'plain', ['2026-01-02 03:04:05.678901', 'infinity', '-infinity']],
      ['TIMESTAMPTZ', 'cast', ['2026-01-02 03:04:05.678901+05:30', 'infinity'], ['2026-01-01 21:34:05.678901+00', 'infinity']],
      ['DATE', 'plain', ['2026-02-28', 'infinity', '-infinity', '0001-01-01']],
      ['TIME', 'plain', ['23:59:59.999999', '24:00:00']],
      ['UUID', 'plain', ['00000000-0000-4000-8000-ffffffffffff']],
      ['BLOB', 'hex', ['\\x00ff41', '\\x'], ['\\x00\\xFFA', '']],
      ['JSON', 'plain', ['{"a": 12345678901234567890.123, "b": null}']],
      ['BIGINT[]', 'json-list', ['["9223372036854775807",null]', '[]'], ['[9223372036854775807, NULL]', '[]']],
      ['VARCHAR[]', 'json-list', ['["a\\"b","",null,"é,\\n"]'], ['[\'a"b\', \'\', NULL, \'é,\\n\']']],
      ['DECIMAL(10,2)[]', 'json-list', ['["1.25"]'], ['[1.25]']],
    ]
    for (const [type, encoding, values, shown = values] of cases) {
      const schema = await makeSchema()
      const source = new MemorySource([column('id', 'INTEGER'), column('value', type, { encoding })])
      source.rows = [...values, null].map((value, id) => [String(id), value])
      const { warnings } = await sync(schema, source)
      const rows = await tableRows(schema, { select: 'CAST(value AS VARCHAR)', order: 'id' })
      expect({ type, warnings, rows }).toEqual({ type: (await snapshotOf(schema)).columns[1]?.type, warnings: [], rows: [...shown, null].map((value) => [value?.replace('\\n', '\n') ?? null]) })
    }
  })
})

describe('what does not fit', () => {

  it.each([
    ['DECIMAL(10,2)', 'plain', 'NaN'],
    ['DECIMAL(10,2)', 'plain', '1.239'],
    ['BIGINT', 'plain', '9223372036854775808'],
    ['TIMESTAMP', 'plain', '300000-01-01 00:00:00'],
    ['TIMESTAMPTZ', 'cast', '300000-01-01 00:00:00+00'],
    ['BIGINT[]', 'json-list', '[["1"],["2"]]'],
    ['VARCHAR[]', 'json-list', '[["1"],["2"]]'],
    ['DECIMAL(10,2)[]', 'json-list', '["1.239"]'],
    ['BLOB', 'hex', 'no hex'],
    ['UUID', 'plain', 'no uuid'],
  ] as const)('a %s column (%s) with %s is kept as text with a warning, nothing rounded or lost', async (type, encoding, misfit) => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'INTEGER'), column('value', type, { encoding, sourceType: 'odd' })])
    const fine = { DECIMAL: '1.25', BIGINT: '7', 'TIMESTAMP': '2026-01-01 00:00:00', BLOB: '\\x00', UUID: '00000000-0000-4000-8000-000000000000' }
    const example = encoding === 'json-list' ? '["1"]' : (Object.entries(fine).find(([name]) => type.startsWith(name))?.[1] ?? '')
    source.rows = [['1', example], ['2', misfit], ['3', null]]
    source.batchRows = 1
    const report = await sync(schema, source)
    expect(report).toMatchObject({ rows: 3, warnings: [{ column: 'value', message: expect.stringContaining('Kept as text because') }] })
    expect(await tableRows(schema)).toEqual(source.rows)
    source.requests = []
    source.rows = [['4', misfit]]
    await sync(schema, source)
    expect(source.requests.map(({ columns }) => columns[1]?.type)).toEqual(['VARCHAR'])
  })

  it('rows that got lost on the way fail the run loudly', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'INTEGER')])
    source.rows = [['1'], ['2']]
    const { read } = source.connector
    const connector = { ...source.connector, read: async function* (...args: Parameters<typeof read>) {
      for await (const batch of read(...args)) if (batch.kind === 'bytes') yield { ...batch, rows: batch.rows + 1 }
    } }
    await expect(sync(schema, source, { connector })).rejects.toThrow('The rows that were written are not those that were read')
  })

  it('bytes that are no CSV fail the run loudly', async () => {
    const schema = await makeSchema()
    const source = new MemorySource([column('id', 'INTEGER'), column('b', 'VARCHAR')])
    const connector = { ...source.connector, read: async function* () {
      yield { kind: 'bytes' as const, bytes: Buffer.from('1,"a\n2,b,c\n'), rows: 2 }
    } }
    await expect(sync(schema, source, { connector })).rejects.toThrow(/cannot be read|not those that were read/)
  })
})
