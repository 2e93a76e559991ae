import { open } from 'node:fs/promises'
import type { CsvSettings, FilesSettings } from '@/lib/core/files-settings'
import { FileProblem } from '../file-problem'
import type { FileColumn, Inspection, LocalFile, Place } from '../format'
import { checkSettings, dialectOf, type Dialect } from './dialect'
import { utf8Length } from './encoding'
import { looksLikeHeader } from './header'
import { columnNames } from './names'
import { notUtf8, rowProblem, widthProblem } from './problems'
import { fieldCount, isNull, RowReader, type CsvRow } from './row-reader'
import { sniff } from './sniff'
import { TypeFinder } from './value-type'

const SAMPLE_BYTES = 262_144
/** Enough to see that a file is like another one. */
const LIKE_BYTES = 65_536
/** A row longer than this is not looked at. */
const MOST_BYTES = 268_435_456

/** The beginning of a file. */
interface Head {
  text: string
  isCut: boolean
}

export async function inspectCsv(file: LocalFile, settings: FilesSettings, like: Inspection | null, place?: Place): Promise<Inspection> {
  checkSettings(settings.csv)
  if (like?.csv && like.columns.length > 0) {
    const again = inspectLike(await readHead(file, LIKE_BYTES), like, place?.isFirst === false)
    if (again) return again
  }
  for (let bytes = SAMPLE_BYTES; ; bytes *= 8) {
    const head = await readHead(file, bytes)
    const found = inspectHead(head, file, settings.csv)
    if (found) return found
    if (bytes >= MOST_BYTES) throw new FileProblem(`${file.address} has a row that is too long to be read`, `No row ends in the first ${bytes >> 20} MB`, 'Check the delimiter and the quote, or write the file with shorter rows')
  }
}

async function readHead(file: LocalFile, most: number): Promise<Head> {
  const handle = await open(file.path)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(most, Math.max(file.bytes, 1))), 0, Math.min(most, file.bytes), 0)
    const bytes = buffer.subarray(0, bytesRead)
    const isCut = bytesRead < file.bytes
    return { text: decode(bytes, isCut, file), isCut }
  } finally {
    await handle.close()
  }
}

function decode(bytes: Uint8Array, isCut: boolean, file: LocalFile): string {
  const length = utf8Length(bytes)
  if (length === null || (!isCut && length < bytes.length)) throw notUtf8(file.address, Buffer.from(bytes), 0)
  return new TextDecoder('utf-8').decode(bytes.subarray(0, length))
}

/** The same columns by the same dialect, when that is what the file looks like; types are its own. Null: look at it for itself. */
function inspectLike({ text, isCut }: Head, like: Inspection, isLater: boolean): Inspection | null {
  const { csv } = like
  if (!csv) return null
  const dialect = dialectOf(like)
  const place = isLater ? { rowsBefore: 0, at: { at: 0, line: 0 }, header: null, firstEnd: null } : skipToTable(text, isCut, dialect, csv.skipLines, csv.header)
  if (!place || (place.firstEnd ?? like.csvText?.lineEnd) !== like.csvText?.lineEnd) return null
  if (!isLater && csv.header) {
    const { names } = columnNames(place.header?.fields ?? [], place.header?.fields.length ?? 0)
    if (names.length !== like.columns.length || names.some((name, i) => name !== like.columns[i]?.name)) return null
  }
  const sample = readSample(new RowReader(text, dialect, place.at, isCut), like.columns.length, csv)
  if (sample.problem) return null
  return { ...like, csvText: { lineEnd: like.csvText?.lineEnd ?? '\n', rowsBefore: place.rowsBefore }, columns: columnsOf(like.columns.map(({ name }) => name), sample.finders) }
}

