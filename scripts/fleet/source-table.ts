import pg from 'pg'

export interface SourceTable {
  database: string
  name: string
  method: 'full' | 'incremental'
  rows: number
}

/** The same words in both engines. Each transaction keeps the sum of the amounts, and its number is in the rows that it touched: so the state of a table tells which one it is. */
export const STATE = `concat_ws('|', count(*)::varchar, sum(amount)::varchar, sum(rev)::varchar, max(rev)::varchar, sum(id)::varchar)`

const row = (microseconds: string) => `concat_ws('|', id::varchar, amount::varchar, rev::varchar, coalesce(price::varchar, '-'), active::varchar, coalesce(note, '-'), ${microseconds})`
/** A row as a text, in the source and in the warehouse. */
export const rowText = { source: row('(extract(epoch FROM updated_at) * 1000000)::bigint::varchar'), warehouse: row('epoch_us(updated_at)::varchar') }

/** Every row of a table, in one text of 32 letters. */
export const digest = (text: string) => `md5(string_agg(${text}, chr(10) ORDER BY id))`

export const quoted = pg.escapeIdentifier

/** A database with these tables, filled. */
export async function makeDatabase(serverUrl: string, database: string, tables: SourceTable[]): Promise<string> {
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${quoted(database)}`))
  const url = urlOf(serverUrl, database)
  await withClient(url, (client) => fillTables(client, tables))
  return url
}

export async function fillTables(client: pg.Client, tables: SourceTable[]): Promise<void> {
  for (const { name, rows } of tables) {
    await client.query(`CREATE TABLE ${quoted(name)} (id bigint PRIMARY KEY, amount bigint NOT NULL, rev bigint NOT NULL, price numeric(12, 2), active boolean NOT NULL, note text, updated_at timestamptz NOT NULL)`)
    await client.query(`INSERT INTO ${quoted(name)} SELECT g, g % 97 * 10, 0, CASE WHEN g % 5 > 0 THEN g * 1.37 END, g % 2 = 0, CASE WHEN g % 7 > 0 THEN 'row "' || g || '", it''s é' || chr(10) || repeat('x', g % 40) END, now() FROM generate_series(1, ${rows}) g`)
  }
}

export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // whoever waits for an answer hears of it
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
