import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import type { DiscoveredSchema, SourceColumn } from '../contract'
import { PostgresConfig } from './config'
import { postgres } from './connector'

/** What is written, what it must become, and the values that must come back equal, as Postgres literals. */
interface Case {
  sql: string
  type: string
  values: string[]
  /** Values that the type cannot hold: they must be refused, never changed, and fit as text. */
  unfit?: string[]
  /** Cannot be compared by casting the text back. */
  isText?: boolean
}

const NASTY = [`''`, `' '`, `'\\N'`, `'"'`, `'""'`, `','`, `E'\\n'`, `E'\\r'`, `E'\\r\\n'`, `E'a\\nb,"c"\\r'`, `'NULL'`, `'null'`, `E'\\\\'`, `E'\\\\.'`, `'é 😀 \u00a0'`, `E'\\t'`, `repeat('x', 200000)`, `E'\\x01'`, `'{"a":1}'`, `'#'`]

const CASES: Case[] = [
  { sql: 'smallint', type: 'SMALLINT', values: ['-32768', '0', '32767'] },
  { sql: 'integer', type: 'INTEGER', values: ['-2147483648', '2147483647'] },
  { sql: 'bigint', type: 'BIGINT', values: [`'-9223372036854775808'`, '9223372036854775807', '9007199254740993'] },
  { sql: 'oid', type: 'UINTEGER', values: ['0', `'4294967295'`] },
  { sql: 'xid8', type: 'UBIGINT', values: [`'18446744073709551615'`] },
  { sql: 'real', type: 'FLOAT', values: [`'NaN'`, `'Infinity'`, `'-Infinity'`, `'-0'`, '3.4028235e38', '1e-45', '1.17549435e-38', '0.1', '16777217'] },
  { sql: 'double precision', type: 'DOUBLE', values: [`'NaN'`, `'Infinity'`, `'-Infinity'`, `'-0'`, '1.7976931348623157e308', '5e-324', '0.1', '0.30000000000000004', '1e15', '123456789.123456789'] },
  { sql: 'numeric(12,2)', type: 'DECIMAL(12,2)', values: ['-9999999999.99', '0', '0.01'], unfit: [`'NaN'`] },
  { sql: 'numeric(38,10)', type: 'DECIMAL(38,10)', values: ['1234567890123456789012345678.0123456789', '-0.0000000001'], unfit: [`'NaN'`] },
  { sql: 'numeric(38,38)', type: 'DECIMAL(38,38)', values: ['0.00000000000000000000000000000000000001'] },
  { sql: 'numeric(20,0)', type: 'DECIMAL(20,0)', values: ['99999999999999999999'] },
  { sql: 'numeric', type: 'VARCHAR', values: [`'NaN'`, `'Infinity'`, '1e-100', `repeat('9', 1000)::numeric`, '1.10', '1.1000'] },
  { sql: 'numeric(60,4)', type: 'VARCHAR', values: [`(repeat('9', 56) || '.9999')::numeric`] },
  { sql: 'numeric(3,-2)', type: 'VARCHAR', values: ['12345'] },
  { sql: 'numeric(2,4)', type: 'VARCHAR', values: ['0.0099'] },
  { sql: 'money', type: 'DECIMAL(19,2)', values: [`'-92233720368547758.08'`, `'92233720368547758.07'`, `'1,234.5'`] },
  { sql: 'boolean', type: 'BOOLEAN', values: ['true', 'false'] },
  { sql: 'text', type: 'VARCHAR', values: NASTY },
  { sql: 'varchar(10)', type: 'VARCHAR', values: [`''`, `'abc  '`] },
  { sql: 'char(5)', type: 'VARCHAR', values: [`'ab'`, `''`], isText: true },
  { sql: '"char"', type: 'VARCHAR', values: [`'a'`, `','`, `'"'`] },
  { sql: 'name', type: 'VARCHAR', values: [`'a b'`] },
  { sql: 'citext', type: 'VARCHAR', values: [`'MiXed'`] },
  { sql: 'bytea', type: 'BLOB', values: [`'\\x'`, `'\\x00ff0a0d22275c'`, `'abc'`] },
  { sql: 'date', type: 'DATE', values: [`'infinity'`, `'-infinity'`, `'0001-01-01'`, `'2024-02-29'`, `'12345-06-07'`, `'294246-12-31'`], unfit: [`'0044-03-15 BC'`, `'4713-11-24 BC'`, `'5874897-12-31'`] },
  { sql: 'timestamp', type: 'TIMESTAMP', values: [`'infinity'`, `'-infinity'`, `'0001-01-01'`, `'2024-01-01 00:00:00.000001'`, `'9999-12-31 23:59:59.999999'`, `'294246-12-31 23:59:59.999999'`, `'1969-12-31 23:59:59.999999'`], unfit: [`'0044-03-15 12:00:00.5 BC'`, `'294276-12-31 23:59:59.999999'`] },
  { sql: 'timestamptz', type: 'TIMESTAMPTZ', values: [`'infinity'`, `'-infinity'`, `'2024-01-01 00:00:00.000001+02'`, `'9999-12-31 23:59:59.999999+00'`, `'0001-01-01 00:00+00'`, `'1900-01-01 00:00:00 Europe/Amsterdam'`], unfit: [`'0044-03-15 12:00:00.5+00 BC'`, `'294276-12-31 23:59:59.999999+00'`] },
  { sql: 'time', type: 'TIME', values: [`'24:00:00'`, `'23:59:59.999999'`, `'00:00:00'`] },
  { sql: 'timetz', type: 'VARCHAR', values: [`'24:00:00+15:59:59'`, `'12:00:00.5-08'`] },
  { sql: 'interval', type: 'VARCHAR', values: [`'1 year 2 mons -3 days 04:05:06.789012'`, `'-1 day +02:03'`, `'-178000000 years'`, `'0'`] },
  { sql: 'uuid', type: 'UUID', values: [`'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`] },
  { sql: 'json', type: 'JSON', values: [`'{"a": 1,  "a":2}'`, `'"x"'`, `'null'`, `'1e400'`, `'123456789012345678901234567890.123'`, `E'[1,\\n2]'`, `'"\\u0000"'`], unfit: [`'"\\ud800"'`] },
  { sql: 'jsonb', type: 'JSON', values: [`'{"b": [1.50, null], "a": "ü"}'`, `'null'`, `'12345678901234567890.10'`] },
  { sql: 'xml', type: 'VARCHAR', values: [`'<a>b</a>'`], isText: true },
  { sql: 'mood', type: 'VARCHAR', values: [`'sad, or "so"'`, `'ok'`] },
  { sql: 'email', type: 'VARCHAR', values: [`'a@b'`] },
  { sql: 'price', type: 'DECIMAL(10,2)', values: ['12.50'] },
  { sql: 'tags', type: 'VARCHAR[]', values: [`'{a,b}'`] },
  { sql: 'pair', type: 'VARCHAR', values: [`ROW(1, 'a,"b')::pair`] },
  { sql: 'int4range', type: 'VARCHAR', values: [`'[1,5)'`, `'empty'`] },
  { sql: 'tstzrange', type: 'VARCHAR', values: [`'[2024-01-01 00:00+02,)'`] },
  { sql: 'int4multirange', type: 'VARCHAR', values: [`'{[1,3),[5,8)}'`] },
  { sql: 'hstore', type: 'JSON', values: [], isText: true },
  { sql: 'inet', type: 'VARCHAR', values: [`'10.0.0.1/8'`, `'::1'`] },
  { sql: 'cidr', type: 'VARCHAR', values: [`'10.0.0.0/8'`] },
  { sql: 'macaddr', type: 'VARCHAR', values: [`'08:00:2b:01:02:03'`] },
  { sql: 'bit(5)', type: 'VARCHAR', values: [`B'10100'`] },
  { sql: 'varbit', type: 'VARCHAR', values: [`B'1'`, `B''`] },
  { sql: 'tsvector', type: 'VARCHAR', values: [`'a:1 fat:2 cat:3'`] },
  { sql: 'tsquery', type: 'VARCHAR', values: [`'fat & rat'`] },
  { sql: 'point', type: 'VARCHAR', values: [`'(0.1,1e300)'`], isText: true },
  { sql: 'polygon', type: 'VARCHAR', values: [`'((0,0),(1,1),(2,0))'`] },
  { sql: 'pg_lsn', type: 'VARCHAR', values: [`'FFFFFFFF/FFFFFFFF'`] },
  { sql: 'regclass', type: 'VARCHAR', values: [`'pg_class'`] },
  { sql: 'xid', type: 'VARCHAR', values: [`'4294967295'`] },
  { sql: 'integer[]', type: 'INTEGER[]', values: [`'{}'`, `'{1,NULL,-2}'`], unfit: [`'{{1,2},{3,4}}'`, `'[0:1]={1,2}'`] },
  { sql: 'bigint[]', type: 'BIGINT[]', values: [`'{9223372036854775807}'`] },
  { sql: 'text[]', type: 'VARCHAR[]', values: [`'{}'`, `'{NULL,"NULL","",a b,"\\"q\\"","{x}","\\\\"}'`, `ARRAY[E'\\n', ',', '[', 'é😀']`], unfit: [`'{{a},{b}}'`, `'[2:2]={a}'`] },
  { sql: 'numeric(10,2)[]', type: 'DECIMAL(10,2)[]', values: [`'{1.10,-99999999.99}'`], unfit: [`'{NaN}'`] },
  { sql: 'boolean[]', type: 'BOOLEAN[]', values: [`'{t,f,NULL}'`] },
  { sql: 'double precision[]', type: 'DOUBLE[]', values: [`'{0.1,NaN,-Infinity,-0,5e-324}'`] },
  { sql: 'timestamptz[]', type: 'TIMESTAMPTZ[]', values: [`'{"2024-01-01 00:00:00.000001+02",infinity}'`], unfit: [`'{"0044-03-15 00:00:00+00 BC"}'`] },
  { sql: 'timestamp[]', type: 'TIMESTAMP[]', values: [`'{"2024-01-01 00:00:00.000001",-infinity}'`], unfit: [`'{"0044-03-15 00:00:00 BC"}'`] },
  { sql: 'date[]', type: 'DATE[]', values: [`'{2024-01-01,infinity,-infinity,NULL,0001-01-01}'`, `'{}'`], unfit: [`'{"2024-01-01","0044-03-15 BC"}'`] },
  { sql: 'time[]', type: 'TIME[]', values: [`'{24:00:00,12:00:00.000001}'`] },
  { sql: 'uuid[]', type: 'UUID[]', values: [`'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'`] },
  { sql: 'jsonb[]', type: 'JSON[]', values: [`ARRAY['{"a": "x,\\"y"}'::jsonb, 'null'::jsonb]`] },
  { sql: 'mood[]', type: 'VARCHAR[]', values: [`ARRAY['sad, or "so"'::mood]`] },
  { sql: 'interval[]', type: 'VARCHAR[]', values: [`'{1 day,-02:00:00}'`] },
  { sql: 'money[]', type: 'VARCHAR[]', values: [`'{"$1,234.50"}'`] },
  { sql: 'bytea[]', type: 'VARCHAR', values: [`ARRAY['\\x00ff'::bytea]`] },
  { sql: 'pair[]', type: 'VARCHAR', values: [`ARRAY[ROW(1,'a')::pair]`] },
  { sql: 'int2vector', type: 'VARCHAR', values: [`'1 2 3'`] },
]

