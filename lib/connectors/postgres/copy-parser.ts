import { limits } from '@/lib/core/limits'
import type { BytesBatch } from '../contract'
import { RowTooLong } from './too-long'

const FIRST_BYTES = 256 * 1024
const ROOM_BYTES = 128 * 1024
const HEADER_BYTES = 5

/** A value is 1 GB at most, and a row must fit into memory at the server too. */
const LONGEST_MESSAGE = 0x7fffffff - ROOM_BYTES

const COPY_DATA = 0x64

export interface CopyEvents {
  /** A batch is full; false to stop parsing until `resume`. */
  onBatch(batch: BytesBatch): boolean
  /** Any message but CopyData, whole; the body is only valid during the call. */
  onMessage(type: number, body: Buffer): void
}

/**
 * Takes the server's bytes apart during a COPY. Postgres sends one row per CopyData message, so that rows are
 * counted and batches cut without looking for line ends or quotes.
 *
 * The bytes are laid into the batch's own buffer as they come, behind the rows that are done, and each row is then
 * moved down over its header. A move costs some 50 ns; copying rows out of a chunk one by one costs three times that.
 */
export class CopyParser {
  private target: Buffer
  private rows = 0
  /** Rows lie before it, without their headers. */
  private used = 0
  /** What has arrived and was not taken apart yet lies between `used` and `end`. */
  private end = 0
  private isStopped = false
  /** A batch's buffer that came back: a new one for each would keep the garbage collector busy. */
  private spare: Buffer | undefined

  constructor(private readonly batchBytes: number, private readonly events: CopyEvents, private readonly mostRowBytes: number = limits.sourceRowBytes) {
    this.target = Buffer.allocUnsafeSlow(FIRST_BYTES)
  }

  push(chunk: Uint8Array): void {
    this.reserve(chunk.length)
    this.target.set(chunk, this.end)
    this.end += chunk.length
    if (!this.isStopped) this.parse()
  }

  /** Go on after a batch that stopped the parsing. */
  resume(): void {
    this.isStopped = false
    this.parse()
  }

  /** The consumer is done with this batch: its memory serves a later one. */
  reuse(batch: BytesBatch): void {
    this.spare = Buffer.from(batch.bytes.buffer)
  }

  /** The rows since the last full batch; null when there are none. */
  last(): BytesBatch | null {
    return this.rows ? this.cut(this.end) : null
  }

  private parse(): void {
    let at = this.used
    while (at + HEADER_BYTES <= this.end && !this.isStopped) {
      at = this.target[at] === COPY_DATA ? this.takeRows(at) : this.takeMessage(at)
      if (this.used >= this.batchBytes && this.rows > 0) {
        const batch = this.cut(at)
        at = 0
        this.isStopped = !this.events.onBatch(batch)
      } else if (this.isPartial(at)) break
    }
    if (at > this.used) {
      this.target.copyWithin(this.used, at, this.end)
      this.end -= at - this.used
    }
  }

  /** Whole rows from here on, as many as have arrived and the batch takes: the loop that everything else waits for. */
  private takeRows(start: number): number {
    const { target, end, batchBytes } = this
    let { used, rows } = this
    let at = start
    while (at + HEADER_BYTES <= end && target[at] === COPY_DATA && used < batchBytes) {
      const next = at + 1 + lengthAt(target, at + 1)
      if (next > end) break
      target.copyWithin(used, at + HEADER_BYTES, next)
      used += next - at - HEADER_BYTES
      rows++
      at = next
    }
    this.used = used
    this.rows = rows
    return at
  }

  private takeMessage(at: number): number {
    const next = at + 1 + lengthAt(this.target, at + 1)
    if (next > this.end) return at
    this.events.onMessage(this.target[at] ?? 0, this.target.subarray(at + HEADER_BYTES, next))
    return next
  }

  /** Is the rest of the message that begins here still to come? Makes room for it. */
  private isPartial(at: number): boolean {
    if (at + HEADER_BYTES > this.end) return true
    const next = at + 1 + lengthAt(this.target, at + 1)
    if (next <= this.end) return false
    if (this.target[at] === COPY_DATA && next - at > this.mostRowBytes) throw new RowTooLong(next - at)
    this.reserve(next - this.end)
    return true
  }

  /** The rows so far as a batch; what lies behind `rest` begins the next one. */
  private cut(rest: number): BytesBatch {
    const batch: BytesBatch = { kind: 'bytes', bytes: this.target.subarray(0, this.used), rows: this.rows }
    const left = this.target.subarray(rest, this.end)
    this.target = this.nextBuffer(Math.max(left.length, this.rows && this.used < this.batchBytes ? 0 : this.batchBytes + ROOM_BYTES))
    this.target.set(left)
    this.rows = 0
    this.used = 0
    this.end = left.length
    return batch
  }

  private nextBuffer(bytes: number): Buffer {
    const { spare } = this
    if (!spare || spare.length < bytes || spare.length > 2 * (this.batchBytes + ROOM_BYTES)) return Buffer.allocUnsafeSlow(bytes)
    this.spare = undefined
    return spare
  }

  /** Room for so many bytes behind those that have arrived. */
  private reserve(bytes: number): void {
    const needed = this.end + bytes
    if (needed <= this.target.length) return
    const full = this.batchBytes + ROOM_BYTES
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, needed > full ? Math.min(needed * 1.25, needed + full) : Math.min(full, this.target.length * 4)))
    grown.set(this.target.subarray(0, this.end))
    this.target = grown
  }
}

/** A message's length, which counts its own four bytes; big-endian. Throws for what no server of this protocol sends. */
function lengthAt(bytes: Buffer, at: number): number {
  const length = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  if (length < 4 || length > LONGEST_MESSAGE) throw new Error('The server does not speak the protocol of PostgreSQL')
  return length
}
