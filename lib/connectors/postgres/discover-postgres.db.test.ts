import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import type { DiscoveredSchema } from '../contract'
import { PostgresConfig } from './config'
import { postgres } from './connector'
import { readCatalogue } from './discover-postgres'

const never = new AbortController().signal

let source: FreshServerDatabase
let client: pg.Client
let role: string

beforeAll(async () => {
  source = await freshServerDatabase()
  role = `reader_${randomBytes(6).toString('hex')}`
  client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw'`)
})

afterAll(async () => {
  await client?.end()
  await source?.drop()
  await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
})

async function discover(values: Record<string, unknown> = {}): Promise<Map<string, DiscoveredSchema>> {
  const schemas = await postgres.discover(PostgresConfig.parse({ ...source, ...values }), never)
  return new Map(schemas.map((schema) => [schema.name, schema]))
}

const asReader = () => ({ user: role, password: 'pw' })

test('tables, partitioned tables once, views, materialised views and foreign tables, and nothing of the system', async () => {
  await client.query(`
    CREATE SCHEMA kinds; SET search_path = kinds;
    CREATE TABLE plain (id int PRIMARY KEY, v text);
    CREATE TABLE parts (id int, day date NOT NULL, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
    CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY RANGE (day);
    CREATE TABLE parts_2024_a PARTITION OF parts_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
    CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    INSERT INTO parts SELECT g, date '2024-02-01' FROM generate_series(1, 300) g; INSERT INTO parts SELECT g, date '2025-02-01' FROM generate_series(1, 200) g;
    CREATE VIEW seen AS SELECT * FROM plain; CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain; CREATE MATERIALIZED VIEW unfilled AS SELECT * FROM plain WITH NO DATA;
    CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER far FOREIGN DATA WRAPPER nothing; CREATE FOREIGN TABLE away (id int) SERVER far;
    CREATE TEMP TABLE gone (id int); CREATE UNLOGGED TABLE unlogged (id int); CREATE TABLE nothing (); CREATE SEQUENCE seq;
    INSERT INTO plain SELECT g, repeat('x', 5000) FROM generate_series(1, 1000) g;
    VACUUM ANALYZE plain; ANALYZE parts; RESET search_path`.split(/;\s*VACUUM/)[0] ?? '')
  await client.query('VACUUM ANALYZE kinds.plain')
  await client.query('ANALYZE kinds.parts')
  const found = await discover({ schema: 'kinds' })
  expect([...found].map(([name, { kind }]) => [name, kind])).toEqual([
    ['away', 'foreign table'],
    ['kept', 'materialised view'],
    ['nothing', 'table'],
    ['parts', 'partitioned table'],
    ['plain', 'table'],
    ['seen', 'view'],
    ['unfilled', 'materialised view'],
    ['unlogged', 'table'],
  ])
  expect(found.get('plain')).toMatchObject({ rowsEstimate: 1000, primaryKey: ['id'], problem: null })
  expect(found.get('plain')?.bytesEstimate).toBeGreaterThan(50_000)
  expect(found.get('parts')).toMatchObject({ rowsEstimate: 500, primaryKey: ['day', 'id'] })
  expect(found.get('unlogged')).toMatchObject({ rowsEstimate: null, bytesEstimate: null })
  expect(found.get('seen')).toMatchObject({ rowsEstimate: null, primaryKey: [] })
  expect(found.get('unfilled')?.problem?.advice).toMatch(/REFRESH MATERIALIZED VIEW kinds\.unfilled/)
  expect(found.get('nothing')?.problem?.title).toMatch(/no columns/)
})

test('names are plain in one schema, carry it in all of them, and never read the same', async () => {
  await client.query(`CREATE SCHEMA "a.b"; CREATE SCHEMA a; CREATE TABLE "a.b".c (id int); CREATE TABLE a."b.c" (id int); CREATE TABLE a.d (id int)`)
  const all = await discover()
  expect(all.has('a.d')).toBe(true)
  expect(all.has('"a.b".c')).toBe(true)
  expect(all.has('a."b.c"')).toBe(true)
  expect([...all.keys()].some((name) => /^(pg_|information_schema)/.test(name))).toBe(false)
  expect([...(await discover({ schema: 'a' })).keys()]).toEqual(['b.c', 'd'])
})

test('columns: type in words, nullability, domains, generated ones, dropped ones', async () => {
  await client.query(`
    CREATE SCHEMA columns; CREATE DOMAIN columns.must AS int NOT NULL;
    CREATE TABLE columns.t (a int NOT NULL, gone int, b numeric(10,2), c columns.must, d int GENERATED ALWAYS AS (a * 2) STORED, e varchar(20)[]);
    ALTER TABLE columns.t DROP COLUMN gone`)
  const table = (await discover({ schema: 'columns' })).get('t')
  expect(table?.columns.map(({ name, sourceType, type, nullable }) => [name, sourceType, type, nullable])).toEqual([
    ['a', 'integer', 'INTEGER', false],
    ['b', 'numeric(10,2)', 'DECIMAL(10,2)', true],
    ['c', 'columns.must', 'INTEGER', false],
    ['d', 'integer', 'INTEGER', true],
    ['e', 'character varying(20)[]', 'VARCHAR[]', true],
  ])
})

