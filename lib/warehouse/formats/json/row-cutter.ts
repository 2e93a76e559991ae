import type { RowCutter } from '../format'
import type { JsonShape } from './read-objects'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/** What a byte does to the depth, or that it has to be looked at. */
const [OPENS, CLOSES, LOOK] = [1, 2, 3]
const OUTSIDE = Uint8Array.from({ length: 256 }, (_, byte) => ('{['.includes(String.fromCharCode(byte)) ? OPENS : '}]'.includes(String.fromCharCode(byte)) ? CLOSES : byte === QUOTE || byte === COMMA ? LOOK : 0))
const INSIDE = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte === QUOTE || byte === BACKSLASH))

/** Objects end where their braces are closed, whatever the lines; those of a list at the comma that follows. What is no JSON is left for the reader to refuse. */
export class JsonRowCutter implements RowCutter {
  readonly open: Uint8Array
  readonly close: Uint8Array
  private depth = 0
  private isInText = false
  private isEscaped = false

  constructor(private readonly shape: JsonShape) {
    this.open = Buffer.from(shape === 'array' ? '[' : '')
    this.close = Buffer.from(shape === 'array' ? ']' : '')
  }

  lastRowEnd(bytes: Uint8Array): { end: number; next: number } | null {
    const isList = this.shape === 'array'
    let { depth } = this
    let last = -1
    let index = this.isInText ? this.textEnd(bytes, 0) : 0
    for (; index < bytes.length; index++) {
      const what = OUTSIDE[bytes[index]!]
      if (what === 0) continue
      if (what === OPENS) depth++
      else if (what === CLOSES) {
        if (--depth === 0 && !isList) last = index + 1
      } else if (bytes[index] === COMMA) {
        if (isList && depth === 1) last = index
      } else index = this.textEnd(bytes, index + 1) - 1
    }
    this.depth = depth
    return last < 0 ? null : { end: last, next: isList ? last + 1 : last }
  }

  /** Behind the quote that ends a text which was begun, or the end of the bytes. */
  private textEnd(bytes: Uint8Array, at: number): number {
    let index = this.isEscaped ? at + 1 : at
    if (index > bytes.length) return bytes.length
    this.isInText = true
    this.isEscaped = false
    for (;;) {
      while (index < bytes.length && !INSIDE[bytes[index]!]) index++
      if (index >= bytes.length) return bytes.length
      if (bytes[index] === QUOTE) {
        this.isInText = false
        return index + 1
      }
      index += 2
      if (index > bytes.length) {
        this.isEscaped = true
        return bytes.length
      }
    }
  }
}