const NEWEST_ONLY = new Set(['numeric(3,-2)', 'numeric(2,4)'])

let source: FreshServerDatabase
let client: pg.Client
let duck: DuckDBConnection
let folder: string

beforeAll(async () => {
  source = await freshServerDatabase()
  client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query(`
    CREATE EXTENSION citext; CREATE EXTENSION hstore;
    CREATE TYPE mood AS ENUM ('sad, or "so"', 'ok'); CREATE TYPE pair AS (a int, b text);
    CREATE DOMAIN email AS citext CHECK (VALUE LIKE '%@%'); CREATE DOMAIN price_base AS numeric(10,2); CREATE DOMAIN price AS price_base; CREATE DOMAIN tags AS text[];
    SET TIME ZONE 'UTC'; SET IntervalStyle = 'postgres'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 3`)
  folder = mkdtempSync(path.join(tmpdir(), 'types-'))
  duck = await (await DuckDBInstance.create(':memory:')).connect()
  await duck.run(`SET TimeZone = 'UTC'`)
})

afterAll(async () => {
  duck?.closeSync()
  await client?.end()
  await source?.drop()
  rmSync(folder, { recursive: true, force: true })
})

async function rowsOf(column: SourceColumn, schema: DiscoveredSchema): Promise<Buffer> {
  const config = PostgresConfig.parse({ ...source, schema: 'public' })
  const chunks: Uint8Array[] = []
  for await (const batch of postgres.read(config, { location: schema.location, columns: [{ ...column, name: 'id', type: 'INTEGER', encoding: 'plain' }, column], batchBytes: 1 << 20 }, new AbortController().signal)) chunks.push(new Uint8Array(batch.bytes))
  return Buffer.concat(chunks)
}

