import { AppError } from '@/lib/core/errors'
import { structLiteral } from '../../duckdb'
import { quoteIdentifier, quoteLiteral, quotePath } from '../../sql-text'
import { canonicalType } from '../../types/type-name'
import type { Piece, ReadColumn } from '../format'
import { dialectOf } from './dialect'
import { chosenValueSql, foundValueSql } from './value-sql'

/** A piece up to this long is read as one buffer, so that no row is longer than it; of a longer one no row may be longer than `ROW_BYTES`. */
const WHOLE_BYTES = 268_435_456
const ROW_BYTES = 33_554_432

export function selectCsvSql(piece: Piece, columns: ReadColumn[]): string {
  if (columns.length === 0) return 'SELECT NULL WHERE false'
  const values = columns.map((column) => `${valueSql(column, fieldOf(piece, column))} AS ${quoteIdentifier(column.name)}`)
  return `SELECT ${values.join(', ')} FROM ${readTextsSql(piece)}`
}

export function valueSql({ as, isChosen }: ReadColumn, field: string): string {
  return isChosen ? chosenValueSql(field, canonicalType(as)) : foundValueSql(field, canonicalType(as))
}

/** The name of a column's field in `readTextsSql`. */
export function fieldOf({ inspection }: Piece, { name }: { name: string }): string {
  const index = inspection.columns.findIndex((column) => column.name === name)
  if (index < 0) throw new AppError('internal', { title: 'A column was asked for that is not in the file', detail: name, advice: 'Report this with the log of the run' })
  return `f${index}`
}

/** Every field of a piece as text, f0 and so on, and nothing looser: no guessing, no padding unless wanted, no skipped rows. */
export function readTextsSql({ file, inspection, isFirst }: Piece): string {
  const { csv, csvText, columns } = inspection
  const { delimiter, quote, escape, comment } = dialectOf(inspection)
  const skip = isFirst ? (csvText?.rowsBefore ?? null) : 0
  // the engine would cut a row at a comment sign in its middle
  if (comment || skip === null) throw new AppError('internal', { title: 'A file was read that was not prepared', detail: file.address, advice: 'Report this with the log of the run' })
  const fields = columns.map((_, index): [string, string] => [`f${index}`, `'VARCHAR'`])
  // told how rows end, the engine takes other line ends in quotes for what they are; told of CRLF it misreads
  const lineEnd = csvText?.lineEnd === '\n' ? `, new_line = '\\n'` : ''
  const buffer = file.bytes <= WHOLE_BYTES ? file.bytes + 16 : ROW_BYTES
  return `read_csv(${quotePath(file.path)}, columns = ${structLiteral(fields)}, auto_detect = false, header = false, skip = ${skip}, delim = ${quoteLiteral(delimiter)}, quote = ${quoteLiteral(quote)}, escape = ${quoteLiteral(quote && escape)}, nullstr = [${['', ...(csv?.nullTexts ?? [])].map(quoteLiteral).join(', ')}], allow_quoted_nulls = false${lineEnd}, strict_mode = true, null_padding = ${csv?.raggedRows === 'padded'}, ignore_errors = false, parallel = false, max_line_size = ${buffer - 1}, buffer_size = ${buffer})`
}
