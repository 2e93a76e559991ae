import type { Engine } from './duckdb'
import { UNKNOWN_COLUMN, writeDataSql } from './parquet-sql'
import { quoteIdentifier, quoteLiteral } from './sql-text'
import type { VersionColumn } from './version'

/** What becomes of a FROM item when columns are added: those of `added` are read from what was kept aside, and NULL where nothing was. */
export interface Widening {
  /** The columns of the new file, in order. */
  columns: VersionColumn[]
  /** Those of them that the rows do not have yet, by field id. */
  added: ReadonlySet<number>
  hasUnknown: boolean
}

/**
 * Write the rows of a FROM item (a file, or the scan of a table) with columns that were found later. Gives the number of rows.
 */
export async function writeWidened(engine: Engine, from: string, { columns, added, hasUnknown }: Widening, target: string): Promise<number> {
  const values = columns.map((column) => `${added.has(column.fieldId) ? addedSql(column, hasUnknown) : quoteIdentifier(column.name)} AS ${quoteIdentifier(column.name)}`)
  return engine.run(writeDataSql(`SELECT ${values.join(', ')} FROM ${from}`, target, columns))
}

/** By JSON pointer (RFC 6901), whose two special characters are all that a name has to be freed from. */
function addedSql({ sourceName, type }: VersionColumn, hasUnknown: boolean): string {
  if (!hasUnknown || sourceName === null) return `CAST(NULL AS ${type})`
  const pointer = `/${sourceName.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return `CAST(json_extract(CAST(${UNKNOWN_COLUMN} AS JSON), ${quoteLiteral(pointer)}) AS ${type})`
}