/** The contract's decoding: CSV bytes to Parquet and back; the values as text (of lists: JSON of texts), by id. */
async function throughParquet(csv: Buffer, { type, encoding }: SourceColumn): Promise<Map<number, string | null>> {
  const csvFile = path.join(folder, 'rows.csv')
  const parquet = path.join(folder, 'rows.parquet')
  writeFileSync(csvFile, csv)
  const read = { plain: type, cast: 'VARCHAR', date: 'TIMESTAMP', hex: 'VARCHAR', epoch: 'VARCHAR', 'json-list': 'VARCHAR' }[encoding]
  const value = {
    plain: 'v',
    cast: `CAST(v AS ${type})`,
    date: 'CAST(v AS DATE)',
    hex: `from_hex(substr(v, 3))`,
    epoch: 'to_timestamp(CAST(v AS BIGINT))',
    'json-list': `CAST(from_json(CASE WHEN regexp_matches(v, '^\\s*\\[\\s*\\[') THEN 'nested' ELSE v END, '["VARCHAR"]') AS ${type})`,
  }[encoding]
  const reader = `read_csv('${csvFile}', columns = {'id': 'INTEGER', 'v': '${read}'}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', strict_mode = true, max_line_size = 100000000, buffer_size = 100000001, parallel = false)`
  await duck.run(`COPY (SELECT id, ${value} AS v FROM ${reader}) TO '${parquet}' (FORMAT parquet)`)
  const text = type === 'BLOB' ? `'\\x' || lower(hex(v))` : type.endsWith('[]') ? `CAST(to_json(CAST(v AS VARCHAR[])) AS VARCHAR)` : 'CAST(v AS VARCHAR)'
  const result = await duck.runAndReadAll(`SELECT id, ${text}, typeof(v) FROM '${parquet}' ORDER BY id`)
  const rows = result.getRowsJson() as [number, string | null, string][]
  for (const row of rows) expect(row[2]).toBe(type === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : type === 'TIMESTAMPTZ[]' ? 'TIMESTAMP WITH TIME ZONE[]' : type)
  return new Map(rows.map(([id, value]) => [id, value]))
}

