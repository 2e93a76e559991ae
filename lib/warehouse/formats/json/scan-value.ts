import { INCOMPLETE, JsonFault } from './json-fault'

/** What a value is, as far as it matters for its column. Powers of two, so that a column can hold several. */
export const Kind = { null: 0, boolean: 1, integer: 2, number: 4, string: 8, nested: 16 } as const

export const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const MINUS = 0x2d
const ZERO = 0x30

/** Bytes that may stand in a string as they are; those of UTF-8 are checked elsewhere, all at once. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH))
const ESCAPABLE = Uint8Array.from({ length: 256 }, (_, byte) => Number('"\\/bfnrt'.includes(String.fromCharCode(byte))))

/** What may come next inside a nested value. */
const Expect = { value: 0, valueOrEnd: 1, key: 2, keyOrEnd: 3, separator: 4 } as const

/** Finds the end of values in bytes, by RFC 8259 and nothing looser. Nothing is built, and no depth is too deep. */
export class ValueScanner {
  /** Of the last value: what it is, and whether a string holds escapes. */
  kind: number = Kind.null
  isEscaped = false
  private closers = new Uint8Array(64)

  /** The end of the value that begins at `at`, or INCOMPLETE. */
  value(bytes: Uint8Array, at: number, end: number): number {
    const first = bytes[at]
    if (first !== OPEN_OBJECT && first !== OPEN_LIST) return this.scalar(bytes, at, end)
    const after = this.nested(bytes, at, end)
    this.kind = Kind.nested
    return after
  }

  /** From the opening quote to behind the closing one. */
  string(bytes: Uint8Array, at: number, end: number): number {
    let index = at + 1
    let isEscaped = false
    for (;;) {
      while (index < end && PLAIN[bytes[index]!]) index++
      if (index >= end) return INCOMPLETE
      const byte = bytes[index]!
      if (byte === QUOTE) break
      if (byte !== BACKSLASH) throw new JsonFault(index, 'a control character stands in a text without an escape')
      isEscaped = true
      index = escapeEnd(bytes, index, end)
      if (index === INCOMPLETE) return INCOMPLETE
    }
    this.isEscaped = isEscaped
    this.kind = Kind.string
    return index + 1
  }

  private scalar(bytes: Uint8Array, at: number, end: number): number {
    switch (bytes[at]) {
      case QUOTE:
        return this.string(bytes, at, end)
      case 0x74:
        return this.word(bytes, at, end, 'true', Kind.boolean)
      case 0x66:
        return this.word(bytes, at, end, 'false', Kind.boolean)
      case 0x6e:
        return this.word(bytes, at, end, 'null', Kind.null)
      default:
        return this.number(bytes, at, end)
    }
  }

  private word(bytes: Uint8Array, at: number, end: number, word: string, kind: number): number {
    for (let index = 0; index < word.length; index++) {
      if (at + index >= end) return INCOMPLETE
      if (bytes[at + index] !== word.charCodeAt(index)) throw new JsonFault(at, 'a value is expected here')
    }
    this.kind = kind
    return at + word.length
  }

  private number(bytes: Uint8Array, at: number, end: number): number {
    const first = bytes[at] === MINUS ? at + 1 : at
    if (first >= end) return INCOMPLETE
    if (!isDigit(bytes[first]!)) throw new JsonFault(at, first > at ? 'a minus is followed by no digit' : 'a value is expected here')
    let index = digitsEnd(bytes, first, end)
    if (bytes[first] === ZERO && index > first + 1) throw new JsonFault(at, 'a number begins with a needless zero')
    this.kind = Kind.integer
    if (index < end && bytes[index] === 0x2e) {
      this.kind = Kind.number
      index = someDigitsEnd(bytes, index + 1, end)
    }
    if (index !== INCOMPLETE && index < end && (bytes[index]! | 0x20) === 0x65) {
      this.kind = Kind.number
      const sign = bytes[index + 1]
      index = someDigitsEnd(bytes, sign === 0x2b || sign === MINUS ? index + 2 : index + 1, end)
    }
    return index >= end ? INCOMPLETE : index
  }

