import type { Dialect } from './dialect'

export interface CsvRow {
  fields: string[]
  isQuoted: boolean[]
  /** The line that it begins on, from 0. */
  line: number
  /** Where it begins in the text, and where the next one does. */
  start: number
  end: number
  /** Nothing stands on its line: no row, unless the table has one column. */
  isBlank: boolean
  /** What is wrong with it, as the end of a sentence; it is the last one then. */
  problem: string | null
}

const LF = 10
const CR = 13
const SPACE = 32

/**
 * Parts a text into rows, exactly as the engine does where that is right: a quote opens a field at its beginning alone, after one space at most, and spaces may follow the
 * closing one; elsewhere it is a letter. An escape that is no quote escapes quotes and itself alone, so that `C:\new` stays what it is.
 */
export class RowReader {
  private at: number
  private line: number
  private fields: string[] = []
  private isQuoted: boolean[] = []
  private problem: string | null = null
  private readonly first: number
  private readonly quote: number
  private readonly escape: number
  private readonly lineEnd: number

  /** `text` may end within a row when `isCut`: that row is not given. */
  constructor(private readonly text: string, private readonly dialect: Dialect, private readonly from: { at: number; line: number } = { at: 0, line: 0 }, private readonly isCut = false) {
    this.at = this.from.at
    this.line = this.from.line
    this.first = dialect.delimiter.charCodeAt(0)
    this.lineEnd = dialect.isCrEnded ? CR : LF
    this.quote = dialect.quote ? dialect.quote.charCodeAt(0) : -1
    this.escape = dialect.escape ? dialect.escape.charCodeAt(0) : -1
  }

  /** The next row, comments left out; null at the end. */
  next(): CsvRow | null {
    while (this.dialect.comment && this.text.startsWith(this.dialect.comment, this.at) && this.problem === null) this.skipLine()
    if (this.at >= this.text.length || this.problem !== null) return null
    const start = this.at
    const line = this.line
    this.fields = []
    this.isQuoted = []
    while (this.field());
    if (this.isCut && this.at >= this.text.length && (this.problem !== null || !this.endedWithLine(start))) return null
    const isBlank = this.fields.length === 1 && this.fields[0] === '' && !this.isQuoted[0]
    return { fields: this.fields, isQuoted: this.isQuoted, line, start, end: this.at, isBlank, problem: this.problem }
  }

  /** Pass over a line whatever is in it: a comment, or one that stands before the table. */
  skipLine(): void {
    const { text, dialect } = this
    const end = dialect.isCrEnded ? text.indexOf('\r', this.at) : text.indexOf('\n', this.at)
    this.at = end < 0 ? text.length : end + 1
    this.line++
  }

  get position(): { at: number; line: number } {
    return { at: this.at, line: this.line }
  }

  private endedWithLine(start: number): boolean {
    const last = this.text.charCodeAt(this.at - 1)
    return this.at > start && (last === LF || (last === CR && this.dialect.isCrEnded))
  }

  /** Reads one field; tells whether another follows in the row. */
  private field(): boolean {
    const { text } = this
    const code = text.charCodeAt(this.at)
    if (code === this.quote) return this.quoted(this.at + 1)
    if (code === SPACE && this.quote >= 0 && this.first !== SPACE && text.charCodeAt(this.at + 1) === this.quote) return this.quoted(this.at + 2)
    let i = this.at
    for (; i < text.length; i++) {
      const letter = text.charCodeAt(i)
      if (letter === LF || letter === CR || (letter === this.first && this.isDelimiter(i))) break
    }
    this.fields.push(text.slice(this.at, i))
    this.isQuoted.push(false)
    return this.after(i)
  }

  private isDelimiter(at: number): boolean {
    const { delimiter } = this.dialect
    return delimiter.length === 1 || this.text.startsWith(delimiter, at)
  }

  private quoted(begin: number): boolean {
    const { text, quote, escape } = this
    let value = ''
    let from = begin
    let i = begin
    for (; ; i++) {
      if (i >= text.length) return this.fail(text.slice(from), 'has a quote that is never closed', i)
      const letter = text.charCodeAt(i)
      const following = text.charCodeAt(i + 1)
      if (letter === this.lineEnd) {
        this.line++
      } else if (letter === escape && escape !== quote && (following === quote || following === escape)) {
        value += text.slice(from, i)
        from = ++i
      } else if (letter === quote) {
        if (following !== quote) break
        value += text.slice(from, i)
        from = ++i
      }
    }
    this.fields.push(value + text.slice(from, i))
    this.isQuoted.push(true)
    i++
    while (text.charCodeAt(i) === SPACE && !(this.first === SPACE && this.isDelimiter(i))) i++
    const next = text.charCodeAt(i)
    if (i < text.length && next !== LF && next !== CR && !(next === this.first && this.isDelimiter(i))) return this.fail(null, 'has text after a closing quote', i)
    return this.after(i)
  }

  /** At the end of a field. */
  private after(i: number): boolean {
    const { text, dialect } = this
    if (i >= text.length) return this.end(i)
    const letter = text.charCodeAt(i)
    if (letter === LF) {
      if (dialect.isCrEnded) return this.fail(null, 'ends with a line feed, and the rows before with a carriage return', i)
      this.line++
      return this.end(i + 1)
    }
    if (letter === CR) {
      if (dialect.isCrEnded || text.charCodeAt(i + 1) === LF || i + 1 === text.length) {
        this.line++
        return this.end(dialect.isCrEnded || i + 1 === text.length ? i + 1 : i + 2)
      }
      // nothing else on its line: a blank one
      if (this.fields.length === 1 && this.fields[0] === '' && !this.isQuoted[0]) return this.end(i + 1)
      return this.fail(null, 'has a carriage return alone outside of quotes', i)
    }
    this.at = i + dialect.delimiter.length
    if (this.at < text.length) return true
    this.fields.push('')
    this.isQuoted.push(false)
    return false
  }

  private end(at: number): false {
    this.at = at
    return false
  }

  private fail(field: string | null, problem: string, at: number): false {
    if (field !== null) {
      this.fields.push(field)
      this.isQuoted.push(true)
    }
    this.problem = problem
    return this.end(at)
  }
}

/** Is it NULL? What is quoted never is. */
export function isNull(text: string, isQuoted: boolean, nullTexts: string[]): boolean {
  return !isQuoted && (text === '' || nullTexts.includes(text))
}

/** How many fields a row has, but for those of NULL that are too many at its end: they mean nothing. */
export function fieldCount({ fields, isQuoted }: CsvRow, width: number, nullTexts: string[] = []): number {
  let count = fields.length
  while (count > width && isNull((fields[count - 1] ?? '').replaceAll('\0', ''), isQuoted[count - 1] ?? false, nullTexts)) count--
  return count
}
