import { setTimeout as delay } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits } from '@/lib/core/limits'
import { publishForTest } from './publish-for-test'
import { QueryError } from './query-error'
import { coolDownQueries, warmUpQueries, withQueryProcess } from './query-queue'
import { runReadOnly } from './run-read-only'
import type { CellValue, NamedTable, TableCatalogue } from './types'

const tables: NamedTable[] = []

beforeAll(async () => {
  tables.push(
    await publishForTest({ name: 'shop_postgres_orders', dottedName: 'shop_postgres.orders', files: ['SELECT i AS id, i % 10 AS customer FROM range(1000) r(i)', 'SELECT i AS id, 7 AS customer FROM range(1000, 1500) r(i)'], columns: { id: 'BIGINT', customer: 'BIGINT' }, deleted: { 0: [0, 1, 2], 1: [499] } }),
    await publishForTest({ name: 'shop_postgres_customers', dottedName: 'shop_postgres.customers', files: ["SELECT i AS id, 'name ' || i AS name FROM range(10) r(i)"], columns: { id: 'BIGINT', name: 'VARCHAR' } }),
    await publishForTest({ name: 'odd_sources_tabel', dottedName: 'odd_sources.tabel', files: ['SELECT 1 AS "Größe ""x"""'], columns: { 'Größe "x"': 'INTEGER' } }),
    await publishForTest({ name: 'shop_postgres_nothing', dottedName: 'shop_postgres.nothing', files: [], columns: { id: 'BIGINT' } }),
  )
  warmUpQueries()
})

afterAll(() => coolDownQueries())

const run = (sql: string, rowLimit = 100) => runReadOnly(tables, sql, { rowLimit })
const rows = async (sql: string): Promise<CellValue[][]> => (await run(sql)).rows

async function problem(sql: string, over: NamedTable[] | TableCatalogue = tables): Promise<QueryError> {
  const error = await runReadOnly(over, sql, { rowLimit: 1 }).then(() => undefined, (reason: unknown) => reason)
  if (!(error instanceof QueryError)) throw new Error(`It did not fail as a query does: ${String(error)}`)
  return error
}

describe('tables', () => {
  it('are read under both of their names, without their deleted rows', async () => {
    expect(await rows('SELECT count(*), min(id), max(id) FROM shop_postgres_orders')).toEqual([['1496', '3', '1498']])
    expect(await rows('SELECT count(*) FROM shop_postgres.orders')).toEqual([['1496']])
  })

  it('give texts whole, also those that begin with the letter of which a file makes its mark', async () => {
    const [letters] = await rows(`SELECT '\ufeffa', '\ufeff' || repeat('x', 20), ['\ufeff'], {'\ufeffkey': '\ufeffvalue'}, '\ufeff'::VARIANT, 'a\ufeff'`)
    expect(letters).toEqual(['\ufeffa', `\ufeff${'x'.repeat(20)}`, ['\ufeff'], { '\ufeffkey': '\ufeffvalue' }, '\ufeff', 'a\ufeff'])
  })

  it('are joined, in subqueries and common table expressions too, whatever the case of their names', async () => {
    expect(await rows('WITH o AS (SELECT customer, count(*) n FROM SHOP_Postgres.Orders GROUP BY 1) SELECT c.name, o.n FROM o JOIN shop_postgres_customers c ON c.id = o.customer WHERE c.id = 7')).toEqual([['name 7', '599']])
    expect(await rows('SELECT (SELECT count(*) FROM shop_postgres_customers), EXISTS (SELECT 1 FROM odd_sources.tabel)')).toEqual([['10', true]])
  })

  it('that are empty have their columns', async () => {
    expect(await run('SELECT * FROM shop_postgres_nothing')).toMatchObject({ columns: [{ name: 'id', type: 'BIGINT' }], rows: [], isTruncated: false })
  })

  it('are found behind query() and query_table()', async () => {
    expect(await rows("SELECT * FROM query('SELECT count(*) FROM shop_postgres_customers')")).toEqual([['10']])
    expect(await rows("SELECT count(*) FROM query_table('shop_postgres_customers')")).toEqual([['10']])
  })

  it('are described, summarised and listed', async () => {
    expect((await rows('DESCRIBE shop_postgres.customers')).map((row) => row[0])).toEqual(['id', 'name'])
    expect((await rows('SUMMARIZE shop_postgres_customers')).length).toBe(2)
    expect((await rows('SHOW TABLES')).flat()).toEqual(expect.arrayContaining(tables.map((table) => table.name)))
    expect(await rows("SELECT column_name FROM information_schema.columns WHERE table_schema = 'shop_postgres' AND table_name = 'customers' ORDER BY 1")).toEqual([['id'], ['name']])
  })

  it('are looked up only when the query names them', async () => {
    const looked: string[][] = []
    const catalogue: TableCatalogue = {
      names: async () => [...Array.from({ length: 10_000 }, (_, i) => ({ name: `t_${i}`, dottedName: `t.${i}` })), ...tables],
      find: async (names) => {
        looked.push(names)
        return tables.filter((table) => names.includes(table.name))
      },
    }
    expect((await runReadOnly(catalogue, 'SELECT count(*) FROM shop_postgres.customers', { rowLimit: 1 })).rows).toEqual([['10']])
    expect(looked).toEqual([['shop_postgres_customers']])
  })
})