async function makeTable(name: string, sql: string, values: string[]): Promise<{ schema: DiscoveredSchema; column: SourceColumn }> {
  await client.query(`CREATE TABLE ${name} (id int, v ${sql})`)
  for (const [index, value] of values.entries()) await client.query(`INSERT INTO ${name} VALUES (${index}, ${value})`)
  await client.query(`INSERT INTO ${name} VALUES (-1, NULL)`)
  const [schema] = await postgres.discover(PostgresConfig.parse({ ...source, schema: 'public' }), new AbortController().signal, [{ namespace: 'public', table: name }])
  const column = schema?.columns[1]
  if (!schema || !column) throw new Error('not discovered')
  return { schema, column }
}

/** The value's text in Postgres, and what the text that came back is to Postgres. */
async function compare(name: string, { sql, isText }: Case, id: number, got: string): Promise<void> {
  const isList = sql.endsWith('[]') || sql === 'tags'
  const back = isText ? '$2::text' : isList && got.startsWith('[') ? `(SELECT coalesce(array_agg(e ORDER BY n), '{}') FROM jsonb_array_elements_text($2::text::jsonb) WITH ORDINALITY x(e, n))::text[]::${sql}::text` : sql === 'money' ? `($2::text::numeric::money)::text` : `($2::text)::${sql}::text`
  const own = isText ? `textin(${sql === 'char(5)' ? 'bpcharout(v)' : `${outFunction(sql)}(v)`})` : 'v::text'
  const { rows } = await client.query<{ own: string; back: string }>(`SELECT ${own} AS own, ${back} AS back FROM ${name} WHERE id = $1`, [id, got])
  expect(rows[0]?.back).toBe(rows[0]?.own)
}

