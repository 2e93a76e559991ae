import type { ReadRequest, SourceColumn } from '../contract'
import { AppError } from '@/lib/core/errors'
import { formatBytes } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import type { PostgresConfig } from './config'
import { connectPostgres } from './connect'
import { conditionsSql } from './copy-statement'
import { PostgresLocation } from './discover-postgres'
import { quoteIdentifier, quoteLiteral } from './sql-text'
import { beginReadOnly } from './transaction'

/** A row that is longer than what we take; its bytes have not been waited for. */
export class RowTooLong extends Error {
  constructor(readonly bytes: number) {
    super('A row is too long')
  }
}

/** Is that why a read failed? The server has a limit of its own, of 1 GB for a row as text. */
export function isTooLong(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string }
  return error instanceof RowTooLong || (code === '54000' && message.includes('string buffer')) || (code === 'XX000' && message.includes('invalid memory alloc request size'))
}

/** Says which row it is, and which column makes it so long, where the server tells in a moment. */
export async function tooLongError(cause: unknown, config: PostgresConfig, request: ReadRequest, signal: AbortSignal): Promise<AppError> {
  const { table = 'the table' } = request.location
  const length = cause instanceof RowTooLong ? `It has ${formatBytes(cause.bytes)}, and a row may have ${formatBytes(limits.sourceRowBytes)}` : 'Its server cannot send it: a row as text may have 1 GB'
  const largest = await findLargest(config, request, signal).catch(() => null)
  return new AppError('source', {
    title: `A row of ${table} is too long to be synced`,
    detail: largest ? `${length}. Most of it is ${largest.column}, with ${formatBytes(largest.bytes)}${largest.key ? `, where ${largest.key}` : ''}` : length,
    advice: `Leave ${largest ? `the column ${largest.column}` : 'its longest column'} out of the sync, or shorten the value at the source`,
  }, { cause })
}

interface Largest {
  column: string
  bytes: number
  /** "id = 7"; empty without a primary key. */
  key: string
}

const KEY = `
  SELECT a.attname::text AS name FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
  WHERE i.indisprimary AND i.indrelid = (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2)
  ORDER BY array_position(i.indkey::int2[], a.attnum)`

const LOOK_SECONDS = 30

async function findLargest(config: PostgresConfig, request: ReadRequest, signal: AbortSignal): Promise<Largest | null> {
  const { namespace, table } = PostgresLocation.parse(request.location)
  const session = await connectPostgres(config, signal)
  try {
    await beginReadOnly(session.client, LOOK_SECONDS)
    const names = (await session.client.query<{ name: string }>(KEY, [namespace, table])).rows.map(({ name }) => name)
    const sizes = request.columns.map(sizeSql)
    const key = names.length ? names.map((name) => `${quoteLiteral(`${name} = `)} || left(${quoteIdentifier(name)}::text, 100)`).join(` || ' and ' || `) : `''`
    const { rows } = await session.client.query<[string | null, number[]]>({ text: `SELECT ${key}, ARRAY[${sizes.join(', ')}]::float8[] FROM ${quoteIdentifier(namespace)}.${quoteIdentifier(table)}${conditionsSql(request)} ORDER BY GREATEST(${sizes.join(', ')}) DESC NULLS LAST LIMIT 1`, rowMode: 'array' })
    const [found] = rows
    if (!found) return null
    const bytes = Math.max(...found[1].map(Number))
    const column = request.columns[found[1].findIndex((size) => Number(size) === bytes)]
    return column ? { column: column.name, bytes, key: found[0] ?? '' } : null
  } finally {
    await session.abandon()
  }
}

/** Without reading the value itself, where the server can tell: of text and bytes it knows the length, of others what they take on its disk. */
function sizeSql({ name, sourceType, encoding }: SourceColumn): string {
  const column = quoteIdentifier(name)
  if (encoding === 'hex') return `coalesce(2 * octet_length(${column})::float8, 0)`
  return /^(text|character varying|varchar)/.test(sourceType) && !sourceType.endsWith(']') ? `coalesce(octet_length(${column})::float8, 0)` : `coalesce(pg_column_size(${column})::float8, 0)`
}
