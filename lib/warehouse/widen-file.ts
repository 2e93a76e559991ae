import type { Engine } from './duckdb'
import { UNKNOWN_COLUMN, writeDataSql } from './parquet-sql'
import { quoteIdentifier, quoteLiteral, quotePath } from './sql-text'
import type { VersionColumn } from './version'

export interface Widening {
  /** The columns of the new file, in order. */
  columns: VersionColumn[]
  /** Those of them that were found among the fields that a staged file keeps aside. */
  found: VersionColumn[]
}

/** Write a staged file anew, with the columns that were found. */
export async function widenFile(engine: Engine, file: { path: string; hasUnknown?: boolean }, { columns, found }: Widening, target: string): Promise<void> {
  const values = columns.map((column) => `${found.includes(column) ? foundSql(column, file.hasUnknown === true) : quoteIdentifier(column.name)} AS ${quoteIdentifier(column.name)}`)
  await engine.run(writeDataSql(`SELECT ${values.join(', ')} FROM read_parquet(${quotePath(file.path)})`, target, columns))
}

/** By JSON pointer (RFC 6901), whose two special characters are all that a name has to be freed from. */
function foundSql({ sourceName, type }: VersionColumn, hasUnknown: boolean): string {
  if (!hasUnknown || sourceName === null) return `CAST(NULL AS ${type})`
  const pointer = `/${sourceName.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return `CAST(json_extract_string(CAST(${UNKNOWN_COLUMN} AS JSON), ${quoteLiteral(pointer)}) AS ${type})`
}
