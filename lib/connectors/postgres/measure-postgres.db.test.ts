import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import { PostgresConfig } from './config'
import { postgres } from './connector'

let server: FreshServerDatabase
let client: pg.Client
let config: PostgresConfig

beforeAll(async () => {
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { host, port, database, user, password } = server
  config = PostgresConfig.parse({ host, port, database, user, password, schema: '', sslmode: 'disable', ca: '' })
})
afterAll(async () => {
  await client.end()
  await server.drop()
})

async function measured(sql: string): Promise<Record<string, string>> {
  await client.query(`DROP TABLE IF EXISTS "odd ""t"; CREATE TABLE "odd ""t" ${sql}`)
  const [schema] = await postgres.discover(config, new AbortController().signal)
  if (!schema) throw new Error('not discovered')
  return postgres.measure(config, schema.location, schema.columns, new AbortController().signal)
}

test('the digits of a numeric without a precision are those that are there', async () => {
  expect(await measured(`AS SELECT * FROM (VALUES (1234.5::numeric), (-0.00012), (0), (NULL), ('NaN')) AS v("a""b")`)).toEqual({ 'a"b': 'Found in all 5 rows: 4 digits before the point and 5 after it at most, and NaN or infinity' })
  expect(await measured('(n numeric, m numeric(12,2), t text, i int)')).toEqual({ n: 'No number among all 0 rows' })
})

test('a time tells from when to when, what is kept as text how long it is', async () => {
  expect(await measured(`AS SELECT '2020-01-01T00:00:00Z'::timestamptz + g * interval '1 day' AS at, make_interval(days => g) AS span FROM generate_series(0, 1) g`)).toEqual({ at: 'Found in all 2 rows: 2020-01-01 00:00:00+00 to 2020-01-02 00:00:00+00', span: 'Found in all 2 rows: up to 8 characters' })
})

test('of a large table only the first rows are read', async () => {
  expect(await measured(`AS SELECT CASE WHEN g > 20000 THEN 123456789.123 ELSE g END::numeric AS n FROM generate_series(1, 30000) g`)).toEqual({ n: 'Found in the first 10,000 rows: 5 digits before the point and 0 after it at most' })
})
