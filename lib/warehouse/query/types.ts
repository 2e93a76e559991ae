import type { TableAsOf } from '@/lib/core/as-of'
import type { TableSnapshot } from '../version'

/**
 * A value as JSON carries it without loss: 64-bit and larger integers, decimals, dates, times, UUIDs and blobs
 * (hexadecimal) as strings, lists as arrays, structs as objects, NULL as null. NaN and infinities as strings.
 */
export type CellValue = null | boolean | number | string | CellValue[] | { [name: string]: CellValue }

export interface ResultColumn {
  name: string
  type: string
}

export interface QueryResult {
  columns: ResultColumn[]
  rows: CellValue[][]
  /** More rows were there than the limit. */
  isTruncated: boolean
  durationMs: number
  bytesRead: number | null
  /** Of a query as of a time or a version: which version of each table it read. */
  asOf?: TableAsOf[]
}

/** A table as a query names it, with the version that is read. */
export interface NamedTable {
  /** `shop_postgres_orders` */
  name: string
  /** `shop_postgres.orders` */
  dottedName: string
  snapshot: TableSnapshot
}

/** The tables that a query may name. Only those that it does name are looked up: a workspace may have 10,000. */
export interface TableCatalogue {
  /** Every table's names; no files are read for it. */
  names(): Promise<{ name: string; dottedName: string }[]>
  /**
   * The tables of these names (plain ones, as `names` gave them), with their snapshots. `isListing`: only their columns are asked for, by a query that asks which tables
   * there are; one that cannot be read is left out then.
   */
  find(names: string[], isListing?: boolean): Promise<NamedTable[]>
}

export type ExportFormat = 'csv' | 'parquet' | 'json'

/** A place in the text of a query: line and column from 1, offset from 0, in UTF-16 units as editors count. */
export interface QueryPosition {
  line: number
  column: number
  offset: number
}
