import { afterAll, beforeAll, expect, test } from 'vitest'
import { leastCursor, lowerCursor, replicationOf } from './cursor-sql'
import { openEngine, type Engine } from './duckdb'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine(new AbortController().signal)
})
afterAll(() => engine.close())

const of = (type: string, sourceType = '') => replicationOf({ fieldId: 1, name: 'k', sourceName: 'k', sourceType, type, isPresent: true })

test.each([
  ['TIMESTAMPTZ', '2024-03-01 00:05:00.123456+00', 600, '2024-02-29 23:55:00.123456+00'],
  ['TIMESTAMP', '1970-01-01 00:00:00', 1, '1969-12-31 23:59:59'],
  ['DATE', '2024-03-01', 86_400, '2024-02-29'],
  ['DATE', '2024-03-01', 90_000, '2024-02-28'],
  ['BIGINT', '9007199254740993', 1, '9007199254740992'],
  ['INTEGER', '5', 10, '-5'],
  ['DECIMAL(38,0)', '99999999999999999999999999999999999999', 1, '99999999999999999999999999999999999998'],
  ['TIMESTAMPTZ', '2024-03-01 00:05:00+00', 0, '2024-03-01 00:05:00+00'],
  ['VARCHAR', 'b', 600, 'b'],
])('%s: %s less %i is %s', async (type, cursor, by, expected) => {
  expect(await lowerCursor(engine, of(type), cursor, by)).toBe(expected)
})

test('below the least value of a type there is only the first row', async () => {
  expect(await lowerCursor(engine, of('UINTEGER'), '5', 10)).toBeNull()
  expect(await lowerCursor(engine, of('SMALLINT'), '-32768', 1)).toBeNull()
})

test('the least cursor is found by value, and given as it was', async () => {
  expect(await leastCursor(engine, of('BIGINT'), ['10', '9', '100'])).toBe('9')
  expect(await leastCursor(engine, of('VARCHAR', 'numeric(60,0)'), ['10', '9'])).toBe('9')
  expect(await leastCursor(engine, of('TIMESTAMPTZ'), ['2024-01-01 00:00:00.5+00', '2024-01-01 00:00:00+00', '10000-01-01 00:00:00+00'])).toBe('2024-01-01 00:00:00+00')
})
