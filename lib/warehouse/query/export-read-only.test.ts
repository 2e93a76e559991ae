import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { exportReadOnly } from './export-read-only'
import { publishForTest } from './publish-for-test'
import { coolDownQueries, warmUpQueries } from './query-queue'
import type { ExportFormat, NamedTable } from './types'

const tables: NamedTable[] = []

beforeAll(async () => {
  tables.push(await publishForTest({ name: 'shop_orders', files: ["SELECT i AS id, 'order ' || i AS word FROM range(200000) r(i)"], columns: { id: 'BIGINT', word: 'VARCHAR' }, deleted: { 0: [0] } }))
  warmUpQueries()
})

afterAll(() => coolDownQueries())

async function exported(sql: string, format: ExportFormat, guardsFormulas = false): Promise<{ file: string; text: string; rows: number; bytes: number }> {
  const file = path.join(dataFolder(), `${newId()}.${format}`)
  const done = await exportReadOnly(tables, sql, format, file, { guardsFormulas })
  return { file, text: readFileSync(file, 'utf8'), ...done }
}

it('CSV has a header, quotes what needs it, and tells empty from NULL', async () => {
  const { text, rows, bytes } = await exported(`SELECT 1 AS id, 'a,"b"' AS "the ""word""", 'two\nlines' AS lines, NULL AS none, '' AS empty, 9007199254740993 AS big, 1.10::DECIMAL(5,2) AS price`, 'csv')
  expect(text).toBe('id,"the ""word""",lines,none,empty,big,price\n1,"a,""b""","two\nlines",,"",9007199254740993,1.10\n')
  expect({ rows, bytes }).toEqual({ rows: 1, bytes: Buffer.byteLength(text) })
})

it('CSV of the whole table, in the order that was asked for, without the deleted rows', async () => {
  const { text, rows } = await exported('SELECT id FROM shop_orders ORDER BY id DESC', 'csv')
  const lines = text.trimEnd().split('\n')
  expect([rows, lines.length, lines[0], lines[1], lines.at(-1)]).toEqual([199_999, 200_000, 'id', '199999', '1'])
})

it('CSV guards formulas only when it is asked to', async () => {
  expect((await exported(`SELECT '=1+1' AS a, -5 AS b`, 'csv')).text).toBe('a,b\n=1+1,-5\n')
  expect((await exported(`SELECT '=1+1' AS a, -5 AS b, '@x' AS c, 'x=' AS d`, 'csv', true)).text).toBe("a,b,c,d\n'=1+1,-5,'@x,x=\n")
})

it('JSON carries the same exact values as the screen', async () => {
  const { text } = await exported(`SELECT 9007199254740993 AS big, 'NaN'::DOUBLE AS nan, [1.50::DECIMAL(5,2)] AS list, NULL AS none, 'é"' AS word`, 'json')
  expect(JSON.parse(text)).toEqual([{ big: '9007199254740993', nan: 'NaN', list: ['1.50'], none: null, word: 'é"' }])
  expect(JSON.parse((await exported('SELECT 1 WHERE false', 'json')).text)).toEqual([])
})

it('Parquet holds every row with its type', async () => {
  const { file, rows } = await exported('SELECT id, word, 12.5::DECIMAL(10,2) AS price FROM shop_orders', 'parquet')
  expect(rows).toBe(199_999)
  const engine = await (await DuckDBInstance.create(':memory:')).connect()
  expect((await engine.runAndReadAll(`SELECT count(*), sum(id), any_value(typeof(price)), any_value(typeof(id)) FROM '${file}'`)).getRowsJson()).toEqual([['199999', '19999900000', 'DECIMAL(10,2)', 'BIGINT']])
})

it('columns of one name are told apart', async () => {
  expect((await exported('SELECT 1 AS a, 2 AS a', 'csv')).text.split('\n')[0]).toMatch(/^a,a.1$/)
})

it.each([
  ["SELECT 1) TO '/tmp/break-out.csv' --"],
  ["SELECT 1') TO '/tmp/break-out.csv' --"],
  ["SELECT '1''); COPY (SELECT 1) TO ''/tmp/break-out.csv'"],
  ["SELECT 1; COPY (SELECT 1) TO '/tmp/break-out.csv'"],
  ["COPY (SELECT 1) TO '/tmp/break-out.csv'"],
  ['EXPLAIN ANALYZE SELECT 1'],
  ["SELECT content FROM read_text('/etc/hostname')"],
  ["SELECT content FROM read_text('result.csv')"],
  ["SELECT * FROM 'result.csv'"],
])('a break-out writes nothing: %s', async (sql) => {
  const outcome = await exported(sql, 'csv').then((done) => done.text, (error: { code: string }) => error.code)
  // the third is an honest SELECT of one odd text; every other one is refused
  if (outcome !== 'query') expect(outcome).toContain('COPY (SELECT 1) TO')
  expect(existsSync('/tmp/break-out.csv')).toBe(false)
})

it('an export that is cancelled leaves no file', async () => {
  const controller = new AbortController()
  const file = path.join(dataFolder(), 'cancelled.csv')
  const running = exportReadOnly(tables, 'SELECT a.id, b.word FROM shop_orders a, shop_orders b', 'csv', file, { signal: controller.signal })
  setTimeout(() => controller.abort(), 1_500)
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(existsSync(file)).toBe(false)
  await coolDownQueries()
  expect(readdirSync(path.join(dataFolder(), 'query'))).toEqual([])
})
