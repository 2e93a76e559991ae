import { open, readFile, type FileHandle } from 'node:fs/promises'
import { FileProblem } from '../file-problem'
import type { Piece } from '../format'
import { dialectOf, type Dialect } from './dialect'
import { notUtf8, rowProblem, widthProblem } from './problems'
import { fieldCount, isNull, RowReader, type CsvRow } from './row-reader'
import { csvRowCutter, hasFeedAlone, type CsvRowCutter } from './row-cutter'

const CHUNK = 1_048_576
/** A text longer than this does not fit into one of our strings. */
const TEXT_BYTES = 500_000_000

/** A piece that the engine reads right. */
export async function prepareCsv(piece: Piece): Promise<Piece> {
  const dialect = dialectOf(piece.inspection)
  const isMisread = dialect.isCrEnded || Buffer.byteLength(dialect.delimiter) > 1 || dialect.comment !== '' || (dialect.quote !== '' && dialect.escape !== '' && dialect.escape !== dialect.quote)
  const isUncounted = piece.isFirst && piece.inspection.csvText?.rowsBefore === null
  if (isMisread || isUncounted || (await hasOddLineEnds(piece))) return rewriteCsv(piece)
  // of a quote that is never closed the engine says nothing, and leaves out all that follows
  if (dialect.quote && (await mayBeOpen(piece, dialect))) {
    const { isQuoted, isBroken } = await scan(piece)
    const problem = isQuoted || isBroken ? await findProblem(piece) : null
    if (problem) throw problem
  }
  return piece
}

/**
 * Line ends that the engine may take for something else without a word. In a file of line feeds: a carriage return outside of quotes. In one of both: a carriage return
 * alone, a line feed alone outside of quotes, or before the first of both; or rows of one field.
 */
async function hasOddLineEnds(piece: Piece): Promise<boolean> {
  const { file, inspection } = piece
  const isCrLf = inspection.csvText?.lineEnd === '\r\n'
  if (isCrLf && inspection.columns.length === 1) return true
  if (!isCrLf && file.hasReturns !== undefined) return file.hasReturns && (await scan(piece)).hasReturns
  let isFeedAlone = false
  const handle = await open(file.path)
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    // one byte of each chunk is seen twice, for a pair of two may lie across
    for (let from = 0; from < file.bytes; from += CHUNK - 1) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, from)
      const bytes = buffer.subarray(0, bytesRead)
      if (!isCrLf && bytes.includes('\r')) return (await scan(piece)).hasReturns
      if (isCrLf && (hasReturnAlone(bytes) || (from === 0 && isBefore(bytes.indexOf('\n'), bytes.indexOf('\r'))))) return true
      isFeedAlone ||= isCrLf && hasFeedAlone(bytes)
    }
  } finally {
    await handle.close()
  }
  return isFeedAlone && (await scan(piece)).hasFeedsAlone
}

function hasReturnAlone(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('\r'); at >= 0; at = bytes.indexOf('\r', at + 1)) if (at + 1 < bytes.length && bytes[at + 1] !== 10) return true
  return false
}

function isBefore(a: number, b: number): boolean {
  return a >= 0 && (b < 0 || a < b)
}

/** Is the last quote one that could open a field? Most of the time what stands before it tells. */
async function mayBeOpen({ file }: Piece, { quote, delimiter }: Dialect): Promise<boolean> {
  const handle = await open(file.path)
  try {
    const at = await lastIndexOf(handle, file.bytes, quote.charCodeAt(0))
    if (at < 0) return false
    if (at === 0) return true
    const before = String.fromCharCode((await handle.read(Buffer.alloc(1), 0, 1, at - 1)).buffer[0] ?? 0)
    return before === quote || before === ' ' || before === '\n' || before === '\r' || before === delimiter
  } finally {
    await handle.close()
  }
}

