import { expect, test } from 'vitest'
import { tablesInQuery } from './tables-in-query'

const tables = [{ name: 'shop_orders', dottedName: 'shop.orders' }, { name: 'shop_orders_old', dottedName: 'shop.orders_old' }, { name: 'crm_people', dottedName: 'crm.people' }]
const named = (sql: string) => tablesInQuery(sql, tables).map(({ name }) => name)

test.each([
  ['SELECT * FROM shop_orders', ['shop_orders']],
  ['select o.id from SHOP.Orders o join "crm"."people" p on p.id = o.id', ['shop_orders', 'crm_people']],
  ['select shop.orders.id from shop . orders', ['shop_orders']],
  ['select shop_orders.id from crm_people, shop_orders', ['shop_orders', 'crm_people']],
  ['select * from "shop_orders_old"', ['shop_orders_old']],
])('%s', (sql, expected) => {
  expect(named(sql)).toEqual(expected)
})

test('what only looks like a name is none: a longer name, a text, a comment', () => {
  expect(named(`select 'shop_orders', my_shop_orders, shop_orders2 -- crm_people\n /* shop.orders */ from other where note = 'it''s crm_people' and x = $a$crm_people$a$`)).toEqual([])
})
