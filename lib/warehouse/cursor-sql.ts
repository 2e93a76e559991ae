import { DAY_SECONDS, lookBackKind } from '@/lib/core/look-back'
import { innerName } from './column-sql'
import type { Engine } from './duckdb'
import { dataFilesSql } from './parquet-sql'
import { quoteLiteral } from './sql-text'
import type { VersionColumn } from './version'

const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|REAL|DOUBLE|DECIMAL\(.*\))$/
const CAN_BE_INFINITE = /^(FLOAT|REAL|DOUBLE|DATE|TIMESTAMP|TIMESTAMPTZ|TIMESTAMP WITH TIME ZONE)$/

/** The replication key as the merge sees it: a column, and the type by which its values are ordered. */
export interface Replication {
  column: VersionColumn
  /** The column's own type, or the one it had before a value made it a text column. */
  orderType: string
  /** Numbers kept as text are ordered as numbers. */
  isNumericText: boolean
}

/** How the replication key of a column is ordered. `sourceType` in the source's own words. */
export function replicationOf(column: VersionColumn): Replication {
  const orderType = column.demotedFrom ?? column.type
  return { column, orderType, isNumericText: orderType === 'VARCHAR' && /^(numeric|decimal)/i.test(column.sourceType) }
}

/**
 * The replication key as a value that can be compared; NULL where it is NULL, infinite, or not comparable: such rows
 * never move the cursor, and every incremental read gives them again.
 */
export function comparableSql({ column, orderType, isNumericText }: Replication): string {
  const key = innerName(column)
  const type = isNumericText ? 'DOUBLE' : orderType
  const value = type === column.type ? key : `TRY_CAST(${key} AS ${type})`
  return CAN_BE_INFINITE.test(type) ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value
}

/** A stored cursor as a comparable value. */
export function cursorSql({ orderType, isNumericText }: Replication, cursor: string): string {
  return `CAST(${quoteLiteral(cursor)} AS ${isNumericText ? 'DOUBLE' : orderType})`
}

/**
 * The greatest comparable replication key of the staged files as text that the source reads back exactly; the former
 * cursor when none is greater. It is always the key of a row that was read, so no row between can be passed over.
 */
export async function readCursor(engine: Engine, files: string[], replication: Replication, former: string | null): Promise<string | null> {
  if (!files.length) return former
  const value = comparableSql(replication)
  const isGreater = former === null ? `${value} IS NOT NULL` : `${value} > ${cursorSql(replication, former)}`
  const [row] = await engine.rows(`
    SELECT CAST(arg_max(${innerName(replication.column)}, ${value}) AS VARCHAR)
    FROM ${dataFilesSql(files, [replication.column])} WHERE ${isGreater}`)
  const text = row?.[0]
  // a year before Christ is written in a way that no source reads; such a cursor would be of no use
  return typeof text === 'string' && !text.includes('(BC)') ? text : former
}

/** The least of some cursors, as it was given. */
export async function leastCursor(engine: Engine, replication: Replication, cursors: string[]): Promise<string> {
  const [first = '', ...others] = [...new Set(cursors)]
  if (!others.length) return first
  const [row] = await engine.rows(`SELECT cursor FROM (VALUES ${[first, ...others].map((cursor) => `(${quoteLiteral(cursor)}, ${cursorSql(replication, cursor)})`).join(', ')}) AS c (cursor, value) ORDER BY value LIMIT 1`)
  return String(row?.[0] ?? first)
}

/** A cursor that lies below by so many seconds or units, days begun counting whole; null when its type has nothing that low. */
export async function lowerCursor(engine: Engine, replication: Replication, cursor: string, by: number): Promise<string | null> {
  const type = replication.isNumericText ? 'DECIMAL(38,0)' : replication.orderType
  const kind = lookBackKind(type)
  if (by === 0 || kind === null) return cursor
  const value = `CAST(${quoteLiteral(cursor)} AS ${type})`
  // without its calendars the engine cannot subtract from a time with a zone, and needs none to subtract seconds
  const lowered = { time: `make_timestamp(epoch_us(${value}) - ${by} * 1000000::BIGINT)`, date: `${value} - ${Math.ceil(by / DAY_SECONDS)}`, number: `${value} - CAST(${by} AS ${type})` }[kind]
  const [row] = await engine.rows(`SELECT CAST(TRY(${lowered}) AS VARCHAR)`)
  const text = row?.[0]
  return typeof text === 'string' ? (/(TZ|WITH TIME ZONE)$/.test(type) ? `${text}+00` : text) : null
}

/** Can this type order rows for an incremental sync? */
export function isOrdered(type: string): boolean {
  return NUMBER.test(type) || CAN_BE_INFINITE.test(type) || ['VARCHAR', 'UUID', 'TIME'].includes(type)
}