describe('values keep what they are', () => {
  const exact: [string, CellValue][] = [
    ['9007199254740993::BIGINT', '9007199254740993'],
    ['(-9223372036854775808)::BIGINT', '-9223372036854775808'],
    ['18446744073709551615::UBIGINT', '18446744073709551615'],
    ['170141183460469231731687303715884105727::HUGEINT', '170141183460469231731687303715884105727'],
    ['1234567890123456789012345678.9012345678::DECIMAL(38,10)', '1234567890123456789012345678.9012345678'],
    ['0.10::DECIMAL(5,2)', '0.10'],
    ['42', 42],
    ['0.1::DOUBLE', 0.1],
    ['0.1::FLOAT', 0.1],
    ["'NaN'::DOUBLE", 'NaN'],
    ["'-Infinity'::DOUBLE", '-Infinity'],
    ["DATE '2024-02-29'", '2024-02-29'],
    ["'-infinity'::DATE", '-infinity'],
    ["'0001-06-07 (BC)'::DATE", '0001-06-07 (BC)'],
    ["TIME '24:00:00'", '24:00:00'],
    ["TIMESTAMP '2024-01-02 03:04:05.000001'", '2024-01-02 03:04:05.000001'],
    ["'infinity'::TIMESTAMP", 'infinity'],
    ["TIMESTAMPTZ '2024-01-02 03:04:05+02'", '2024-01-02 01:04:05+00'],
    ["INTERVAL '1 year 2 days 3 seconds'", '1 year 2 days 00:00:03'],
    ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ["'\\x00\\xFFa'::BLOB", '00ff61'],
    ['true', true],
    ['NULL', null],
    ["''", ''],
    ["'é😀'", 'é😀'],
    [`'{"a": 9007199254740993}'::JSON`, '{"a": 9007199254740993}'],
    ['[1::BIGINT, NULL]', ['1', null]],
    ["{'2': 1.50::DECIMAL(5,2), '1': [DATE '2024-01-01']}", { '2': '1.50', '1': ['2024-01-01'] }],
    ["MAP {'a': 1::BIGINT}", { a: '1' }],
    ['MAP {1: 2}', [{ key: 1, value: 2 }]],
  ]
  it.each(exact)('%s', async (sql, value) => {
    expect(await rows(`SELECT ${sql}`)).toEqual([[value]])
  })

  it('dates and times as the engine itself writes them, over its whole range', async () => {
    const engine = await (await DuckDBInstance.create(':memory:')).connect()
    const days = [-2_147_483_646 / 400, -719_529, -719_528, -719_163, -719_162, -719_161, -1, 0, 1, 11_016, 19_782, 2_932_897, 50_000_000].map(Math.trunc)
    const select = days.map((day) => `(DATE '1970-01-01' + ${day}), (TIMESTAMP '1970-01-01 00:00:00' + INTERVAL '${day} days' + INTERVAL '1 microsecond')`).join(', ')
    const expected = (await engine.runAndReadAll(`SELECT [${select.split('), (').map((one) => `CAST(${one.replace(/^\(|\)$/g, '')} AS VARCHAR)`).join(', ')}]`)).getRowsJson()[0]?.[0]
    expect((await rows(`SELECT ${select}`))[0]).toEqual(expected)
  })

  it('columns of one name stay two columns', async () => {
    expect(await run('SELECT 1 AS a, 2 AS a')).toMatchObject({ columns: [{ name: 'a' }, { name: 'a' }], rows: [[1, 2]] })
  })
})

