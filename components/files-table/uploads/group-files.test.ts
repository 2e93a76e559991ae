import { expect, test } from 'vitest'
import { looksLikeOne, tablesOf } from './group-files'
import type { SentFile } from './send-file'

const file = (name: string, format: SentFile['format'] = 'csv'): SentFile => ({ id: name, name, bytes: 1, uploadedAt: '', format })
const short = (names: string[], grouping: 'one' | 'each') => tablesOf(names.map((name) => file(name)), grouping, []).map(({ name, pattern, settings }) => [name, pattern, settings.format])

test('parts of one table are told from different tables', () => {
  expect(looksLikeOne([file('orders-2026-01.csv'), file('orders-2026-02.csv')])).toBe(true)
  expect(looksLikeOne([file('orders.csv'), file('orders (1).csv')])).toBe(true)
  expect(looksLikeOne([file('orders.csv')])).toBe(true)
  expect(looksLikeOne([file('orders.csv'), file('refunds.csv')])).toBe(false)
  expect(looksLikeOne([file('orders.csv'), file('orders.json', 'json')])).toBe(false)
})

test('the tables are named as their files, each name once', () => {
  expect(short(['Orders-2026-01.csv', 'Orders-2026-02.csv'], 'one')).toEqual([['orders', '*', 'csv']])
  expect(short(['orders.csv'], 'one')).toEqual([['orders', '*', 'csv']])
  expect(short(['orders.csv', 'Orders.csv.gz', '2026.csv'], 'each')).toEqual([['orders', 'orders.csv', 'csv'], ['orders_2', 'Orders.csv.gz', 'csv'], ['uploads', '2026.csv', 'csv']])
  expect(tablesOf([], 'one', [])).toEqual([])
})

test('what people set of a table stays while files come and go', () => {
  const [first] = tablesOf([file('a.csv')], 'one', [])
  if (!first) throw new Error('a file makes a table')
  const named = { ...first, name: 'mine', isNameTyped: true }
  const [second] = tablesOf([file('a.csv'), file('b.csv')], 'one', [named])
  expect([second?.name, second?.key === first.key]).toEqual(['mine', false])
  expect(tablesOf([file('orders-1.csv'), file('orders-2.csv')], 'one', tablesOf([file('orders-1.csv')], 'one', []))[0]?.name, 'A name that nobody typed').toBe('orders')
  const each = tablesOf([file('a.csv'), file('b.csv')], 'each', [])
  expect(tablesOf([file('a.csv')], 'each', each)[0]).toBe(each[0])
})
