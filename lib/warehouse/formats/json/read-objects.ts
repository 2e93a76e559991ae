import type { FileHandle } from 'node:fs/promises'
import { throwIfAborted } from '../../duckdb'
import { INCOMPLETE, JsonFault } from './json-fault'
import { ObjectScanner } from './scan-object'
import { spaceEnd } from './scan-value'
import { firstBadUtf8 } from './utf8'

const COMMA = 0x2c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b

const READ_BYTES = 1 << 20
/** The engine takes no longer rows, nor would a table be of use with them. */
const OBJECT_BYTES_MAX = 256 << 20

export type JsonShape = 'lines' | 'array'

export interface ObjectsReader {
  /** An object is told by where it stands in these bytes, which begin at `base` in the file. */
  onObject(bytes: Uint8Array, object: ObjectScanner, base: number): void
  /** After every few rows. */
  afterSome(): Promise<void>
}

/**
 * Reads every object of a file: one after the other with white space between them, or the elements of one list. Throws JsonFault, with the place in the file, for what is
 * not exactly that. No more than an object and a little is in memory. `isFirst`: does nothing of the text come before? Else a list goes on here, after a comma.
 */
export async function readObjects(file: FileHandle, reader: ObjectsReader, signal: AbortSignal, isFirst = true): Promise<JsonShape> {
  const walk = new Walk(reader, isFirst)
  let bytes = Buffer.allocUnsafe(READ_BYTES)
  let [base, filled] = [0, 0]
  for (;;) {
    throwIfAborted(signal)
    if (filled === bytes.length) bytes = larger(bytes)
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, base + filled)
    filled += bytesRead
    const done = await walk.on(bytes, filled, base, bytesRead === 0)
    if (bytesRead === 0) return walk.shape
    if (filled - done > OBJECT_BYTES_MAX) throw new JsonFault(base + done, `an object is longer than ${OBJECT_BYTES_MAX >> 20} MB`)
    bytes.copyWithin(0, done, filled)
    base += done
    filled -= done
  }
}

function larger(bytes: Buffer): Buffer<ArrayBuffer> {
  const next = Buffer.allocUnsafe(bytes.length * 2)
  bytes.copy(next)
  return next
}

/** Where in the text the walk is. */
type At = 'start' | 'object' | 'element' | 'element or end' | 'separator' | 'end'

class Walk {
  shape: JsonShape = 'lines'
  private at: At = 'start'
  private base = 0
  private readonly object = new ObjectScanner()

  constructor(
    private readonly reader: ObjectsReader,
    private readonly isFirst: boolean,
  ) {}

  /** Goes on as far as it can; gives how many bytes are done with. */
  async on(bytes: Buffer, filled: number, base: number, isLast: boolean): Promise<number> {
    let done = 0
    this.base = base
    try {
      for (let rows = 1; ; rows++) {
        const next = this.step(bytes, done, filled)
        if (next === INCOMPLETE) break
        done = next
        if (rows % 256 === 0) await this.reader.afterSome()
      }
      if (isLast) this.finish(bytes, done, filled)
    } catch (error) {
      throw error instanceof JsonFault ? badUtf8(bytes.subarray(0, Math.min(error.at, filled)), base) ?? new JsonFault(base + error.at, error.what) : error
    }
    const bad = badUtf8(bytes.subarray(0, done), base)
    if (bad) throw bad
    await this.reader.afterSome()
    return done
  }

  /** One object, or one sign between objects. */
  private step(bytes: Uint8Array, from: number, end: number): number {
    const index = spaceEnd(bytes, this.at === 'start' ? bomEnd(bytes, from) : from, end)
    if (index >= end) return INCOMPLETE
    const byte = bytes[index]!
    switch (this.at) {
      case 'start':
        return this.begin(byte, index)
      case 'separator':
        if (byte !== COMMA && byte !== CLOSE_LIST) throw new JsonFault(index, '"," or "]" is expected here')
        this.at = byte === COMMA ? 'element' : 'end'
        return index + 1
      case 'end':
        throw new JsonFault(index, 'something follows the end of the list')
      case 'element or end':
        if (byte !== CLOSE_LIST) return this.row(bytes, index, end)
        this.at = 'end'
        return index + 1
      default:
        return this.row(bytes, index, end)
    }
  }

  private begin(byte: number, index: number): number {
    if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) throw new JsonFault(index, 'the file begins neither with an object nor with a list of objects')
    this.shape = byte === OPEN_LIST ? 'array' : 'lines'
    this.at = byte === OPEN_OBJECT ? 'object' : this.isFirst ? 'element or end' : 'element'
    return byte === OPEN_LIST ? index + 1 : index
  }

  private row(bytes: Uint8Array, at: number, end: number): number {
    const after = this.object.scan(bytes, at, end)
    if (after === INCOMPLETE) return INCOMPLETE
    if (this.shape === 'array') this.at = 'separator'
    this.reader.onObject(bytes, this.object, this.base)
    return after
  }

  private finish(bytes: Uint8Array, done: number, filled: number): void {
    const rest = spaceEnd(bytes, done, filled)
    if (rest < filled && this.at !== 'start') throw new JsonFault(rest, 'the file ends in the middle of this object')
    if (this.shape === 'array' && this.at !== 'end') throw new JsonFault(rest, 'the file ends before its list does')
  }
}

function bomEnd(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at
}

function badUtf8(bytes: Uint8Array, base: number): JsonFault | null {
  const at = firstBadUtf8(bytes)
  return at === null ? null : new JsonFault(base + at, 'these bytes are no UTF-8')
}
