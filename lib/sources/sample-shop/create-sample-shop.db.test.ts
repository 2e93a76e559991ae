import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { asSuperuser, freshDatabase, type FreshDatabase } from '@/test/database'
import { createSampleShop, type SampleShop } from './create-sample-shop'

let own: FreshDatabase
let shop: SampleShop

beforeAll(async () => {
  own = await freshDatabase()
  shop = await createSampleShop()
})

afterAll(async () => {
  await asSuperuser(`drop database if exists ${shop.database} with (force)`)
  await own.drop()
})

async function asReader<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ host: shop.host, port: shop.port, database: shop.database, user: shop.user, password: shop.password })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** One number that changes when any value of the shop changes. */
const digest = `select md5(string_agg(d, '' order by t)) as digest from (
  select 'c' as t, md5(string_agg(x::text, '' order by id)) as d from customers x
  union all select 'p', md5(string_agg(x::text, '' order by id)) from products x
  union all select 'o', md5(string_agg(x::text, '' order by id)) from orders x
  union all select 'i', md5(string_agg(x::text, '' order by id)) from order_items x) as all_of_it`

test('the shop holds some 200,000 rows that hang together', async () => {
  const [counts] = await asReader(`select (select count(*)::int from customers) as customers, (select count(*)::int from products) as products,
    (select count(*)::int from orders) as orders, (select count(*)::int from order_items) as items,
    (select count(*)::int from orders where total <> subtotal + shipping + tax) as wrong_totals,
    (select count(*)::int from orders join customers on customers.id = customer_id where placed_at < created_at) as too_early,
    (select count(*)::int from orders where updated_at < placed_at) as updated_before_placed`)
  expect(counts).toMatchObject({ customers: 20_000, products: 500, orders: 60_000, wrong_totals: 0, too_early: 0, updated_before_placed: 0 })
  expect(counts?.items).toBeGreaterThan(119_000)
  expect(counts?.items).toBeLessThan(121_000)
})

test('made twice it is the same shop to the last value', async () => {
  const first = await asReader(digest)
  await asSuperuser(`drop database ${shop.database} with (force)`)
  await createSampleShop()
  expect(await asReader(digest)).toEqual(first)
})

test('a shop that is there is left as it is', async () => {
  const client = new pg.Client({ connectionString: own.url.replace(/[^/]+$/, shop.database) })
  await client.connect()
  await client.query(`update products set name = 'Mine now' where id = 1`)
  await client.end()
  expect(await createSampleShop()).toEqual(shop)
  expect(await asReader('select name from products where id = 1')).toEqual([{ name: 'Mine now' }])
})

test('an interrupted creation is done again, by one of two at once', async () => {
  await asSuperuser(`comment on database ${shop.database} is 'Tributary sample shop, being made'`)
  await Promise.all([createSampleShop(), createSampleShop()])
  expect(await asReader('select name from products where id = 1')).not.toEqual([{ name: 'Mine now' }])
})

test('the reader may read and nothing else', async () => {
  await expect(asReader('delete from orders')).rejects.toThrow('permission denied')
  await expect(asReader('create table mine (x int)')).rejects.toThrow('permission denied')
})

test('every type has a usual row, two edges and a row of nothing', async () => {
  const rows = await asReader<{ id: number; nulls: number; columns: number }>(`select id, (select count(*)::int from jsonb_each(to_jsonb(e.*)) where value = 'null') as nulls from every_type e where id in (1, 4) order by id`)
  expect(rows[0]?.nulls).toBe(0)
  expect(rows[1]?.nulls).toBeGreaterThan(60)
})

test('a server that does not let us create databases is answered in words', async () => {
  await asSuperuser(`create role powerless login password 'x'`)
  const url = new URL(own.url)
  url.username = 'powerless'
  url.password = 'x'
  setEnv({ DATABASE_URL: url.href })
  await expect(createSampleShop()).rejects.toMatchObject({ code: 'permission', title: 'The sample shop cannot be made on this server' })
  setEnv({ DATABASE_URL: own.url })
})

test('a database of the same name that is not the shop is never dropped', async () => {
  await asSuperuser(`comment on database ${shop.database} is 'the accounts of the year'`)
  await expect(createSampleShop()).rejects.toMatchObject({ code: 'conflict' })
})
