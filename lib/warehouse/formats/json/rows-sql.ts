import { AppError } from '@/lib/core/errors'
import { structLiteral } from '../../duckdb'
import { quoteIdentifier, quoteLiteral, quotePath } from '../../sql-text'
import { castSql } from '../../types/cast-sql'
import { exactSql } from '../../types/exact-sql'
import { canonicalType, NULL_TYPE } from '../../types/type-name'
import { chosenFitsSql } from '../csv/value-sql'
import type { JsonRows, Piece, ReadColumn } from '../format'

const BUFFER_BYTES = 8_000_000
/** What the reader's CSV gives as it is, when it is what was found. */
const READ_AS_IS = new Set(['BIGINT', 'DOUBLE', 'BOOLEAN', 'VARCHAR'])

/** The rows of a piece as the table reads them: `JsonRows` with these columns. */
export function rowsSql(piece: Piece, columns: ReadColumn[]): string {
  const rows = rowsOf(piece)
  const direct = new Map(columns.filter((column) => isDirect(rows, column)).map((column) => [column.physical, column.as]))
  const values = columns.map((column) => `${direct.has(column.physical) ? column.physical : valueSql(rows, column)} AS ${quoteIdentifier(column.name)}`)
  return `SELECT ${values.join(', ')} FROM ${readRowsSql(rows, direct)}`
}

/** Every field as text, but for those of which a type is given. */
export function readRowsSql(rows: JsonRows, types: ReadonlyMap<string, string> = new Map()): string {
  const names = rows.fields.length ? rows.fields.map((_, index) => `f${index}`) : ['f0']
  const fields = names.map((name): [string, string] => [name, quoteLiteral(types.get(name) ?? 'VARCHAR')])
  const size = rows.longestRow > 1_000_000 ? `max_line_size = ${rows.longestRow + 1}, buffer_size = ${Math.max(rows.longestRow + 2, BUFFER_BYTES)}` : `buffer_size = ${BUFFER_BYTES}`
  return `read_csv(${quotePath(rows.path)}, columns = ${structLiteral(fields)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', encoding = 'utf-8', strict_mode = true, null_padding = ${rows.isRagged}, ignore_errors = false, parallel = false, ${size})`
}

/** The expression that turns a field, read as text, into the column's value. It fails on a value that does not fit. */
export function valueSql(rows: JsonRows, column: ReadColumn): string {
  const { physical, as, type, isChosen } = column
  const field = rows.fields[Number(physical.slice(1))]
  if (as === 'JSON') return field?.isText ? `to_json(${physical})` : `CAST(${physical} AS JSON)`
  const text = field?.isRaw ? `CASE WHEN starts_with(${physical}, '"') THEN json_extract_string(${physical}, '$') ELSE ${physical} END` : physical
  if (as === 'VARCHAR' || as === NULL_TYPE) return text
  const found = `CAST(${text} AS ${canonicalType(type)})`
  if (as === type) return found
  if (!isChosen) return fittingSql(text, exactSql(found, type, as) ?? 'true', castSql(found, type, as), as)
  const chosen = canonicalType(as)
  return fittingSql(text, chosenFitsSql(`(${text})`, chosen), `CAST(${text} AS ${chosen})`, chosen)
}

/** What does not fit is made a text that no cast takes: DATE would take anything behind a time. */
function fittingSql(text: string, condition: string, value: string, type: string): string {
  return `CASE WHEN (${text}) IS NULL THEN NULL WHEN ${condition} THEN ${value} ELSE CAST(concat('does not fit: ', ${text}) AS ${type}) END`
}

/** Can the reader give the type by itself? It is stricter than a cast of what was found to be of the type. */
function isDirect(rows: JsonRows, { physical, type, as }: ReadColumn): boolean {
  const field = rows.fields[Number(physical.slice(1))]
  return READ_AS_IS.has(as) && !field?.isRaw && (type === as || as === 'VARCHAR')
}

/** The rows of a file that was inspected; without them it cannot be read. */
export function rowsOf({ inspection }: Piece): JsonRows {
  if (inspection.json) return inspection.json
  throw new AppError('internal', { title: 'A JSON file is read that was not looked at', advice: 'Report this with the log of the run' })
}