const outFunction = (sql: string) => ({ xml: 'xml_out', point: 'point_out' })[sql] ?? `${sql}_out`

describe('each type of Postgres arrives with the same value', () => {
  for (const [index, each] of CASES.entries()) {
    test(`${each.sql} as ${each.type}`, async ({ skip }) => {
      const version = Number((await client.query(`SELECT current_setting('server_version_num') AS v`)).rows[0].v)
      if (NEWEST_ONLY.has(each.sql) && version < 150_000) skip()
      const name = `case_${index}`
      const { schema, column } = await makeTable(name, each.sql, each.values)
      expect(column.type).toBe(each.type)
      const got = await throughParquet(await rowsOf(column, schema), column)
      expect(got.size).toBe(each.values.length + 1)
      expect(got.get(-1)).toBeNull()
      for (const id of each.values.keys()) await compare(name, each, id, got.get(id) ?? 'NULL where there was a value')
    })

    for (const [number, value] of (each.unfit ?? []).entries()) {
      test(`${each.sql} ${value} is refused, and exact as text`, async () => {
        const name = `unfit_${index}_${number}`
        const { schema, column } = await makeTable(name, each.sql, [value])
        await expect(throughParquet(await rowsOf(column, schema), column)).rejects.toThrow(/./)
        const asText: SourceColumn = { ...column, type: 'VARCHAR', encoding: 'plain' }
        const got = await throughParquet(await rowsOf(asText, schema), asText)
        expect(got.get(-1)).toBeNull()
        const { rows } = await client.query<{ v: string }>(`SELECT v::text FROM ${name} WHERE id = 0`)
        expect(got.get(0)).toBe(rows[0]?.v)
      })
    }
  }

  test('hstore becomes a JSON object of texts and nulls', async () => {
    const { schema, column } = await makeTable('hstores', 'hstore', [`'a=>1, "b,\\"c"=>NULL, "d"=>"x y"'`, `''`])
    const got = await throughParquet(await rowsOf(column, schema), column)
    expect(JSON.parse(got.get(0) ?? '')).toEqual({ a: '1', 'b,"c': null, d: 'x y' })
    expect(JSON.parse(got.get(1) ?? '')).toEqual({})
  })

  test('what is kept as text for want of an exact type says so', async () => {
    for (const sql of ['numeric', 'interval', 'timetz', 'inet', 'int4range', 'pair', 'bytea[]', 'point', 'tsvector']) {
      const { column } = await makeTable(`note_${sql.replace(/\W/g, '_')}`, sql, [])
      expect([sql, column.note]).toEqual([sql, expect.stringMatching(/^Kept as text/)])
    }
  })

  test('a column with an exact type has no note', async () => {
    for (const sql of ['int', 'timestamptz', 'numeric(12,2)', 'uuid', 'jsonb', 'text', 'mood', 'date']) {
      const { column } = await makeTable(`exact_${sql.replace(/\W/g, '_')}`, sql, [])
      expect([sql, column.note]).toEqual([sql, undefined])
    }
  })
})
