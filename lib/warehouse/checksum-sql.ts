import { inGroups, isAnyText, joinedSql, lengthsSql, NULLS, SEPARATOR, type ComparedColumn } from '@/lib/core/row-text'
import { quoteLiteral } from './sql-text'

/** A column to compare, and its value in SQL. */
export interface ComparedValue extends ComparedColumn {
  value: string
}

/** The checksum of docs/checksums.md in SQL of DuckDB: a number of 60 bits for each row. */
export function rowHashSql(columns: ComparedValue[]): string {
  return `CAST('0x' || left(md5(${rowTextSql(columns)}), 15) AS BIGINT)`
}

export function rowTextSql(columns: ComparedValue[]): string {
  const values = columns.map(({ value }) => value)
  const isMissing = values.map((value) => `${value} IS NULL`).join(' OR ')
  const marks = inGroups(values).map((group) => `concat(${group.map((value) => `CASE WHEN ${value} IS NULL THEN '1' ELSE '0' END`).join(', ')})`).join(' || ')
  const lengths = columns.filter(isAnyText).map(({ value }) => `strlen(${value})`)
  return joinedSql(`CASE WHEN ${isMissing} THEN ${quoteLiteral(NULLS)} || ${marks} END`, lengthsSql(lengths), columns.map(fieldSql), quoteLiteral(SEPARATOR))
}

function fieldSql(column: ComparedValue): string {
  if (isAnyText(column)) return column.value
  return column.type.endsWith('[]') ? listSql(column.value, column.type.slice(0, -2)) : valueTextSql(column.value, column.type)
}

function valueTextSql(value: string, type: string): string {
  if (type === 'BOOLEAN') return `CASE WHEN ${value} THEN 't' WHEN NOT ${value} THEN 'f' END`
  if (type === 'BLOB') return `lower(hex(${value}))`
  if (type === 'FLOAT' || type === 'DOUBLE') return `CASE WHEN isnan(${value}) THEN 'NaN' ELSE lower(hex(CAST(CAST(${value} AS BIT) AS BLOB))) END`
  // a cast of the type with a time zone asks a calendar for each value, and takes five times as long
  if (type === 'TIMESTAMPTZ') return `CASE WHEN isfinite(${value}) THEN CAST(make_timestamp(epoch_us(${value})) AS VARCHAR) || '+00' ELSE CAST(${value} AS VARCHAR) END`
  const [, precision, scale] = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(type) ?? []
  // a number without a place before its point is written without one here
  if (precision !== undefined && precision === scale) return `regexp_replace(CAST(${value} AS VARCHAR), '^(-?)[.]', '\\10.')`
  return `CAST(${value} AS VARCHAR)`
}

function listSql(value: string, element: string): string {
  const text = element === 'BOOLEAN' ? 'CAST(e AS VARCHAR)' : valueTextSql('e', element)
  return `'[' || array_to_string(list_transform(${value}, lambda e: CASE WHEN e IS NULL THEN 'N' ELSE strlen(${text}) || ':' || ${text} END), ',') || ']'`
}
