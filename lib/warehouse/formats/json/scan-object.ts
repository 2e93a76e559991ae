import { INCOMPLETE, JsonFault } from './json-fault'
import { colonEnd, QUOTE, spaceEnd, ValueScanner } from './scan-value'

const COMMA = 0x2c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Finds the fields of one object: where their names and values stand, and what they are. Reused for every row. */
export class ObjectScanner {
  fields = 0
  /** From behind the opening quote of a name to its closing one. */
  nameFrom = new Int32Array(64)
  nameTo = new Int32Array(64)
  nameIsEscaped = new Uint8Array(64)
  from = new Int32Array(64)
  to = new Int32Array(64)
  kind = new Uint8Array(64)
  isEscaped = new Uint8Array(64)
  private readonly values = new ValueScanner()

  /** The end of the object that begins at `at`, or INCOMPLETE. */
  scan(bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] !== OPEN_OBJECT) throw new JsonFault(at, 'an object is expected here, which begins with "{"')
    this.fields = 0
    let index = spaceEnd(bytes, at + 1, end)
    if (index < end && bytes[index] === CLOSE_OBJECT) return index + 1
    for (;;) {
      index = this.field(bytes, spaceEnd(bytes, index, end), end)
      if (index === INCOMPLETE) return INCOMPLETE
      index = spaceEnd(bytes, index, end)
      if (index >= end) return INCOMPLETE
      if (bytes[index] === CLOSE_OBJECT) return index + 1
      if (bytes[index] !== COMMA) throw new JsonFault(index, '"," or "}" is expected here')
      index++
    }
  }

  private field(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end) return INCOMPLETE
    if (bytes[at] !== QUOTE) throw new JsonFault(at, 'the name of a field is expected here, in double quotes')
    const nameEnd = this.values.string(bytes, at, end)
    if (nameEnd === INCOMPLETE) return INCOMPLETE
    const nameIsEscaped = this.values.isEscaped
    const afterColon = colonEnd(bytes, nameEnd, end)
    if (afterColon === INCOMPLETE) return INCOMPLETE
    const from = spaceEnd(bytes, afterColon, end)
    if (from >= end) return INCOMPLETE
    const to = this.values.value(bytes, from, end)
    if (to === INCOMPLETE) return INCOMPLETE
    const field = this.fields++
    if (field === this.from.length) this.grow()
    this.nameFrom[field] = at + 1
    this.nameTo[field] = nameEnd - 1
    this.nameIsEscaped[field] = Number(nameIsEscaped)
    this.from[field] = from
    this.to[field] = to
    this.kind[field] = this.values.kind
    this.isEscaped[field] = Number(this.values.isEscaped)
    return to
  }

  private grow(): void {
    const long = (from: Int32Array) => {
      const to = new Int32Array(from.length * 2)
      to.set(from)
      return to
    }
    const short = (from: Uint8Array) => {
      const to = new Uint8Array(from.length * 2)
      to.set(from)
      return to
    }
    this.nameFrom = long(this.nameFrom)
    this.nameTo = long(this.nameTo)
    this.from = long(this.from)
    this.to = long(this.to)
    this.nameIsEscaped = short(this.nameIsEscaped)
    this.kind = short(this.kind)
    this.isEscaped = short(this.isEscaped)
  }
}
