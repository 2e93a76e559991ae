/** How many rows the shop gets; the lines come to two per order. */
export const CUSTOMERS = 20_000
export const PRODUCTS = 500
export const ORDERS = 60_000

/** The shop's clock stands still here, so that every shop is the same one. */
const TODAY = `timestamptz '2026-06-30 18:00:00+00'`

const fillCustomers = `
insert into customers (id, email, full_name, company, country, city, phone, is_subscribed, preferences, tags, created_at, updated_at)
select n,
  lower(translate(first_name || '.' || last_name, ' ''éèêáãóöøüñíÉÖØëîçłø', '--eeeaaoooouniEOOeiclo')) || n || '@example.com',
  first_name || ' ' || last_name,
  case when pg_temp.pick(n, 3, 6) = 0 then pg_temp.choose(companies, n, 4) end,
  split_part(place, ':', 1), split_part(place, ':', 2),
  case when pg_temp.pick(n, 5, 10) < 7 then '+' || (30 + pg_temp.pick(n, 6, 60)) || ' ' || lpad(pg_temp.pick(n, 7, 100000000)::text, 8, '0') end,
  pg_temp.pick(n, 8, 3) > 0,
  jsonb_build_object('language', lower(split_part(place, ':', 1)), 'newsletter', pg_temp.pick(n, 8, 3) > 0, 'theme', (array['light', 'dark', 'system'])[1 + pg_temp.pick(n, 9, 3)]),
  case pg_temp.pick(n, 10, 5) when 0 then '{vip}' when 1 then '{new,"first order"}' else '{}' end::text[],
  born, least(born + pg_temp.pick(n, 12, 40000000) * interval '1 second', ${TODAY})
from words, generate_series(1, ${CUSTOMERS}) as n,
  lateral (select pg_temp.choose(first_names, n, 1) as first_name, pg_temp.choose(last_names, n, 2) as last_name,
    pg_temp.choose(cities, n, 13) as place, ${TODAY} - (1 + pg_temp.pick(n, 11, 94000000)) * interval '1 second' as born) as person;
`

const fillProducts = `
insert into products (id, sku, name, category, price, cost, weight_grams, attributes, discontinued_on, created_at, updated_at)
select n,
  upper(left(material, 2) || left(thing, 3)) || '-' || lpad(n::text, 4, '0'),
  pg_temp.choose(adjectives, n, 21) || ' ' || material || ' ' || thing,
  split_part(category_and_thing, ':', 1)::product_category,
  price, round(price * (40 + pg_temp.pick(n, 24, 30)) / 100, 2),
  50 + pg_temp.pick(n, 25, 12000),
  jsonb_build_object('material', lower(material), 'colours', (array['["natural"]', '["black","white"]', '["sage","sand","ink"]'])[1 + pg_temp.pick(n, 26, 3)]::jsonb, 'warranty_years', pg_temp.pick(n, 27, 6)),
  case when pg_temp.pick(n, 28, 12) = 0 then date '2025-01-01' + pg_temp.pick(n, 29, 500) end,
  timestamptz '2022-01-03 08:00:00+00' + n * interval '7 hours',
  timestamptz '2024-01-03 08:00:00+00' + pg_temp.pick(n, 30, 70000000) * interval '1 second'
from words, generate_series(1, ${PRODUCTS}) as n,
  lateral (select pg_temp.choose(materials, n, 31) as material, pg_temp.choose(things, n, 32) as category_and_thing, split_part(pg_temp.choose(things, n, 32), ':', 2) as thing,
    round((490 + pg_temp.pick(n, 23, 180) * pg_temp.pick(n, 33, 180)) / 100.0, 2) - 0.01 as price) as thing_of_material;
`

// An order is placed after its customer joined; its number follows its day.
const planOrders = `
create temporary table planned as
select row_number() over (order by placed_at, n) as id, n, customer_id, placed_at
from (
  select n, customers.id as customer_id, created_at + (${TODAY} - created_at) * (pg_temp.pick(n, 42, 1000000) / 1000000.0) as placed_at
  from generate_series(1, ${ORDERS}) as n
  join customers on customers.id = 1 + least(pg_temp.pick(n, 41, ${CUSTOMERS}), pg_temp.pick(n, 43, ${CUSTOMERS}))
) as placed;
create temporary table planned_with_age as
select *, extract(epoch from ${TODAY} - placed_at)::bigint as age, pg_temp.pick(n, 44, 100) as fate from planned;
`

const fillItems = `
insert into order_items (id, order_id, product_id, quantity, unit_price, discount, updated_at)
select row_number() over (order by planned.id, line), planned.id, products.id,
  case when pg_temp.pick(n * 4 + line, 53, 8) < 6 then 1 else 2 + pg_temp.pick(n * 4 + line, 54, 4) end,
  products.price,
  case when pg_temp.pick(n * 4 + line, 55, 10) = 0 then (5 + pg_temp.pick(n * 4 + line, 56, 4) * 5) / 100.0 else 0 end,
  placed_at
from planned cross join lateral generate_series(1, 1 + pg_temp.pick(n, 51, 3)) as line
join products on products.id = 1 + pg_temp.pick(n * 4 + line, 52, ${PRODUCTS});
`

const fillOrders = `
insert into orders (id, number, customer_id, status, currency, subtotal, shipping, tax, total, note, placed_at, shipped_at, updated_at)
select planned.id, 'SO-' || to_char(placed_at at time zone 'UTC', 'YYYY') || '-' || lpad(planned.id::text, 6, '0'), customer_id,
  case when fate < 4 then 'cancelled' when age < 86400 then 'pending' when age < 2 * 86400 then 'paid' when age < 3 * 86400 then 'packed'
    when age < 7 * 86400 then 'shipped' when fate < 9 then 'returned' else 'delivered' end::order_status,
  'EUR',
  subtotal, shipping, round(subtotal * 0.19, 2), subtotal + shipping + round(subtotal * 0.19, 2),
  case pg_temp.pick(n, 61, 25) when 0 then 'Please leave it with the neighbour' when 1 then E'Gift: "For Zoë",\\nwith a card' when 2 then '' end,
  placed_at,
  case when fate >= 4 and age >= 3 * 86400 then placed_at + (40000 + pg_temp.pick(n, 62, 200000)) * interval '1 second' end,
  least(placed_at + (case when fate < 4 then 3600 else 40000 + pg_temp.pick(n, 62, 200000) + 4 * 86400 end) * interval '1 second', ${TODAY})
from planned_with_age as planned
join customers on customers.id = customer_id
join (select order_id, round(sum(quantity * unit_price * (1 - discount)), 2) as subtotal, case when sum(quantity * unit_price) > 60 then 0 else 4.90 end as shipping from order_items group by 1) as lines on order_id = planned.id;
`

/** The statements that fill the shop, in order, with words for each. */
export const fillings: { words: string; sql: string }[] = [
  { words: `Sample shop: ${CUSTOMERS.toLocaleString('en')} customers`, sql: fillCustomers },
  { words: `Sample shop: ${PRODUCTS} products`, sql: fillProducts },
  { words: `Sample shop: ${ORDERS.toLocaleString('en')} orders with their lines`, sql: planOrders + fillItems + fillOrders },
]