describe('limits', () => {
  it('the row limit ends a query that would go on, and says so', async () => {
    const result = await run('SELECT * FROM range(1000000000000) r(i)', 10)
    expect(result.rows.length).toBe(10)
    expect(result.isTruncated).toBe(true)
    expect((await run('SELECT * FROM range(10)', 10)).isTruncated).toBe(false)
  })

  it.each(['SELECT count(*) FROM range(1000000000) a, range(1000000000) b', 'WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM x) SELECT max(i) FROM x', "SELECT max(length(regexp_replace(repeat('a', 5000) || i, '(a+)+', 'b', 'g'))) FROM range(100000000) r(i)"])('a cancelled query ends at once: %s', async (sql) => {
    const controller = new AbortController()
    const running = runReadOnly(tables, sql, { rowLimit: 1, signal: controller.signal })
    running.catch(() => {})
    await delay(1_000)
    const startedAt = performance.now()
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - startedAt).toBeLessThan(2_500)
  })

  it('a query that was cancelled before it began is not run', async () => {
    await expect(runReadOnly(tables, 'SELECT 1', { rowLimit: 1, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('more queries than run at once wait, and whoever runs fewest comes first', async () => {
    // the places of the queries before are free again
    await coolDownQueries()
    const started: string[] = []
    const releases: (() => void)[] = []
    const ask = (key: string) =>
      withQueryProcess(key, undefined, () => {
        started.push(key)
        return new Promise<void>((resolve) => releases.push(resolve))
      })
    const all = [...Array.from({ length: limits.queriesAtOnce + 2 }, () => ask('busy')), ask('other')]
    await expect.poll(() => started.length).toBe(limits.queriesAtOnce)
    for (let released = 0; released < all.length; released++) {
      releases[released]?.()
      await expect.poll(() => started.length, { timeout: 10_000 }).toBe(Math.min(all.length, limits.queriesAtOnce + released + 1))
    }
    await Promise.all(all)
    expect(started.indexOf('other')).toBe(limits.queriesAtOnce)
  })
})

describe('errors', () => {
  it('stand at their place, counted as editors count, also behind letters of several bytes', async () => {
    const sql = "SELECT 'é😀',\n  nosuch\nFROM shop_postgres_orders"
    const error = await problem(sql)
    expect(error).toMatchObject({ code: 'query', title: 'There is no column named nosuch here', position: { line: 2, column: 3 } })
    expect(sql.slice(error.position?.offset)).toMatch(/^nosuch/)
  })

  it('stand at their place behind an EXPLAIN', async () => {
    const sql = '-- why\n explain  analyze\tSELECT nosuch FROM shop_postgres_orders'
    const error = await problem(sql)
    expect(sql.slice(error.position?.offset)).toMatch(/^nosuch/)
  })

  it('name the table that was meant', async () => {
    expect(await problem('SELECT * FROM shop_postgres_order')).toMatchObject({ title: 'There is no table named shop_postgres_order', advice: expect.stringContaining('shop_postgres_orders'), position: { line: 1, column: 15 } })
    expect((await problem('SELECT * FROM customers')).advice).toContain('shop_postgres.customers')
    expect((await problem('SELECT * FROM x', [])).advice).toContain('link a source')
  })

  it.each([
    ['SELEC 1', 'The query has a mistake in its syntax', 0],
    ['SELECT 1 +', 'The query has a mistake in its syntax', 10],
    ["SELECT 'abc'::INTEGER", 'A value could not be converted', 12],
    ['SELECT nosuch(1)', 'Scalar Function with name nosuch does not exist', 7],
    ["SELECT 'a' - DATE '2024-01-01'", 'A value could not be converted', null],
    ['SELECT sum(name) FROM shop_postgres_customers', 'The query does not fit its tables', 7],
    ['SELECT 1; SELECT 2', 'One statement is run at a time', null],
    ['DELETE FROM shop_postgres_customers', 'Only SELECT is run here', null],
    ['PIVOT shop_postgres_customers ON name', 'PIVOT needs its values here', null],
  ])('%s', async (sql, title, offset) => {
    const error = await problem(sql)
    expect(error.title).toBe(title)
    if (offset !== null) expect(error.position?.offset).toBe(offset)
  })
})
