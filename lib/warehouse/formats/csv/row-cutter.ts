import type { Inspection, RowCutter } from '../format'
import { dialectOf, type Dialect } from './dialect'

const LF = 10
const CR = 13
const SPACE = 32
const NOTHING = new Uint8Array()

/** Finds where rows end, with quotes and comments as `RowReader` has them. Bytes of more than one belong to letters that mean nothing here. */
export function csvRowCutter(inspection: Inspection, isFirst = true): CsvRowCutter {
  const dialect = dialectOf(inspection)
  const skipped = isFirst ? (inspection.csv?.skipLines ?? 0) : 0
  return dialect.quote || dialect.comment ? new QuotedCutter(dialect, skipped) : new PlainCutter(dialect)
}

export interface CsvRowCutter extends RowCutter {
  /** Is a quote open at the end of the bytes so far? */
  readonly isQuoted: boolean
  /** Was there a quote after a closing one? */
  readonly isBroken: boolean
  /** Was there a carriage return outside of quotes? */
  readonly hasReturns: boolean
  /** Was there a line feed outside of quotes without a carriage return before it? */
  readonly hasFeedsAlone: boolean
}

class PlainCutter implements CsvRowCutter {
  readonly isQuoted = false
  readonly isBroken = false
  hasFeedsAlone = false
  hasReturns = false
  readonly open = NOTHING
  readonly close = NOTHING
  private readonly lineEnd: number

  constructor({ isCrEnded }: Dialect) {
    this.lineEnd = isCrEnded ? CR : LF
  }

  lastRowEnd(bytes: Uint8Array): { end: number; next: number } | null {
    this.hasReturns ||= bytes.includes(CR)
    this.hasFeedsAlone ||= hasFeedAlone(bytes)
    return cutAfter(bytes.lastIndexOf(this.lineEnd))
  }
}

function cutAfter(at: number): { end: number; next: number } | null {
  return at < 0 ? null : { end: at + 1, next: at + 1 }
}

/** Reads every byte, for a quote can be anywhere; unless none is in these bytes. */
class QuotedCutter implements CsvRowCutter {
  readonly open = NOTHING
  readonly close = NOTHING
  private readonly lineEnd: number
  private readonly quote: number
  private readonly escape: number
  private readonly comment: number
  private readonly delimiter: Uint8Array
  isQuoted = false
  isBroken = false
  hasFeedsAlone = false
  hasReturns = false
  /** In a quoted field, after an escape that is the last byte so far. */
  private isEscaped = false
  /** Is the last byte so far a quote that closed a field? One more makes both a letter. */
  private hasJustClosed = false
  /** The last bytes so far: a quote opens a field by what stands before it. */
  private tail: Uint8Array = NOTHING

  constructor(dialect: Dialect, private linesToPass: number) {
    this.lineEnd = dialect.isCrEnded ? CR : LF
    this.quote = byteOf(dialect.quote)
    this.escape = dialect.escape === dialect.quote ? -1 : byteOf(dialect.escape)
    this.comment = byteOf(dialect.comment)
    this.delimiter = new TextEncoder().encode(dialect.delimiter)
  }

  lastRowEnd(bytes: Uint8Array): { end: number; next: number } | null {
    const isPlain = !this.isQuoted && !this.linesToPass && this.comment < 0 && !this.hasJustClosed && bytes.indexOf(this.quote) < 0
    if (isPlain) {
      this.hasReturns ||= bytes.includes(CR)
      this.hasFeedsAlone ||= hasFeedAlone(bytes)
    }
    const last = isPlain ? bytes.lastIndexOf(this.lineEnd) : this.walk(bytes)
    this.tail = bytes.length >= 8 ? bytes.slice(-8) : Buffer.concat([this.tail, bytes]).subarray(-8)
    return last < 0 ? null : { end: last + 1, next: last + 1 }
  }

  private walk(bytes: Uint8Array): number {
    const { lineEnd, quote, escape, comment } = this
    const length = bytes.length
    let last = -1
    let closedBefore = this.hasJustClosed ? 0 : -1
    let i = 0
    if (this.isEscaped && length > 0) i = this.passEscaped(bytes[0])
    while (i < length) {
      if (this.linesToPass > 0) {
        const end = bytes.indexOf(lineEnd, i)
        i = end < 0 ? length : end + 1
        if (end >= 0 && --this.linesToPass === 0) last = end
        continue
      }
      if (this.isQuoted) {
        let letter = -1
        while (i < length && (letter = bytes[i] ?? -1) !== quote && letter !== escape) i++
        if (i === length) break
        if (letter === quote) {
          this.isQuoted = false
          closedBefore = ++i
        } else if (++i === length) this.isEscaped = true
        else i += this.passEscaped(bytes[i])
        continue
      }
      let letter = -1
      for (; i < length; i++) {
        letter = bytes[i] ?? -1
        if (letter === quote || letter === comment) break
        if (letter === lineEnd) {
          last = i
          if (letter === LF && this.before(bytes, i, 1) !== CR) this.hasFeedsAlone = true
        } else if (letter === CR) this.hasReturns = true
      }
      if (i === length) break
      if (letter === comment && this.beginsRow(bytes, i)) this.linesToPass = 1
      else if (letter === quote && (i === closedBefore || this.opensField(bytes, i))) this.isQuoted = true
      else if (letter === quote && closedBefore >= 0) this.isBroken ||= isSpace(bytes, closedBefore, i)
      i++
    }
    this.hasJustClosed = !this.isQuoted && closedBefore === length
    return last
  }

  /** The bytes to go on: an escape is one before itself and quotes alone. */
  private passEscaped(letter: number | undefined): number {
    this.isEscaped = false
    return letter === this.quote || letter === this.escape ? 1 : 0
  }

  private opensField(bytes: Uint8Array, at: number): boolean {
    return this.beginsField(bytes, at) || (this.before(bytes, at, 1) === SPACE && this.delimiter[0] !== SPACE && this.beginsField(bytes, at - 1))
  }

  private beginsField(bytes: Uint8Array, at: number): boolean {
    if (this.beginsRow(bytes, at)) return true
    const { delimiter } = this
    for (let k = 1; k <= delimiter.length; k++) if (this.before(bytes, at, k) !== delimiter[delimiter.length - k]) return false
    return true
  }

  private beginsRow(bytes: Uint8Array, at: number): boolean {
    const before = this.before(bytes, at, 1)
    return before === undefined || before === LF || before === CR
  }

  private before(bytes: Uint8Array, at: number, distance: number): number | undefined {
    const index = at - distance
    return index >= 0 ? bytes[index] : this.tail[this.tail.length + index]
  }
}

function byteOf(text: string): number {
  return text ? text.charCodeAt(0) : -1
}

function isSpace(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== SPACE) return false
  return true
}

/** The first byte may follow one that is not here. */
export function hasFeedAlone(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(LF, 1); at >= 0; at = bytes.indexOf(LF, at + 1)) if (bytes[at - 1] !== CR) return true
  return false
}