async function lastIndexOf(handle: FileHandle, bytes: number, letter: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let end = bytes; end > 0; end -= CHUNK) {
    const from = Math.max(end - CHUNK, 0)
    const { bytesRead } = await handle.read(buffer, 0, end - from, from)
    const found = buffer.subarray(0, bytesRead).lastIndexOf(letter)
    if (found >= 0) return from + found
  }
  return -1
}

/** A look at every byte. */
async function scan({ file, inspection, isFirst }: Piece): Promise<CsvRowCutter> {
  const cutter = csvRowCutter(inspection, isFirst)
  const handle = await open(file.path)
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: CHUNK, autoClose: false })) if (chunk instanceof Uint8Array) cutter.lastRowEnd(chunk)
    return cutter
  } finally {
    await handle.close()
  }
}

/** The rows of a piece as they are, read by ourselves: slower than the engine, and right where it is not. Throws FileProblem at the first that is wrong. */
export async function eachRow(piece: Piece, onRow: (row: CsvRow, text: string) => void): Promise<void> {
  const { file, inspection, isFirst, linesBefore } = piece
  if (file.bytes > TEXT_BYTES) throw new FileProblem(`${file.address} cannot be read`, 'A row of it is wrong, or too long', 'Write it as several shorter files, with quotes around every field')
  const bytes = await readFile(file.path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notUtf8(file.address, bytes, linesBefore)
  }
  const dialect = dialectOf(inspection)
  const reader = new RowReader(text, dialect)
  let toSkip = isFirst && inspection.csv?.header ? 1 : 0
  const skipped = isFirst ? (inspection.csv?.skipLines ?? 0) : 0
  for (let i = 0; i < skipped; i++) reader.skipLine()
  const width = inspection.columns.length
  for (let row = reader.next(); row; row = reader.next()) {
    if (row.problem !== null) throw rowProblem(file.address, text, row, linesBefore, dialect)
    if (row.isBlank && (width > 1 || toSkip > 0)) continue
    if (toSkip > 0) {
      toSkip--
      continue
    }
    const count = fieldCount(row, width, inspection.csv?.nullTexts)
    if (count > width || (count < width && inspection.csv?.raggedRows !== 'padded')) throw widthProblem(file.address, text, row, width, linesBefore, dialect)
    onRow(row, text)
  }
}

/** What is wrong with a piece as CSV; null when nothing is. */
export async function findProblem(piece: Piece): Promise<FileProblem | null> {
  try {
    await eachRow(piece, () => {})
    return null
  } catch (error) {
    if (error instanceof FileProblem) return error
    throw error
  }
}

/** The same rows, written beside it as the engine likes them best. Throws FileProblem for a piece that is wrong. */
export async function rewriteCsv(piece: Piece): Promise<Piece> {
  const { file, inspection } = piece
  const { csv } = inspection
  const nullTexts = csv?.nullTexts ?? []
  const width = inspection.columns.length
  const path = `${file.path}.rows`
  const target = await open(path, 'w', 0o600)
  try {
    let lines: string[] = []
    let bytes = 0
    const parts: Buffer[] = []
    const flush = (): void => {
      const part = Buffer.from(lines.join(''))
      parts.push(part)
      bytes += part.length
      lines = []
    }
    await eachRow(piece, ({ fields, isQuoted }) => {
      const values = Array.from({ length: width }, (_, i) => {
        const text = fields[i] ?? ''
        return isNull(text, isQuoted[i] ?? false, nullTexts) ? '' : `"${text.replaceAll('"', '""')}"`
      })
      lines.push(`${values.join(',')}\n`)
      // a row of several columns that are all NULL is not blank: it has its delimiters
      if (lines.length >= 10_000) flush()
    })
    flush()
    for (const part of parts) await target.write(part)
    return {
      file: { path, bytes, address: file.address },
      inspection: { ...inspection, csv: { header: false, delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', skipLines: 0, nullTexts: [], comment: '', raggedRows: 'strict' }, csvText: { lineEnd: '\n', rowsBefore: 0 } },
      isFirst: false, linesBefore: piece.linesBefore, original: piece,
    }
  } finally {
    await target.close()
  }
}
