import type { SourceColumn } from '@/lib/core/source-column'
import { structLiteral } from './duckdb'
import { quoteIdentifier } from './sql-text'
import type { VersionColumn } from './version'

export const SYNCED_AT = '_synced_at'
export const RUN_ID = '_run_id'

/** List elements are columns of their own to Parquet, so they need an id that is no column's. */
const ELEMENT_ID_OFFSET = 1_000_000

const SCALAR = /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|REAL|DOUBLE|DECIMAL\(\d{1,2}, ?\d{1,2}\)|VARCHAR|TEXT|JSON|BLOB|UUID|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|TIMESTAMP WITH TIME ZONE)(\[\])?$/

/**
 * Can Parquet give a value of this DuckDB type back unchanged? It rounds INTERVAL to milliseconds, HUGEINT to a
 * double, and loses the offset of TIMETZ. It is also the guard that a type is no SQL of somebody else.
 */
export function isKeptExactly(type: string): boolean {
  return SCALAR.test(type)
}

/** One column on its way from the CSV of a batch to a Parquet file. */
export interface StageColumn {
  source: SourceColumn
  target: VersionColumn
}

/** The name of the nth field in the CSV reader: names of people never reach an error message or an option. */
export function fieldName(index: number): string {
  return `f${index}`
}

/** The type by which the CSV reader reads a field; everything but plain values is read as text. */
export function fieldType({ source, target }: StageColumn): string {
  if (source.encoding === 'date') return 'TIMESTAMP' // read as DATE, a year BC would become one of our era without an error
  return source.encoding === 'plain' && !needsDecimalCheck(source, target.type) ? target.type : 'VARCHAR'
}

/** The expression that turns a field, read as `fieldType`, into the column's value. Fails on a value that does not fit. */
export function valueSql({ source, target }: StageColumn, field: string): string {
  const { type } = target
  if (source.encoding === 'hex') return hexSql(field)
  if (source.encoding === 'json-list') return listSql(field, type)
  if (source.encoding === 'epoch') return epochSql(field)
  if (needsDecimalCheck(source, type)) return decimalSql(field, type)
  return source.encoding === 'cast' || source.encoding === 'date' ? `CAST(${field} AS ${type})` : field
}

function hexSql(text: string): string {
  return `from_hex(CASE WHEN NOT starts_with(${text}, '\\x') THEN 'not hexadecimal' ELSE substr(${text}, 3) END)`
}

/** Up to the year 9999; a cast alone would round. */
function epochSql(text: string): string {
  return `to_timestamp(CAST(CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,12}') AND abs(CAST(${text} AS BIGINT)) < 253402300800 THEN ${text} ELSE ${text} || ' is no whole number of seconds' END AS BIGINT))`
}

/** A list of more than one dimension would be read as a list of texts without an error: it must not pass. */
function listSql(field: string, type: string): string {
  const element = type.slice(0, -2)
  const texts = `from_json(CASE WHEN regexp_matches(${field}, '^\\s*\\[\\s*\\[') THEN 'more than one dimension' ELSE ${field} END, '["VARCHAR"]')`
  if (element === 'BLOB') return `list_transform(${texts}, lambda e: ${hexSql('e')})`
  if (element.startsWith('DECIMAL')) return `list_transform(${texts}, lambda e: ${decimalSql('e', element)})`
  return `CAST(${texts} AS ${type})`
}

/** `numeric(12,2)` upstream can't hold more decimals than DECIMAL(12,2); any other source is checked, since a cast would round. */
function needsDecimalCheck(source: SourceColumn, type: string): boolean {
  const [, precision, scale] = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(type) ?? []
  if (precision === undefined || source.encoding !== 'plain') return source.encoding === 'cast' && precision !== undefined
  return !new RegExp(`^(numeric|decimal)\\(${precision}, ?${scale}\\)$`, 'i').test(source.sourceType)
}

function decimalSql(text: string, type: string): string {
  const scale = /, ?(\d+)\)/.exec(type)?.[1] ?? '0'
  const isExact = `regexp_full_match(${text}, '[+-]?[0-9]*([.][0-9]{0,${scale}}0*)?')`
  return `CAST(CASE WHEN ${isExact} THEN ${text} ELSE ${text} || ' has more decimals' END AS ${type})`
}

/** The FIELD_IDS option of COPY … TO parquet. */
export function fieldIdsSql(columns: VersionColumn[]): string {
  return structLiteral(columns.map(({ name, type, fieldId }) => [name, type.endsWith('[]') ? `{'__duckdb_field_id': ${fieldId}, 'element': ${fieldId + ELEMENT_ID_OFFSET}}` : String(fieldId)]))
}

/** The name of a column inside our own statements: free of the names of people. */
export function innerName(column: VersionColumn): string {
  return `c${column.fieldId}`
}

/** `c3 AS "email", …`: inner names to warehouse names. */
export function outerColumnsSql(columns: VersionColumn[], from = ''): string {
  return columns.map((column) => `${from}${innerName(column)} AS ${quoteIdentifier(column.name)}`).join(', ')
}
