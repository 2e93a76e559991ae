import { expect, test } from 'vitest'
import { snakeCase, tableNameFor } from './table-names'

test('a name upstream becomes lower snake case, whatever it holds', () => {
  expect(snakeCase('Order Items')).toBe('order_items')
  expect(snakeCase('orderItems')).toBe('order_items')
  expect(snakeCase('public.orders')).toBe('public_orders')
  expect(snakeCase('Größe "x".y')).toBe('große_x_y')
  expect(snakeCase('🚀')).toBe('')
})

test('a table is named after prefix, connector and schema, and no two share a name', () => {
  const taken = new Set<string>()
  expect(tableNameFor('shop_', 'postgres', 'orders', taken)).toBe('shop_postgres_orders')
  expect(tableNameFor('shop', 'postgres', 'Orders', taken)).toBe('shop_postgres_orders_2')
  expect(tableNameFor('', 'postgres', '🚀', taken)).toBe('postgres_table')
  expect(tableNameFor('', 'postgres', '🎈', taken)).toBe('postgres_table_2')
})
