import { formatCount } from '@/lib/core/format'
import type { Location, SourceColumn } from '../contract'
import type { PostgresConfig } from './config'
import { connectPostgres } from './connect'
import { PostgresLocation } from './discover-postgres'
import { queryError } from './postgres-error'
import { quoteIdentifier } from './sql-text'
import { beginReadOnly } from './transaction'

/** A read of so many rows is a moment, however large the table. */
const ROWS = 10_000
const SECONDS = 10
/** A statement has room for 1,664 results. */
const COLUMNS = 200

interface Measure {
  /** Expressions over the column, each with its place in the answer. */
  sql(column: string): string[]
  words(values: (string | null)[], rows: number): string | null
}

const digits: Measure = {
  sql: (column) => {
    const isNumber = `${column}::pg_catalog.text ~ '^-?[0-9]'`
    return [
      `pg_catalog.max(CASE WHEN ${isNumber} THEN pg_catalog.length(pg_catalog.split_part(pg_catalog.ltrim(${column}::pg_catalog.text, '-0'), '.', 1)) END)`,
      `pg_catalog.max(CASE WHEN ${isNumber} THEN pg_catalog.scale(${column}) END)`,
      `pg_catalog.count(${column}) FILTER (WHERE NOT ${isNumber})`,
    ]
  },
  words: ([before = null, after, none], rows) => {
    if (before === null) return `No number among ${first(rows)}`
    return `Found in ${first(rows)}: ${before} digits before the point and ${after} after it at most${Number(none) ? ', and NaN or infinity' : ''}`
  },
}

const range: Measure = {
  sql: (column) => [`pg_catalog.min(${column})::pg_catalog.text`, `pg_catalog.max(${column})::pg_catalog.text`],
  words: ([from = null, to = null], rows) => (from === null ? `No value among ${first(rows)}` : `Found in ${first(rows)}: ${from} to ${to}`),
}

const longest: Measure = {
  sql: (column) => [`pg_catalog.max(pg_catalog.length(${column}::pg_catalog.text))`],
  words: ([letters = null], rows) => (letters === null ? `No value among ${first(rows)}` : `Found in ${first(rows)}: up to ${formatCount(Number(letters))} characters`),
}

/** What the first rows hold where the type alone does not tell. */
export async function measurePostgres(config: PostgresConfig, location: Location, columns: SourceColumn[], signal: AbortSignal): Promise<Record<string, string>> {
  const measured = columns.flatMap((column) => {
    const measure = measureOf(column)
    return measure ? [{ name: column.name, measure, sql: measure.sql(`t.${quoteIdentifier(column.name)}`) }] : []
  }).slice(0, COLUMNS)
  if (!measured.length) return {}
  const { namespace, table } = PostgresLocation.parse(location)
  const names = measured.map(({ name }) => quoteIdentifier(name)).join(', ')
  const statement = `SELECT pg_catalog.count(*), ${measured.flatMap(({ sql }) => sql).join(', ')} FROM (SELECT ${names} FROM ${quoteIdentifier(namespace)}.${quoteIdentifier(table)} LIMIT ${ROWS}) AS t`
  const session = await connectPostgres(config, signal)
  const onAbort = () => void session.abandon()
  signal.addEventListener('abort', onAbort)
  try {
    await beginReadOnly(session.client, SECONDS)
    const [row = []] = (await session.client.query<(string | null)[]>({ text: statement, rowMode: 'array' })).rows
    return wordsOf(measured, row)
  } catch (error) {
    throw queryError(error, config, signal, 'Looking at the first rows')
  } finally {
    signal.removeEventListener('abort', onAbort)
    await session.close()
  }
}

function wordsOf(measured: { name: string; measure: Measure; sql: string[] }[], [rows = null, ...values]: (string | null)[]): Record<string, string> {
  const words: Record<string, string> = {}
  let at = 0
  for (const { name, measure, sql } of measured) {
    const said = measure.words(values.slice(at, at + sql.length), Number(rows))
    at += sql.length
    if (said !== null) words[name] = said
  }
  return words
}

function measureOf({ sourceType, type, fidelity }: SourceColumn): Measure | null {
  if (/^numeric/i.test(sourceType) && !sourceType.endsWith('[]') && fidelity === 'text') return digits
  if (['DATE', 'TIMESTAMP', 'TIMESTAMPTZ'].includes(type)) return range
  return fidelity === 'text' ? longest : null
}

function first(rows: number): string {
  return rows < ROWS ? (rows === 1 ? 'its only row' : `all ${formatCount(rows)} rows`) : `the first ${formatCount(ROWS)} rows`
}
