import pg from 'pg'

/** Ten mixed columns: key, integers, decimal, float, boolean, texts, a date, two times. */
const COLUMNS = `
  id bigint, customer_id integer, status text, amount numeric(12,2), weight double precision,
  is_paid boolean, email text, note text, ordered_on date, updated_at timestamptz`

function rowsSql(from: number, to: number): string {
  return `select
      n, (n * 7919 % 100003)::int, (array['new','paid','sent','returned'])[1 + n % 4], round((n * 37 % 1000003)::numeric / 100, 2), (n * 31 % 99991) / 7.0,
      n % 3 = 0, 'customer' || n % 100003 || '@example.com', 'Order ' || n || ' of ' || md5((n % 5003)::text), date '2020-01-01' + (n % 2000)::int, timestamptz '2026-01-01 00:00+00' + n * interval '1 second'
    from generate_series(${from}::bigint, ${to}::bigint) n`
}

/** Make `name` with that many rows, a primary key and an index on `updated_at`; the same rows every time. */
export async function makeBenchTable(url: string, name: string, rows: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`create table if not exists ${name} (${COLUMNS})`)
    const { rows: counted } = await client.query<{ count: string }>(`select count(*) from ${name}`)
    if (Number(counted[0]?.count) === rows) return
    await client.query(`truncate ${name}`)
    for (let from = 1; from <= rows; from += 1_000_000) {
      await client.query(`insert into ${name} ${rowsSql(from, Math.min(rows, from + 999_999))}`)
    }
    await client.query(`alter table ${name} add primary key (id)`)
    await client.query(`create index on ${name} (updated_at)`)
    await client.query(`vacuum (analyze, freeze) ${name}`)
    await client.query('checkpoint')
  })
}

/** Update that many rows, spread evenly over the table, with a newer `updated_at`. */
export async function changeRows(url: string, name: string, changed: number, rows: number, round: number): Promise<void> {
  const stride = Math.floor(rows / changed)
  await withClient(url, async (client) => {
    await client.query(
      `update ${name} set status = 'changed', amount = amount + 1, updated_at = timestamptz '2027-01-01 00:00+00' + $1 * interval '1 day' + id * interval '1 microsecond'
       where id % $2 = 0 and id <= $2::bigint * $3`,
      [round, stride, changed],
    )
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
