import { FileProblem } from '../file-problem'
import { utf8Length } from './encoding'
import type { Dialect } from './dialect'
import type { CsvRow } from './row-reader'

const SHOWN = 60

/** A text of a file as people may see it: short, and with what cannot be seen. */
export function shown(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  // oxlint-disable-next-line no-control-regex -- these are what is made visible
  return cut.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufeff]/g, (letter) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[letter] ?? `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function lineWords(line: number): string {
  return `Line ${(line + 1).toLocaleString('en-US')}`
}

/** A row that is no CSV. */
export function rowProblem(address: string, text: string, row: CsvRow, linesBefore: number, dialect: Dialect): FileProblem {
  return new FileProblem(`${address} has a row that ${row.problem ?? 'cannot be read'}`, rowDetail(text, row, linesBefore), `Check the file, or say which quote and escape it has; it was read with ${dialectWords(dialect)}`)
}

/** A row with too many fields or too few. */
export function widthProblem(address: string, text: string, row: CsvRow, width: number, linesBefore: number, dialect: Dialect): FileProblem {
  const count = row.fields.length
  const advice = count < width ? 'Check the file, or let missing fields at the end of a row be NULL (padded rows)' : 'Check the file: a field that holds a delimiter has to be quoted'
  return new FileProblem(`${address} has a row with ${count === 1 ? '1 field' : `${count} fields`} where ${width} ${width === 1 ? 'is' : 'are'} expected`, rowDetail(text, row, linesBefore), `${advice}; it was read with ${dialectWords(dialect)}`)
}

export function rowDetail(text: string, row: CsvRow, linesBefore: number): string {
  return `${lineWords(linesBefore + row.line)}: ${shown(text.slice(row.start, Math.max(row.end, row.start)).replace(/\r?\n$|\r$/, ''))}`
}

function dialectWords({ delimiter, quote, escape }: Dialect): string {
  const name = (sign: string): string => ({ '\t': 'a tab', ' ': 'a space', '"': 'a double quote', "'": 'a single quote', '\\': 'a backslash' })[sign] ?? shown(sign)
  return `${name(delimiter)} between fields${quote ? `, ${name(quote)} around them` : ', no quotes'}${quote && escape !== quote ? ` and ${escape ? name(escape) : 'nothing'} to escape` : ''}`
}

/** Bytes that are no UTF-8, though the whole text should be by now. */
export function notUtf8(address: string, bytes: Buffer, linesBefore: number): FileProblem {
  const at = firstInvalid(bytes)
  const line = linesBefore + count(bytes.subarray(0, at), 10)
  const from = (at > 0 ? bytes.lastIndexOf(10, at - 1) : -1) + 1
  return new FileProblem(`${address} has letters of another encoding`, `${lineWords(line)}: ${shown(bytes.subarray(from, Math.min(at + 20, from + 200)).toString('latin1').split('\n', 1).join(''))}`, 'Say which encoding the file has, windows-1252 for instance')
}

function firstInvalid(bytes: Buffer): number {
  let [low, high] = [0, bytes.length]
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (utf8Length(bytes.subarray(0, middle)) !== null) low = middle
    else high = middle
  }
  return low
}

function count(bytes: Buffer, letter: number): number {
  let found = 0
  for (let at = bytes.indexOf(letter); at >= 0; at = bytes.indexOf(letter, at + 1)) found++
  return found
}
