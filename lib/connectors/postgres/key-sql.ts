import { AppError } from '@/lib/core/errors'
import type { KeySql } from '@/lib/core/key-range'
import type { SourceColumn } from '../contract'
import { isText } from './checksum-sql'
import { quoteIdentifier, quoteLiteral } from './sql-text'

/** Keys in the order that the warehouse has too: texts by their bytes, everything else as it is, so that the index of the key serves. */
export function keySql(columns: SourceColumn[]): KeySql {
  const key = columns.map(keyColumnSql)
  return { key: rowSql(key), bound: (values) => rowSql(values.map(literal)) }
}

function keyColumnSql(column: SourceColumn): string {
  const name = quoteIdentifier(column.name)
  if (column.type === 'VARCHAR') return `${isText(column) ? name : `concat(${name})`} COLLATE "C"`
  return column.type.startsWith('DECIMAL') && !column.sourceType.startsWith('numeric') ? `${name}::numeric` : name
}

function rowSql(values: string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`
}

function literal(text: string): string {
  if (text.includes('\0')) throw new AppError('invalid', { title: 'A key of the table holds a NUL character', advice: 'No text of PostgreSQL does: sync the table whole' })
  return quoteLiteral(text)
}
