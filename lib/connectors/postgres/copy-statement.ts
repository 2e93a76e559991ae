import { AppError } from '@/lib/core/errors'
import type { ReadRequest, SourceColumn } from '../contract'
import { partCondition } from './divide'
import { PostgresLocation } from './discover-postgres'
import { quoteIdentifier, quoteLiteral } from './sql-text'
import { rangeCondition } from './summarise'

/**
 * The COPY of a read. NULL is an unquoted `\N`, which Postgres quotes where a text reads the same. A lone column
 * is quoted always, since an empty text would be an empty line, and those are dropped by DuckDB.
 */
export function copyStatement(request: ReadRequest): string {
  const { location, columns } = request
  const { namespace, table } = PostgresLocation.parse(location)
  const list = columns.map(selectExpression).join(', ')
  const options = ['FORMAT csv', `NULL ${quoteLiteral('\\N')}`, ...(columns.length === 1 ? ['FORCE_QUOTE *'] : [])].join(', ')
  return `COPY (SELECT ${list} FROM ${quoteIdentifier(namespace)}.${quoteIdentifier(table)}${conditionsSql(request)}) TO STDOUT (${options})`
}

/** The WHERE of a read; empty when it is of every row. */
export function conditionsSql({ columns, since, within, part }: Pick<ReadRequest, 'columns' | 'since' | 'within' | 'part'>): string {
  const conditions = [since && sinceCondition(since, columns), within && rangeCondition(within.key, within.ranges), part && partCondition(part)].filter((condition) => condition !== undefined && condition !== null)
  return conditions.length ? ` WHERE ${conditions.join(' AND ')}` : ''
}

/** The literal takes the column's own type, so that an index serves. NULLs are asked for only where there can be any. */
function sinceCondition({ column, from }: { column: string; from: string }, columns: SourceColumn[]): string {
  if (from.includes('\0')) throw new AppError('invalid', { title: 'The bookmark of the last sync cannot be used', detail: 'It holds a NUL character', advice: 'Start a full resync' })
  const name = quoteIdentifier(column)
  const isNullable = columns.find((candidate) => candidate.name === column)?.nullable ?? true
  const reached = `${name} >= ${quoteLiteral(from)}`
  return isNullable ? `(${reached} OR ${name} IS NULL)` : reached
}

/** How a column is selected so that its text is what its encoding promises. */
function selectExpression({ name, type, encoding }: SourceColumn): string {
  const column = quoteIdentifier(name)
  if (encoding === 'json-list') return listExpression(column, type)
  if (encoding === 'cast' && type === 'JSON') return `${column}::json` // hstore
  // money is printed with a sign and in groups; for numeric the cast costs nothing
  if (type.startsWith('DECIMAL')) return `${column}::numeric`
  return column
}

/**
 * An array that JSON would not keep (more than one dimension, an own lower bound, a day before our era, which
 * DuckDB misreads) is sent as its plain text, which is no JSON list: the column then comes again as text.
 */
function listExpression(column: string, type: string): string {
  const fits = [`array_ndims(${column}) IS NULL OR array_ndims(${column}) = 1 AND array_lower(${column}, 1) = 1`]
  if (type === 'DATE[]') fits.push(`(DATE '0001-01-01' > ANY (array_remove(${column}, DATE '-infinity'))) IS NOT TRUE`)
  return `CASE WHEN ${fits.map((condition) => `(${condition})`).join(' AND ')} THEN array_to_json(${column}::text[])::text ELSE ${column}::text END`
}