  private nested(bytes: Uint8Array, at: number, end: number): number {
    let depth = 0
    let expect: number = Expect.value
    let index = at
    for (;;) {
      index = spaceEnd(bytes, index, end)
      if (index >= end) return INCOMPLETE
      const byte = bytes[index]!
      if (expect === Expect.separator) {
        if (byte === COMMA) expect = this.closers[depth - 1] === CLOSE_OBJECT ? Expect.key : Expect.value
        else if (byte !== this.closers[depth - 1]) throw new JsonFault(index, `"," or "${String.fromCharCode(this.closers[depth - 1]!)}" is expected here`)
        else if (--depth === 0) return index + 1
        index++
      } else if (expect === Expect.keyOrEnd && byte === CLOSE_OBJECT || expect === Expect.valueOrEnd && byte === CLOSE_LIST) {
        if (--depth === 0) return index + 1
        expect = Expect.separator
        index++
      } else if (expect === Expect.key || expect === Expect.keyOrEnd) {
        index = this.key(bytes, index, end)
        if (index === INCOMPLETE) return INCOMPLETE
        expect = Expect.value
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.push(depth++, byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST)
        expect = byte === OPEN_OBJECT ? Expect.keyOrEnd : Expect.valueOrEnd
        index++
      } else {
        index = this.scalar(bytes, index, end)
        if (index === INCOMPLETE) return INCOMPLETE
        expect = Expect.separator
      }
    }
  }

  /** From a key's quote to behind its colon. */
  private key(bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] !== QUOTE) throw new JsonFault(at, 'the name of a field is expected here, in double quotes')
    const after = this.string(bytes, at, end)
    return after === INCOMPLETE ? INCOMPLETE : colonEnd(bytes, after, end)
  }

  private push(depth: number, closer: number): void {
    if (depth === this.closers.length) {
      const longer = new Uint8Array(depth * 2)
      longer.set(this.closers)
      this.closers = longer
    }
    this.closers[depth] = closer
  }
}

/** Behind white space. */
export function spaceEnd(bytes: Uint8Array, at: number, end: number): number {
  let index = at
  while (index < end) {
    const byte = bytes[index]!
    if (byte > 0x20 || byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    index++
  }
  return index
}

/** Behind the colon that follows a key. */
export function colonEnd(bytes: Uint8Array, at: number, end: number): number {
  const index = spaceEnd(bytes, at, end)
  if (index >= end) return INCOMPLETE
  if (bytes[index] !== COLON) throw new JsonFault(index, '":" is expected here')
  return index + 1
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  let index = at
  while (index < end && isDigit(bytes[index]!)) index++
  return index
}

function someDigitsEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return INCOMPLETE
  if (!isDigit(bytes[at]!)) throw new JsonFault(at, 'a digit is expected here')
  return digitsEnd(bytes, at, end)
}

/** Behind an escape. Half of a surrogate pair is no character: no text could hold it. */
function escapeEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return INCOMPLETE
  if (bytes[at + 1] !== 0x75) {
    if (!ESCAPABLE[bytes[at + 1]!]) throw new JsonFault(at, 'JSON knows no such escape')
    return at + 2
  }
  const unit = codeUnit(bytes, at + 2, end)
  if (unit === INCOMPLETE) return INCOMPLETE
  if (unit < 0xd800 || unit > 0xdfff) return at + 6
  if (unit > 0xdbff) throw new JsonFault(at, 'an escape is the second half of a character whose first half is missing')
  if (at + 7 >= end) return INCOMPLETE
  const second = bytes[at + 6] === BACKSLASH && bytes[at + 7] === 0x75 ? codeUnit(bytes, at + 8, end) : 0
  if (second === INCOMPLETE) return INCOMPLETE
  if (second < 0xdc00 || second > 0xdfff) throw new JsonFault(at, 'an escape is the first half of a character whose second half is missing')
  return at + 12
}

function codeUnit(bytes: Uint8Array, at: number, end: number): number {
  let unit = 0
  for (let index = at; index < at + 4; index++) {
    if (index >= end) return INCOMPLETE
    const digit = hexDigit(bytes[index]!)
    if (digit < 0) throw new JsonFault(index, 'four hexadecimal digits are expected after \\u')
    unit = unit * 16 + digit
  }
  return unit
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