/** Null when no row ends in the head. */
function inspectHead({ text, isCut }: Head, file: LocalFile, settings: CsvSettings): Inspection | null {
  const reading = sniff(text, isCut, settings)
  const { dialect, skipLines, rows } = reading
  const [first, ...rest] = rows
  if (!first && isCut) return null
  const guess = first ? looksLikeHeader(first, rest.slice(0, 100)) : { isHeader: false, isSure: true }
  const csv: Required<CsvSettings> = {
    header: settings.header ?? guess.isHeader, delimiter: dialect.delimiter, quote: dialect.quote, escape: dialect.escape, comment: dialect.comment, skipLines,
    encoding: settings.encoding ?? 'utf-8', nullTexts: settings.nullTexts ?? [], raggedRows: settings.raggedRows ?? 'strict',
  }
  if (!first) return { columns: [], csv, csvText: { lineEnd: '\n', rowsBefore: 0 }, rows: null, notes: ['The file is empty'] }
  if (first.problem !== null) throw rowProblem(file.address, text, first, 0, dialect)
  const place = skipToTable(text, isCut, dialect, skipLines, csv.header)
  if (!place) return null
  const width = Math.max(csv.header ? (place.header?.fields.length ?? 0) : 0, csv.header && csv.raggedRows === 'strict' ? 0 : reading.width)
  const { names, notes } = columnNames(csv.header ? trimmedHeader(place.header ?? first, reading.width) : null, csv.header ? trimmedHeader(place.header ?? first, reading.width).length : width)
  const sample = readSample(new RowReader(text, dialect, place.at, isCut), names.length, csv)
  if (sample.problem) throw sample.problem.problem === null ? widthProblem(file.address, text, sample.problem, names.length, 0, dialect) : rowProblem(file.address, text, sample.problem, 0, dialect)
  if (skipLines > 0 && settings.skipLines === undefined) notes.push(skipLines === 1 ? 'The first line is no part of the table and is skipped' : `The first ${skipLines} lines are no part of the table and are skipped`)
  if (dialect.comment && settings.comment === undefined) notes.push(`Lines that begin with ${dialect.comment} are left out as remarks`)
  if (settings.header === undefined && !guess.isSure) notes.push(guess.isHeader ? 'The first row is taken for the names of the columns; nothing but its place tells it from the others' : 'The first row is taken for values, and columns are called after their places')
  return { columns: columnsOf(names, sample.finders), csv, csvText: { lineEnd: place.firstEnd ?? '\n', rowsBefore: place.rowsBefore }, rows: null, notes }
}

/** Delimiters at the end of the header alone are no columns. */
function trimmedHeader(header: CsvRow, usual: number): string[] {
  return header.fields.slice(0, fieldCount(header, usual))
}

/** Where the rows of the table begin: after what is skipped, blank lines and the header. */
function skipToTable(text: string, isCut: boolean, dialect: Dialect, skipLines: number, hasHeader: boolean) {
  const reader = new RowReader(text, dialect, { at: 0, line: 0 }, isCut)
  for (let i = 0; i < skipLines; i++) reader.skipLine()
  const skipped = text.slice(0, reader.position.at)
  let rowsBefore: number | null = dialect.quote && skipped.includes(dialect.quote) ? null : skipLines
  let at = reader.position
  let header: CsvRow | null = null
  let firstEnd: '\n' | '\r\n' | '\r' | null = null
  for (let row = reader.next(); row; row = reader.next()) {
    firstEnd ??= endOf(text, row)
    if (!hasHeader) break
    if (rowsBefore !== null) rowsBefore++
    at = reader.position
    if (row.isBlank) continue
    header = row
    break
  }
  if (hasHeader && !header) return null
  return { rowsBefore, at, header, firstEnd }
}

function endOf(text: string, { end }: CsvRow): '\n' | '\r\n' | '\r' | null {
  if (text[end - 1] === '\r') return '\r'
  if (text[end - 1] !== '\n') return null
  return text[end - 2] === '\r' ? '\r\n' : '\n'
}

/** What the values of the rows are, up to the first row that is wrong. */
function readSample(reader: RowReader, width: number, { nullTexts, raggedRows }: Required<CsvSettings>): { finders: TypeFinder[]; problem: CsvRow | null } {
  const finders = Array.from({ length: width }, () => new TypeFinder())
  for (let row = reader.next(); row; row = reader.next()) {
    if (row.isBlank) continue
    const count = row.fields.length === width ? width : fieldCount(row, width, nullTexts)
    if (row.problem !== null || count > width || (count < width && raggedRows === 'strict')) return { finders, problem: row }
    for (let i = 0; i < count; i++) {
      const text = row.fields[i] ?? ''
      const isQuoted = row.isQuoted[i] ?? false
      if (!isNull(text, isQuoted, nullTexts)) finders[i]?.add(text, isQuoted)
    }
  }
  return { finders, problem: null }
}

function columnsOf(names: string[], finders: TypeFinder[]): FileColumn[] {
  return names.map((name, i) => {
    const finder = finders[i]
    const note = finder && oddityNote(finder)
    return { name, physical: `f${i}`, type: finder?.type ?? 'VARCHAR', ...(note && { note }) }
  })
}

/** Why a column that looks like something else is text, with an example. */
function oddityNote({ type, oddities }: TypeFinder): string | null {
  const words: Record<string, string> = {
    day: 'looks like a day, but not as year-month-day', comma: 'looks like a number with a comma', zeros: 'has zeros in front that a number would lose', long: 'has more digits than a number keeps', null: 'may stand for NULL: name it in the settings if it does',
  }
  const [first] = oddities
  return type === 'VARCHAR' && first ? `Text: ${first[1]} ${words[first[0]]}` : null
}