test('replication keys: what can serve, why not, and what to know', async () => {
  await client.query(`
    CREATE SCHEMA keys; CREATE DOMAIN keys.number AS bigint;
    CREATE TABLE keys.t (id bigint PRIMARY KEY, small smallint NOT NULL, day date, at timestamp, atz timestamptz NOT NULL, n numeric(20,0), dom keys.number, amount numeric(10,2), free numeric, wide numeric(50,0), t time, name text, u uuid, l int[], partial int NOT NULL, second int NOT NULL);
    CREATE INDEX ON keys.t (atz, second); CREATE INDEX ON keys.t (partial) WHERE partial > 5; CREATE INDEX ON keys.t USING hash (small); CREATE INDEX ON keys.t USING brin (day);
    CREATE VIEW keys.v AS SELECT * FROM keys.t`)
  const found = await discover({ schema: 'keys' })
  const keys = new Map(found.get('t')?.replicationKeys.map((key) => [key.name, key]))
  expect([...keys.values()].filter(({ ok }) => ok).map(({ name }) => name)).toEqual(['id', 'small', 'day', 'at', 'atz', 'n', 'dom', 'partial', 'second'])
  expect(['amount', 'free', 'wide', 't', 'name', 'u', 'l'].filter((name) => !keys.get(name)?.reason)).toEqual([])
  expect(keys.get('id')?.warnings).toEqual([])
  expect(keys.get('atz')?.warnings).toEqual([])
  expect(keys.get('day')?.warnings).toEqual([expect.stringMatching(/nullable/)])
  for (const name of ['small', 'partial', 'second']) expect(keys.get(name)?.warnings).toEqual([expect.stringMatching(/No index/)])
  expect(keys.get('at')?.warnings).toHaveLength(2)
  expect(found.get('v')?.replicationKeys.find(({ name }) => name === 'id')?.warnings).toEqual([expect.stringMatching(/empty/), expect.stringMatching(/no index of its own/)])
})

test('what the user may not read says so and what to grant; columns he may not read are left out', async () => {
  await client.query(`
    CREATE SCHEMA shut; CREATE TABLE shut.t (id int);
    CREATE SCHEMA ajar; GRANT USAGE ON SCHEMA ajar TO ${role};
    CREATE TABLE ajar.yes (id int PRIMARY KEY); GRANT SELECT ON ajar.yes TO ${role};
    CREATE TABLE ajar."No Way" (id int);
    CREATE TABLE ajar.partly (id int PRIMARY KEY, secret text, name text); GRANT SELECT (name) ON ajar.partly TO ${role}`)
  const found = await discover(asReader())
  expect(found.get('shut.t')?.problem).toMatchObject({ code: 'permission', advice: expect.stringContaining('GRANT USAGE ON SCHEMA shut') })
  expect(found.get('ajar.yes')?.problem).toBeNull()
  expect(found.get('ajar.No Way')?.problem).toMatchObject({ code: 'permission', advice: `Run: GRANT SELECT ON ajar."No Way" TO ${role}` })
  const partly = found.get('ajar.partly')
  expect(partly?.columns.map(({ name }) => name)).toEqual(['name'])
  expect(partly).toMatchObject({ problem: null, primaryKey: [] })
})

test('only: what is asked for and still there, in the same number of queries', async () => {
  await client.query('CREATE SCHEMA few; CREATE TABLE few.a (id int); CREATE TABLE few.b (id int); CREATE TABLE few.c (id int)')
  const config = PostgresConfig.parse(source)
  const only = [{ namespace: 'few', table: 'c' }, { namespace: 'few', table: 'gone' }, { namespace: 'few', table: 'a' }]
  expect((await postgres.discover(config, never, only)).map(({ name }) => name)).toEqual(['few.a', 'few.c'])
  expect(await postgres.discover(config, never, [])).toEqual([])
})

test('a lock on a table makes nobody wait', async () => {
  await client.query('CREATE SCHEMA locks; CREATE TABLE locks.t (id int PRIMARY KEY)')
  await client.query('BEGIN')
  await client.query('LOCK TABLE locks.t IN ACCESS EXCLUSIVE MODE')
  expect((await discover({ schema: 'locks' })).get('t')?.primaryKey).toEqual(['id'])
  await client.query('ROLLBACK')
})

test('10,000 tables take as many queries as one, and seconds', async () => {
  await client.query('CREATE SCHEMA many')
  for (let from = 0; from < 10_000; from += 100) {
    await client.query(`DO $$ BEGIN FOR i IN ${from}..${from + 99} LOOP EXECUTE format('CREATE TABLE many.t%s (id int NOT NULL, a text, b numeric(10,2), c timestamptz, d jsonb, e int[], f uuid, g date)', i); END LOOP; END $$`)
  }
  const countQueries = async (schema: string) => {
    let queries = 0
    const counted = new Proxy(client, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name)
        return (...args: Parameters<pg.Client['query']>) => {
          queries++
          return Reflect.apply(target.query, target, args)
        }
      },
    })
    await client.query('BEGIN')
    const found = await readCatalogue(counted, PostgresConfig.parse({ ...source, schema }))
    await client.query('ROLLBACK')
    return { queries, tables: found.length }
  }
  await client.query('CREATE SCHEMA one; CREATE TABLE one.t (id int)')
  const one = await countQueries('one')
  const many = await countQueries('many')
  expect([one.tables, many.tables]).toEqual([1, 10_000])
  expect(many.queries).toBe(one.queries)

  const began = Date.now()
  expect((await discover({ schema: 'many' })).size).toBe(10_000)
  const seconds = (Date.now() - began) / 1000
  console.info(`10,000 tables of 8 columns discovered in ${seconds.toFixed(2)} s`)
  expect(seconds).toBeLessThan(15) // 0.4 s where nothing else runs
}, 120_000)
