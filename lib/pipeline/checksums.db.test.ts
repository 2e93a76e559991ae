import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEveryType, optionalTypes } from '@/lib/sources/sample-shop/every-type'
import { bothSides, openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { randomOf, type Random } from '@/test/random'
import { makeSchema, sync } from '@/test/sync-room'

let database: FreshDatabase
let room: SourceRoom
beforeAll(async () => {
  database = await freshDatabase()
  room = await openSourceRoom()
})
afterAll(async () => {
  await room.close()
  await database.drop()
})

const ANY_TEXT = [`''`, `' '`, `'\\N'`, `'a,b'`, `E'\\x1f'`, `E'a\\x1fb'`, `E'\\x01\\x0b\\x1e'`, `'~tf'`, `'N'`, `'1:a'`, `E'line\\nline\\r\\n'`, `'é 😀 漢'`, `E'\\\\u000B'`, `repeat('x', 3000)`, `'"q"'`, `E'\\u2028\\u0085'`]
const numbers = (low: number, high: number) => (random: Random) => String(low + random(high - low + 1))
const some = (values: string[]) => (random: Random) => values[random(values.length)] ?? 'NULL'
const day = (random: Random) => `'${String(1 + random(12_000)).padStart(4, '0')}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}'`
const moment = (random: Random) => `timestamp '1960-01-01' + interval '1 microsecond' * ${random(2 ** 30)} * ${random(2 ** 22)}`
const array = (element: (random: Random) => string, type: string) => (random: Random) => `ARRAY[${Array.from({ length: random(4) }, () => (random(5) ? element(random) : 'NULL')).join(', ')}]::${type}[]`
const either = (...kinds: ((random: Random) => string)[]) => (random: Random) => (kinds[random(kinds.length)] ?? some([]))(random)

/** Each type that the connector yields, and random values of it as SQL. */
const TYPES: [sql: string, value: (random: Random) => string][] = [
  ['smallint', numbers(-32_768, 32_767)],
  ['integer', numbers(-2_000_000_000, 2_000_000_000)],
  ['bigint', (random) => `${random(2 ** 31)}::bigint * ${random(2 ** 31)} - 4611686018427387904`],
  ['oid', numbers(0, 4_294_967_000)],
  ['numeric(12,2)', (random) => `${random(2)} * -1 * ${random(10 ** 9)}.${String(random(100)).padStart(2, '0')}`],
  ['numeric(38,10)', (random) => `'${random(2) ? '-' : ''}${random(2 ** 31)}${random(2 ** 31)}.${random(2 ** 31)}'`],
  ['numeric(5,5)', (random) => `0.${String(random(100_000)).padStart(5, '0')}`],
  ['numeric', either((random) => `${random(1000)}.${random(10)}00`, some([`'NaN'`, `'1e-30'`, '1.10', '1.100', `'Infinity'`, '-0.0']))],
  ['money', numbers(-100_000, 100_000)],
  ['real', either((random) => `${random(2 ** 30)} / ${1 + random(9999)}.0`, some([`'NaN'`, `'-0'`, `'Infinity'`, '1e-45', '3.4028235e38', '16777217', '1000000']))],
  ['double precision', either((random) => `${random(2 ** 30)} / ${1 + random(9999)}.0`, some([`'NaN'`, `'-0'`, `'-Infinity'`, '5e-324', '1e15', '1e16', '123456789012345680', '0.1', '1e-5', '1.7976931348623157e308']))],
  ['boolean', some(['true', 'false'])],
  ['text', some(ANY_TEXT)],
  ['varchar(20)', some([`''`, `'abc  '`, `E'\\x1f'`])],
  ['char(6)', some([`'ab'`, `''`, `'a  b'`, `E'a\\x1f'`])],
  ['"char"', some([`'a'`, `','`, `''`])],
  ['citext', some([`'MiXed'`, `'mixed'`])],
  ['bytea', (random) => `decode('${'00ff1f0a'.repeat(random(5))}${String(random(10))}0', 'hex')`],
  ['date', either(day, some([`'infinity'`, `'-infinity'`, `'0001-01-01'`, `'294246-12-31'`]))],
  ['timestamp', either(moment, some([`'infinity'`, `'-infinity'`, `'0001-01-01'`, `'294246-12-31 23:59:59.999999'`, `'1969-12-31 23:59:59.999999'`]))],
  ['timestamptz', either(moment, some([`'infinity'`, `'-infinity'`, `'0001-01-01 00:00+00'`, `'1900-01-01 00:00:00 Europe/Amsterdam'`, `'12345-06-07 01:02:03.5+00'`]))],
  ['time', either((random) => `time '00:00' + interval '1 microsecond' * ${random(2 ** 31)} * 40`, some([`'24:00:00'`, `'00:00:00'`]))],
  ['timetz', some([`'24:00:00+15:59:59'`, `'12:00:00.5-08'`])],
  ['interval', (random) => `interval '1 mon' * ${random(30)} + interval '1 day' * ${random(40)} - interval '1 second' * ${random(99_999)} / 7.0`],
  ['uuid', (random) => `md5('${random(1000)}')::uuid`],
  ['json', some([`'{"a": 1,  "a":2}'`, `'"x"'`, `'null'`, `'1e400'`, `E'[1,\\n2]'`, `'"\\u0000 \\u001f"'`])],
  ['jsonb', some([`'{"b": [1.50, null], "a": "ü"}'`, `'null'`, `'"\\u001f"'`, `'12345678901234567890.10'`])],
  ['xml', some([`'<a>b</a>'`])],
  ['mood', some([`'sad, or "so"'`, `'ok'`])],
  ['price', numbers(0, 999)],
  ['pair', some([`ROW(1, 'a,"b')::pair`, `ROW(NULL, E'\\x1f')::pair`])],
  ['int4range', some([`'[1,5)'`, `'empty'`])],
  ['hstore', some([`'a=>1, "b,\\"c"=>NULL'`, `''`])],
  ['inet', some([`'10.0.0.1/8'`, `'::1'`])],
  ['varbit', some([`B'1'`, `B''`])],
  ['point', some([`'(0.1,1e300)'`])],
  ['xid8', some([`'18446744073709551615'`, `'42'`])],
  ['integer[]', array(numbers(-5, 5), 'int')],
  ['text[]', array(some(ANY_TEXT), 'text')],
  ['numeric(10,2)[]', array(numbers(-5, 5), 'numeric(10,2)')],
  ['boolean[]', array(some(['true', 'false']), 'boolean')],
  ['real[]', array(some([`'NaN'`, '0.1', `'-0'`, '16777217']), 'real')],
  ['double precision[]', array(some([`'NaN'`, '0.1', `'-0'`, '1e16', `'-Infinity'`]), 'float8')],
  ['timestamptz[]', array(either(moment, some([`'infinity'`])), 'timestamptz')],
  ['date[]', array(either(day, some([`'-infinity'`])), 'date')],
  ['uuid[]', array((random) => `md5('${random(1000)}')::uuid`, 'uuid')],
  ['jsonb[]', array(some([`'{"a": "x,\\"y"}'`, `'null'`, `'"x"'`]), 'jsonb')],
  ['interval[]', array(some([`'1 day'`]), 'interval')],
  ['mood[]', array(some([`'ok'`]), 'mood')],
  ['bytea[]', array(some([`'\\x00ff'`]), 'bytea')],
]

describe('the checksum of a table is the same at its source and in the warehouse', () => {
  beforeAll(() => room.run(`
    CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS hstore;
    CREATE TYPE mood AS ENUM ('sad, or "so"', 'ok', 'so, so', 'content', 'over "the" moon'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN price AS numeric(10,2)`))

  it.each(TYPES.map((each, index) => [...each, index] as const))('%s, and a value that changes changes it', async (sql, value, index) => {
    const random = randomOf(index + 1)
    const name = `typed_${index}`
    const rows = Array.from({ length: 60 }, (_, id) => `(${id}, ${random(8) ? value(random) : 'NULL'})`)
    await room.run(`CREATE TABLE ${name} (id int primary key, v ${sql})`)
    for (const row of rows) await room.run(`INSERT INTO ${name} VALUES ${row}`)
    const source = await room.table(name)
    const schema = await makeSchema()
    await sync(schema, source, source.change)
    const { ours, theirs } = await bothSides(room, schema, source)
    expect(theirs).toEqual(ours)
    expect(ours[0]?.rows).toBe(60)
    await room.run(`UPDATE ${name} SET v = CASE WHEN v IS NULL THEN (SELECT v FROM ${name} WHERE v IS NOT NULL LIMIT 1) END WHERE id = ${random(60)}`)
    expect((await bothSides(room, schema, source)).theirs[0]?.checksum).not.toBe(ours[0]?.checksum)
  })

  it('every type in one table, with values that make columns text', async () => {
    const source = await openSourceRoom()
    try {
      await source.run(createEveryType.replace('create type mood', 'create table customers (id int); create type mood'))
      for (const statement of optionalTypes) await source.run(statement).catch(() => undefined)
      const table = await source.table('every_type')
      const schema = await makeSchema()
      await sync(schema, table, table.change)
      const { ours, theirs } = await bothSides(source, schema, table)
      expect(theirs).toEqual(ours)
    } finally {
      await source.close()
    }
  })

  it('texts that change places, or lean on their neighbours, change it; so do NULLs', async () => {
    await room.run(`CREATE TABLE leaning (id int primary key, a text, b text, n int, m int, yes boolean)`)
    const sums = new Set<string>()
    const rows = [`'x', 'y', 1, 2, true`, `'y', 'x', 1, 2, true`, `'xy', '', 1, 2, true`, `'', 'xy', 1, 2, true`, `NULL, 'xy', 1, 2, true`, `'xy', NULL, 1, 2, true`, `'x', 'y', 2, 1, true`, `'x', 'y', NULL, 1, true`, `'x', 'y', 1, NULL, true`, `E'x\\x1f1\\x1fy', '', 1, 2, true`, `'x', 'y', 12, NULL, true`, `'x', 'y', 1, 2, NULL`, `NULL, NULL, NULL, NULL, NULL`, `'~ffffff', 'y', 1, 2, true`]
    for (const row of rows) {
      await room.run(`TRUNCATE leaning; INSERT INTO leaning VALUES (1, ${row})`)
      const source = await room.table('leaning')
      const schema = await makeSchema()
      await sync(schema, source, source.change)
      const { ours, theirs } = await bothSides(room, schema, source)
      expect(theirs).toEqual(ours)
      sums.add(String(ours[0]?.checksum))
    }
    expect(sums.size).toBe(rows.length)
  })

  it('values that change rows change it: it is no sum of columns', async () => {
    await room.run(`CREATE TABLE swapped (id int primary key, a int); INSERT INTO swapped VALUES (1, 10), (2, 20)`)
    const source = await room.table('swapped')
    const schema = await makeSchema()
    await sync(schema, source, source.change)
    const { ours } = await bothSides(room, schema, source)
    await room.run(`UPDATE swapped SET a = 30 - a`)
    expect((await bothSides(room, schema, source)).theirs[0]?.checksum).not.toBe(ours[0]?.checksum)
  })

  it('a table of 300 columns, most of them NULL, and columns chosen in part', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `c${index}`)
    await room.run(`CREATE TABLE wide (id int primary key, ${names.map((name) => `${name} text`).join(', ')}); INSERT INTO wide (id, c7, c41, c299) SELECT n, 'a', 'b' || n, 'c' FROM generate_series(1, 20) n`)
    const source = await room.table('wide')
    for (const columnNames of [null, ['id', 'c41', 'c100']]) {
      const schema = await makeSchema()
      await sync(schema, source, { ...source.change, columnNames })
      const { ours, theirs } = await bothSides(room, schema, source)
      expect(theirs).toEqual(ours)
    }
  })
})
