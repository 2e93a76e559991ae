import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { withClient } from '../bench-table'

type Kind = 'whole' | 'decimal' | 'float' | 'boolean' | 'text' | 'date' | 'time'

/** The columns of the bench table: what they hold, and the type that keeps all of it. */
const COLUMNS: Record<string, { kind: Kind; type: string }> = {
  id: { kind: 'whole', type: 'BIGINT' },
  customer_id: { kind: 'whole', type: 'INTEGER' },
  status: { kind: 'text', type: 'VARCHAR' },
  amount: { kind: 'decimal', type: 'DECIMAL(12,2)' },
  weight: { kind: 'float', type: 'DOUBLE' },
  is_paid: { kind: 'boolean', type: 'BOOLEAN' },
  email: { kind: 'text', type: 'VARCHAR' },
  note: { kind: 'text', type: 'VARCHAR' },
  ordered_on: { kind: 'date', type: 'DATE' },
  updated_at: { kind: 'time', type: 'TIMESTAMP WITH TIME ZONE' },
}

/** Of a table: how many rows it has, and one number per column that does not depend on their order. */
export interface Sums {
  rows: string
  columns: Record<string, string>
}

/** Multiplies a float's fraction into whole numbers, which both sides write alike; exact, since it is a power of two. */
const FRACTION = 2 ** 39

/**
 * Each value is hashed together with the key of its row, so that values which changed places are found too. The same sums from PostgreSQL
 * and from DuckDB; nothing of the product is used for it, which is judged here as well.
 */
export async function sumsOfSource(url: string, table: string): Promise<Sums> {
  const text: Record<Kind, (column: string) => string> = {
    whole: (column) => `${column}::text`,
    decimal: (column) => `${column}::text`,
    float: (column) => `floor(${column} * ${FRACTION})::bigint::text`,
    boolean: (column) => `case when ${column} then 't' when not ${column} then 'f' end`,
    text: (column) => column,
    date: (column) => `${column}::text`,
    time: (column) => `(extract(epoch from ${column}) * 1000000)::bigint::text`,
  }
  const sum = (column: string, kind: Kind) => `sum(('x' || left(md5(id::text || coalesce(':' || ${text[kind](column)}, '-')), 15))::bit(60)::bigint)::text as ${column}`
  return withClient(url, async (client) => {
    await client.query(`set timezone = 'UTC'; set datestyle = 'ISO'`)
    const { rows } = await client.query<Record<string, string>>(`select count(*)::text as rows, ${Object.entries(COLUMNS).map(([column, { kind }]) => sum(column, kind)).join(', ')} from ${table}`)
    const { rows: count = '0', ...columns } = rows[0] ?? {}
    return { rows: count, columns }
  })
}

/** What a contender wrote, seen by DuckDB. `attach`: its database, as `peer`; `from`: its rows. */
export interface Written {
  attach?: string
  from: string
}

export interface Seen {
  sums: Sums
  /** The type of each column there. */
  types: Record<string, string>
}

export async function sumsOfWritten({ attach, from }: Written): Promise<Seen> {
  const instance = await DuckDBInstance.create(':memory:')
  try {
    const connection = await instance.connect()
    await connection.run(`SET TimeZone = 'UTC'`)
    if (attach) await connection.run(`ATTACH '${attach.replaceAll(`'`, `''`)}' AS peer (READ_ONLY)`)
    return await sumsIn(connection, from)
  } finally {
    instance.closeSync()
  }
}

/** A value that is not one of the column's kind becomes NULL, and so another sum. */
export async function sumsIn(connection: DuckDBConnection, from: string): Promise<Seen> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)
  const types = Object.fromEntries(described.getRowsJson().map(([name, type]) => [String(name), String(type)]))
  const text: Record<Kind, (column: string) => string> = {
    whole: (column) => `TRY_CAST(${column} AS BIGINT)::VARCHAR`,
    decimal: (column) => `TRY_CAST(${column} AS DECIMAL(12,2))::VARCHAR`,
    float: (column) => `floor(TRY_CAST(${column} AS DOUBLE) * ${FRACTION})::BIGINT::VARCHAR`,
    boolean: (column) => `CASE WHEN TRY_CAST(${column} AS BOOLEAN) THEN 't' WHEN NOT TRY_CAST(${column} AS BOOLEAN) THEN 'f' END`,
    text: (column) => `${column}::VARCHAR`,
    date: (column) => `TRY_CAST(${column} AS DATE)::VARCHAR`,
    time: (column) => `epoch_us(TRY_CAST(${column} AS TIMESTAMPTZ))::VARCHAR`,
  }
  const there = Object.entries(COLUMNS).filter(([column]) => column in types)
  const sum = (column: string, kind: Kind) => `sum(CAST('0x' || left(md5(${text.whole('id')} || coalesce(':' || ${text[kind](column)}, '-')), 15) AS BIGINT))::VARCHAR`
  const [row = []] = (await connection.runAndReadAll(`SELECT count(*)::VARCHAR, ${there.map(([column, { kind }]) => sum(column, kind)).join(', ')} FROM ${from}`)).getRowsJson()
  return { sums: { rows: String(row[0]), columns: Object.fromEntries(there.map(([column], place) => [column, String(row[place + 1])])) }, types }
}

/** In words, what differs from the source; null when every row is right. */
export function whatIsWrong(source: Sums, { sums, types }: Seen): string | null {
  if (source.rows !== sums.rows) return `${Number(sums.rows).toLocaleString('en')} rows instead of ${Number(source.rows).toLocaleString('en')}`
  const missing = Object.keys(source.columns).filter((column) => !(column in types))
  const different = Object.keys(source.columns).filter((column) => column in types && source.columns[column] !== sums.columns[column])
  const parts = [missing.length ? `no ${missing.join(', ')}` : '', different.length ? `other values in ${different.join(', ')}` : '']
  return parts.filter(Boolean).join('; ') || null
}

/** The columns whose type is another one than the source's, in words; null when there are none. */
export function otherTypes({ types }: Seen): string | null {
  const others = Object.entries(COLUMNS).filter(([column, { type }]) => types[column] !== undefined && types[column] !== type)
  return others.map(([column]) => `${column} ${types[column]}`).join(', ') || null
}
