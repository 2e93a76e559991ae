import { AppError } from '@/lib/core/errors'
import { structLiteral } from '../../duckdb'
import { quoteIdentifier, quoteLiteral, quotePath } from '../../sql-text'
import { canonicalType } from '../../types/type-name'
import type { Piece, ReadColumn } from '../format'
import { dialectOf } from './dialect'
import { chosenValueSql, foundValueSql, triedSql } from './value-sql'

/**
 * What the engine holds of a file at once. A buffer that fits its caches is read a quarter faster than one of the whole file; no row may be longer than it, so that
 * a piece that has one is read again as one buffer, up to `WHOLE_BYTES`, and with `ROW_BYTES` beyond.
 */
export const BUFFER_BYTES = 2_097_152
const WHOLE_BYTES = 268_435_456
const ROW_BYTES = 33_554_432

export function selectCsvSql(piece: Piece, columns: ReadColumn[]): string {
  if (columns.length === 0) return 'SELECT NULL WHERE false'
  const reads = columns.map(({ name, as, isChosen }) => ({ name, type: canonicalType(as), isChosen, field: fieldOf(piece, { name }) }))
  const tries = reads.flatMap(({ type, field, isChosen }, index) => {
    const tried = isChosen ? null : triedSql(field, type)
    return tried === null ? [] : [`${tried} AS t${index}`]
  })
  const values = reads.map(({ name, type, isChosen, field }, index) => `${isChosen ? chosenValueSql(field, type) : foundValueSql(field, type, `t${index}`)} AS ${quoteIdentifier(name)}`)
  const texts = readTextsSql(piece)
  return `SELECT ${values.join(', ')} FROM ${tries.length ? `(SELECT *, ${tries.join(', ')} FROM ${texts})` : texts}`
}

/** The name of a column's field in `readTextsSql`. */
export function fieldOf({ inspection }: Piece, { name }: { name: string }): string {
  const index = inspection.columns.findIndex((column) => column.name === name)
  if (index < 0) throw new AppError('internal', { title: 'A column was asked for that is not in the file', detail: name, advice: 'Report this with the log of the run' })
  return `f${index}`
}

/** Every field of a piece as text, f0 and so on, and nothing looser: no guessing, no padding unless wanted, no skipped rows. */
export function readTextsSql({ file, inspection, isFirst, hasLongRows }: Piece): string {
  const { csv, csvText, columns } = inspection
  const { delimiter, quote, escape, comment } = dialectOf(inspection)
  const skip = isFirst ? (csvText?.rowsBefore ?? null) : 0
  // the engine would cut a row at a comment sign in its middle
  if (comment || skip === null) throw new AppError('internal', { title: 'A file was read that was not prepared', detail: file.address, advice: 'Report this with the log of the run' })
  const fields = columns.map((_, index): [string, string] => [`f${index}`, `'VARCHAR'`])
  // told how rows end, the engine takes other line ends in quotes for what they are; told of CRLF it misreads
  const lineEnd = csvText?.lineEnd === '\n' ? `, new_line = '\\n'` : ''
  const whole = file.bytes <= WHOLE_BYTES ? file.bytes + 16 : ROW_BYTES
  const buffer = hasLongRows ? whole : Math.min(whole, BUFFER_BYTES)
  return `read_csv(${quotePath(file.path)}, columns = ${structLiteral(fields)}, auto_detect = false, header = false, skip = ${skip}, delim = ${quoteLiteral(delimiter)}, quote = ${quoteLiteral(quote)}, escape = ${quoteLiteral(quote && escape)}, nullstr = [${['', ...(csv?.nullTexts ?? [])].map(quoteLiteral).join(', ')}], allow_quoted_nulls = false${lineEnd}, strict_mode = true, null_padding = ${csv?.raggedRows === 'padded'}, ignore_errors = false, parallel = false, max_line_size = ${buffer - 1}, buffer_size = ${buffer})`
}
