import { quoteIdentifier, quotePath } from '../../sql-text'
import { canonicalType, NULL_TYPE } from '../../types/type-name'
import type { ReadColumn } from '../format'
import { strictCastSql } from './strict-cast'

/** A file as a FROM item. Its path says nothing of its columns. `isNumbered`: with `file_row_number`, from 0. */
export function readSql(path: string, isNumbered = false): string {
  return `read_parquet(${quotePath(path)}, hive_partitioning = false${isNumbered ? ', file_row_number = true' : ''})`
}

/** The engine knows a column of NULLs as INTEGER, and times of UTC with their zone. */
export function valueSql({ physical, type, as }: ReadColumn): string {
  if (type === NULL_TYPE) return `CAST(NULL AS ${canonicalType(as)})`
  const value = quoteIdentifier(physical)
  return strictCastSql(canonicalType(type) === 'TIME' ? `CAST(${value} AS TIME)` : value, type, as)
}
