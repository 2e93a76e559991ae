import { NULL_TYPE } from '../../types/type-name'
import { digitsOf, isInt64, isKeptByDouble } from './number-text'
import { Kind } from './scan-value'

const NUMBERS = Kind.integer | Kind.number
/** A whole number of so many bytes is kept by BIGINT and by DOUBLE, and one with a point that is a byte longer by DOUBLE. */
const SHORT = 15
const POINT = 0x2e
const MINUS = 0x2d
const DECIMAL_DIGITS = 38

/** A field of the objects, and all that its values told so far. */
export class FoundColumn {
  /** Every kind of value that was seen, but null. */
  kinds = 0
  /** The row in which it was seen last: a second time in one object is a name used twice. */
  lastRow = -1
  private isInt64 = true
  private isDouble = true
  private wholeDigits = 1
  private scale = 0
  /** A number that neither BIGINT nor DOUBLE keeps. */
  private example: string | null = null

  constructor(
    readonly index: number,
    readonly key: string,
    /** The bytes of the key where they hold no escape. */
    readonly keyBytes: Uint8Array,
    /** Are its values written as JSON, so that the text "1" and the number 1 stay apart? */
    readonly isRaw: boolean,
  ) {}

  see(kind: number, bytes: Uint8Array, from: number, to: number): void {
    this.kinds |= kind
    if (kind & NUMBERS) this.seeNumber(kind, bytes, from, to)
  }

  /** Texts among values of another kind: as plain text they could not be told apart. */
  get isMixed(): boolean {
    return (this.kinds & Kind.string) !== 0 && this.kinds !== Kind.string
  }

  /** Nothing but texts, written as texts? */
  get isText(): boolean {
    return this.kinds === Kind.string && !this.isRaw
  }

  /** The type that keeps every value as it is. A text stays a text, whatever it looks like: JSON has no dates. */
  get type(): string {
    if (this.kinds === 0) return NULL_TYPE
    if (this.kinds & Kind.nested) return 'JSON'
    if (this.kinds === Kind.boolean) return 'BOOLEAN'
    if (this.kinds & ~NUMBERS) return 'VARCHAR'
    if (this.kinds === Kind.integer && this.isInt64) return 'BIGINT'
    if (this.kinds & Kind.number && this.isDouble) return 'DOUBLE'
    return this.wholeDigits + this.scale <= DECIMAL_DIGITS ? `DECIMAL(${this.wholeDigits + this.scale},${this.scale})` : 'VARCHAR'
  }

  get note(): string | null {
    const { kinds, type } = this
    if (kinds & Kind.nested) return kinds === Kind.nested ? null : 'Holds lists or objects in some rows and plain values in others, and is JSON'
    if (type === 'VARCHAR' && kinds !== Kind.string) return kinds & ~NUMBERS ? 'Holds values of several kinds, and is text' : `Holds numbers that no type of numbers keeps, like ${this.example ?? 'those'}, and is text`
    return this.example !== null && type.startsWith('DECIMAL') ? `Holds numbers that only decimals keep, like ${this.example}` : null
  }

  private seeNumber(kind: number, bytes: Uint8Array, from: number, to: number): void {
    const length = to - from
    if (kind === Kind.integer && length <= SHORT) {
      if (length > this.wholeDigits) this.wholeDigits = length
      return
    }
    if (length <= SHORT + 1 && this.seeShort(bytes, from, to)) return
    const text = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 1000)))
    if (to - from > 1000) return this.seeEndless(text)
    const isInt64Here = kind === Kind.integer && isInt64(text)
    const isDoubleHere = isKeptByDouble(text)
    if (!isInt64Here) this.isInt64 = false
    if (!isDoubleHere) this.isDouble = false
    if (!isInt64Here && !isDoubleHere) this.example ??= text.length > 40 ? `${text.slice(0, 40)}…` : text
    const { digits, exponent } = digitsOf(text)
    // the engine's decimals are no match for exponents
    this.wholeDigits = Math.max(this.wholeDigits, /e/i.test(text) ? DECIMAL_DIGITS + 1 : exponent)
    this.scale = Math.max(this.scale, digits.length - exponent)
  }

  /** A short number without an exponent; DOUBLE keeps it. */
  private seeShort(bytes: Uint8Array, from: number, to: number): boolean {
    let point = from
    while (point < to && bytes[point] !== POINT) point++
    if (point === to) return false
    for (let index = point + 1; index < to; index++) if ((bytes[index]! | 0x20) === 0x65) return false
    const whole = point - from - (bytes[from] === MINUS ? 1 : 0)
    if (whole > this.wholeDigits) this.wholeDigits = whole
    if (to - point - 1 > this.scale) this.scale = to - point - 1
    return true
  }

  /** Nothing but text keeps it. */
  private seeEndless(text: string): void {
    this.isInt64 = false
    this.isDouble = false
    this.wholeDigits = DECIMAL_DIGITS + 1
    this.example ??= `${text.slice(0, 40)}…`
  }
}
