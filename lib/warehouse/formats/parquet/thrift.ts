/** The types of Thrift's compact protocol, by their numbers on the wire. */
const TRUE = 1
const FALSE = 2
const BYTE = 3
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12

/** Nothing that Parquet describes is nested deeper. */
const DEPTH_MAX = 32

/** The bytes are not what they should be; `isShort`: there may be more to them. */
export class ThriftError extends Error {
  constructor(words: string, readonly isShort = false) {
    super(words)
    this.name = 'ThriftError'
  }
}

/** Reads the compact protocol of Thrift, in which Parquet describes itself. The bytes are of strangers: everything is checked. */
export class ThriftReader {
  private depth = 0

  constructor(private readonly bytes: Uint8Array, public at = 0) {}

  /** Calls back for each field, which has to read its value, or returns false: then it is skipped. A field that is read as another type is an error. */
  struct(field: (id: number, type: number) => boolean | void): void {
    if (++this.depth > DEPTH_MAX) throw new ThriftError('is nested too deeply')
    for (let id = 0, head = this.byte(); head !== 0; head = this.byte()) {
      const type = head & 15
      id = head >> 4 ? id + (head >> 4) : Number(this.zigzag())
      if (field(id, type) === false) this.skip(type)
    }
    this.depth--
  }

  /** A list of structs or of plain values, each read by `item`. */
  list<T>(type: number, item: (type: number) => T): T[] {
    if (type !== LIST) throw new ThriftError('holds a list that is none')
    const { size, element } = this.listHead()
    return Array.from({ length: size }, () => item(element))
  }

  int(type: number): number {
    if (type < BYTE || type > I64) throw new ThriftError('holds a number that is none')
    const value = type === BYTE ? (this.byte() << 24) >> 24 : Number(this.zigzag())
    if (!Number.isSafeInteger(value)) throw new ThriftError('holds a number that is too large')
    return value
  }

  text(type: number): string {
    if (type !== BINARY) throw new ThriftError('holds a text that is none')
    return new TextDecoder().decode(this.take(this.size()))
  }

  bool(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw new ThriftError('holds a truth that is none')
    return type === TRUE
  }

  skip(type: number): void {
    if (type === TRUE || type === FALSE) return
    if (type === BYTE) this.take(1)
    else if (type > BYTE && type <= I64) this.zigzag()
    else if (type === DOUBLE) this.take(8)
    else if (type === BINARY) this.take(this.size())
    else if (type === STRUCT) this.struct(() => false)
    else if (type === LIST || type === SET) this.skipList()
    else if (type === MAP) this.skipMap()
    else throw new ThriftError('is no Thrift')
  }

  private skipList(): void {
    const { size, element } = this.listHead()
    for (let i = 0; i < size; i++) this.skipElement(element)
  }

  private skipMap(): void {
    const size = this.size()
    const types = size ? this.byte() : 0
    for (let i = 0; i < size; i++) {
      this.skipElement(types >> 4)
      this.skipElement(types & 15)
    }
  }

  /** In a list a truth takes a byte; in a struct it is part of the field's head. */
  private skipElement(type: number): void {
    if (++this.depth > DEPTH_MAX) throw new ThriftError('is nested too deeply')
    if (type === TRUE || type === FALSE) this.take(1)
    else this.skip(type)
    this.depth--
  }

  private listHead(): { size: number; element: number } {
    const head = this.byte()
    const size = head >> 4 === 15 ? this.size() : head >> 4
    // an element takes a byte at least
    if (size > this.bytes.length - this.at) throw new ThriftError('ends too early', true)
    return { size, element: head & 15 }
  }

  private size(): number {
    const size = Number(this.varint())
    if (size > 0x7fffffff) throw new ThriftError('holds a length that is too large')
    return size
  }

  private zigzag(): bigint {
    const value = this.varint()
    return (value >> 1n) ^ -(value & 1n)
  }

  private varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new ThriftError('holds a number that does not end')
  }

  private byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new ThriftError('ends too early', true)
    return byte
  }

  private take(count: number): Uint8Array {
    if (count > this.bytes.length - this.at) throw new ThriftError('ends too early', true)
    this.at += count
    return this.bytes.subarray(this.at - count, this.at)
  }
}
