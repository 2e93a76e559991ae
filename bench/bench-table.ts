import pg from 'pg'

/** Ten mixed columns: key, integers, decimal, float, boolean, texts, a date, a time. */
const COLUMNS = `
  id bigint, customer_id integer, status text, amount numeric(12,2), weight double precision,
  is_paid boolean, email text, note text, ordered_on date, updated_at timestamptz`

const AT_ONCE = 1_000_000

function rowsSql(from: number, to: number): string {
  return `select
      n as id, (n * 7919 % 100003)::int, (array['new','paid','sent','returned'])[1 + n % 4], round((n * 37 % 1000003)::numeric / 100, 2), (n * 31 % 99991) / 7.0,
      n % 3 = 0, 'customer' || n % 100003 || '@example.com', 'Order ' || n || ' of ' || md5((n % 5003)::text), date '2020-01-01' + (n % 2000)::int, timestamptz '2026-01-01 00:00+00' + n * interval '1 second'
    from generate_series(${from}::bigint, ${to}::bigint) n`
}

export function benchTableName(rows: number): string {
  return `bench_${rows}`
}

/**
 * Make the table with that many rows, a primary key and an index on `updated_at`; gives its name. Races that need the same number of rows share it,
 * and one that a kept database has is used as it is: rows that a race deleted come back, making it goes on where it was interrupted.
 */
export async function makeBenchTable(url: string, rows: number): Promise<string> {
  const name = benchTableName(rows)
  await withClient(url, async (client) => {
    await client.query(`create table if not exists ${name} (${COLUMNS}) with (autovacuum_enabled = false)`)
    const counted = await client.query<{ count: string; last: string | null }>(`select count(*), max(id) as last from ${name}`)
    const { count, last } = { count: Number(counted.rows[0]?.count), last: Number(counted.rows[0]?.last ?? 0) }
    const { rows: indexes } = await client.query<{ isPrimary: boolean }>(`select indisprimary as "isPrimary" from pg_index where indrelid = '${name}'::regclass`)
    if (count === rows && indexes.length === 2) return
    if (last === rows && count < rows) await client.query(`insert into ${name} select * from (${rowsSql(1, rows)}) r where not exists (select from ${name} t where t.id = r.id)`)
    for (let from = last + 1; from <= rows; from += AT_ONCE) await client.query(`insert into ${name} ${rowsSql(from, Math.min(rows, from + AT_ONCE - 1))}`)
    if (!indexes.some(({ isPrimary }) => isPrimary)) await client.query(`alter table ${name} add primary key (id)`)
    if (!indexes.some(({ isPrimary }) => !isPrimary)) await client.query(`create index on ${name} (updated_at)`)
    await client.query(`vacuum (analyze, freeze) ${name}`)
    await client.query('checkpoint')
  })
  return name
}

/** Update that many rows, spread evenly over the table, other ones each round; their new `updated_at` lies within the day after the newest. */
export async function changeRows(url: string, name: string, changed: number, rows: number, round: number): Promise<void> {
  const stride = Math.floor(rows / changed)
  await withClient(url, async (client) => {
    const { rowCount } = await client.query(
      `update ${name} set status = 'changed', amount = amount + 1,
         updated_at = (select max(updated_at) from ${name}) + interval '1 hour' + id * ($4::bigint * interval '1 microsecond')
       from generate_series($1::bigint, $2::bigint, $3::bigint) chosen where id = chosen`,
      [1 + (round % stride), stride * changed, stride, Math.floor(86_400_000_000 / rows)],
    )
    if (rowCount !== changed) throw new Error(`${rowCount} rows of ${name} were changed, not ${changed}`)
    await client.query('checkpoint')
  })
}

export async function withClient<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}
