import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { deltaProblem } from './delta-problem'

/** Which rows of a data file are deleted: bytes in the log itself, or a piece of an object beside the data. */
export interface DeletionVector {
  /** Tells it from every other one of the same file. */
  id: string
  cardinality: number
  /** Of `bytes` bytes, without the length before them and the checksum after them. */
  place: { kind: 'inline'; bytes: Uint8Array } | { kind: 'object'; path: string; offset: number; bytes: number }
}

const MAGIC = 1681511377
const WITH_RUNS = 12347
const WITHOUT_RUNS = 12346
const ARRAY_MAX = 4096
const BITMAP_BYTES = 8192
const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'
const BYTES_MAX = 64 * 1024 * 1024
/** Runs say much in few bytes; the rows of a file that has lost more than these are better written anew. */
const ROWS_MAX = 20_000_000

/** Each five characters are four bytes. */
export function z85(text: string): Uint8Array {
  const bytes = Buffer.alloc((text.length / 5) * 4)
  for (let at = 0; at < text.length; at += 5) {
    let value = 0
    for (const character of text.slice(at, at + 5)) {
      const digit = Z85.indexOf(character)
      if (digit < 0) throw deltaProblem('A deletion vector is not written in base 85')
      value = value * 85 + digit
    }
    if (text.length % 5 !== 0 || value > 0xffffffff) throw deltaProblem('A deletion vector is not written in base 85')
    bytes.writeUInt32BE(value, (at / 5) * 4)
  }
  return bytes
}

/** Where the object of a vector is, below the table: the last twenty characters are a UUID, what stands before is a folder. */
export function vectorPath(text: string): string {
  if (text.length < 20) throw deltaProblem('A deletion vector names no file')
  const hex = Buffer.from(z85(text.slice(-20))).toString('hex')
  const folder = text.slice(0, -20)
  if (!/^[A-Za-z0-9]*$/.test(folder)) throw deltaProblem('A deletion vector names a folder that is none')
  return `${folder ? `${folder}/` : ''}deletion_vector_${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}.bin`
}

/** The numbers of the deleted rows, from 0, in order. `file`: the object of the vector on this machine, when it is one. */
export async function deletedRows(vector: DeletionVector, file: string | null): Promise<number[]> {
  if (vector.cardinality > ROWS_MAX) throw deltaProblem(`${vector.cardinality} rows of one data file are deleted, more than ${ROWS_MAX}`, 'Run OPTIMIZE or REORG TABLE … APPLY (PURGE) on the table')
  const bytes = vector.place.kind === 'inline' ? vector.place.bytes : await bytesOf(vector.place, file)
  const rows = decodeRows(bytes, vector.cardinality)
  if (rows.length !== vector.cardinality) throw deltaProblem(`A deletion vector should name ${vector.cardinality} rows, and names ${rows.length}`)
  return rows
}

async function bytesOf(place: { path: string; offset: number; bytes: number }, file: string | null): Promise<Uint8Array> {
  if (file === null || place.bytes > BYTES_MAX) throw deltaProblem(`The deletion vector ${place.path} is missing or too large`)
  const handle = await open(file)
  try {
    const framed = Buffer.alloc(place.bytes + 8)
    const { bytesRead } = await handle.read(framed, 0, framed.length, place.offset)
    const bytes = framed.subarray(4, 4 + place.bytes)
    const isWhole = bytesRead === framed.length && framed.readUInt32BE(0) === place.bytes && framed.readUInt32BE(4 + place.bytes) === crc32(bytes)
    if (!isWhole) throw deltaProblem(`The deletion vector ${place.path} is broken: its length or its checksum is wrong`)
    return bytes
  } finally {
    await handle.close()
  }
}

/** Roaring bitmaps of 32 bits, each with the upper 32 bits before it, in the portable form. */
export function decodeRows(bytes: Uint8Array, most = ROWS_MAX): number[] {
  const reader = new BitmapReader(bytes)
  const rows: number[] = []
  try {
    if (reader.u32() !== MAGIC) throw new RangeError('magic')
    const count = reader.u32()
    if (reader.u32() !== 0) throw new RangeError('count')
    for (let i = 0; i < count; i++) {
      const high = reader.u32()
      // Parquet files have fewer rows than this
      if (high >= 2 ** 20) throw new RangeError('key')
      reader.bitmap(high * 2 ** 32, rows, most)
    }
  } catch (error) {
    if (error instanceof RangeError) throw deltaProblem('A deletion vector is broken', undefined, error)
    throw error
  }
  return rows
}

/** Reads beyond the end throw a RangeError. */
class BitmapReader {
  private readonly view: DataView
  private at = 0

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u32(): number {
    this.at += 4
    return this.view.getUint32(this.at - 4, true)
  }

  bitmap(base: number, rows: number[], most: number): void {
    const cookie = this.u32()
    const hasRuns = (cookie & 0xffff) === WITH_RUNS
    if (!hasRuns && cookie !== WITHOUT_RUNS) throw new RangeError('cookie')
    const size = hasRuns ? (cookie >>> 16) + 1 : this.u32()
    if (size > 65_536) throw new RangeError('size')
    const runs = Array.from({ length: hasRuns ? Math.ceil(size / 8) : 0 }, () => this.u8())
    const containers = Array.from({ length: size }, () => ({ key: this.u16(), values: this.u16() + 1 }))
    if (!hasRuns || size >= 4) this.at += 4 * size
    for (const [i, { key, values }] of containers.entries()) {
      const start = base + key * 65_536
      if (((runs[i >> 3] ?? 0) >> (i & 7)) & 1) this.runs(start, rows)
      else if (values <= ARRAY_MAX) for (let n = 0; n < values; n++) rows.push(start + this.u16())
      else this.bits(start, rows)
      if (rows.length > most) throw new RangeError('rows')
    }
  }

  private runs(start: number, rows: number[]): void {
    for (let left = this.u16(); left > 0; left--) {
      const first = this.u16()
      const last = first + this.u16()
      if (last > 65_535) throw new RangeError('run')
      for (let value = first; value <= last; value++) rows.push(start + value)
    }
  }

  private bits(start: number, rows: number[]): void {
    for (let byte = 0; byte < BITMAP_BYTES; byte++) {
      const bits = this.u8()
      for (let bit = 0; bit < 8; bit++) if ((bits >> bit) & 1) rows.push(start + byte * 8 + bit)
    }
  }

  private u8(): number {
    return this.view.getUint8(this.at++)
  }

  private u16(): number {
    this.at += 2
    return this.view.getUint16(this.at - 2, true)
  }
}
