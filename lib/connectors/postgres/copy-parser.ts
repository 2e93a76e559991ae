import type { BytesBatch } from '../contract'

const FIRST_BYTES = 256 * 1024
const ROOM_BYTES = 1024 * 1024
/** Above this a native copy is faster than four bytes at a time. */
const SHORT_BYTES = 512
const HEADER_BYTES = 5

const COPY_DATA = 0x64

export interface CopyEvents {
  /** A batch is full; false to stop parsing until `resume`. */
  onBatch(batch: BytesBatch): boolean
  /** Any message but CopyData, whole. */
  onMessage(type: number, body: Buffer): void
}

/**
 * Takes the server's bytes apart during a COPY. Postgres sends one row per CopyData message, so that rows are
 * counted and batches cut without looking for line ends or quotes. Rows go straight into the batch's own buffer.
 */
export class CopyParser {
  rows = 0
  private target: Buffer
  private targetView: DataView
  private used = 0
  /** Of the row that is under way: the bytes still to come. */
  private missing = 0
  private header = Buffer.alloc(HEADER_BYTES)
  private headerUsed = 0
  private message: { type: number; body: Buffer; used: number } | undefined
  private rest: Buffer | undefined

  constructor(private readonly batchBytes: number, private readonly events: CopyEvents) {
    this.target = Buffer.allocUnsafeSlow(Math.min(FIRST_BYTES, batchBytes + ROOM_BYTES))
    this.targetView = viewOf(this.target)
  }

  /** Take the next bytes. Parsing stops where `onBatch` says so; `resume` goes on from there. */
  push(chunk: Buffer): void {
    let at = this.finishStarted(chunk)
    while (at < chunk.length) {
      at = this.rowsFrom(chunk, at)
      if (this.isFull() && !this.flush()) {
        this.rest = at < chunk.length ? chunk.subarray(at) : undefined
        return
      }
      if (at < chunk.length && !this.isFull()) at = this.startMessage(chunk, at)
    }
    if (this.isFull()) this.flush()
  }

  /** Go on with what was left when a batch was full. */
  resume(): void {
    const { rest } = this
    this.rest = undefined
    if (rest) this.push(rest)
  }

  /** The rows since the last full batch; null when there are none. */
  last(): BytesBatch | null {
    return this.rows ? this.take() : null
  }

  private isFull(): boolean {
    return this.used >= this.batchBytes && this.missing === 0 && this.rows > 0
  }

  private flush(): boolean {
    return this.events.onBatch(this.take())
  }

  private take(): BytesBatch {
    const batch: BytesBatch = { kind: 'bytes', bytes: this.target.subarray(0, this.used), rows: this.rows }
    this.target = Buffer.allocUnsafeSlow(this.used >= this.batchBytes ? this.batchBytes + ROOM_BYTES : FIRST_BYTES)
    this.targetView = viewOf(this.target)
    this.used = 0
    this.rows = 0
    return batch
  }

  /** Whole rows, as many as the chunk holds and the batch takes: the loop that everything else waits for. */
  private rowsFrom(chunk: Buffer, start: number): number {
    const view = viewOf(chunk)
    const end = chunk.length
    let at = start
    let { used, rows } = this
    const limit = Math.min(this.target.length - 4, this.batchBytes)
    while (at + HEADER_BYTES <= end && chunk[at] === COPY_DATA && used < limit) {
      const next = at + 1 + view.getInt32(at + 1)
      if (next > end) break
      const bytes = next - at - HEADER_BYTES
      if (used + bytes + 4 > this.target.length) {
        this.used = used
        this.reserve(bytes)
        this.rows = rows
        return this.rowsFrom(chunk, at)
      }
      copyBytes(chunk, view, at + HEADER_BYTES, next, this.target, this.targetView, used)
      used += bytes
      rows++
      at = next
    }
    this.used = used
    this.rows = rows
    return at
  }

  /** A message that the chunk holds only in part, or that is no row. */
  private startMessage(chunk: Buffer, start: number): number {
    const take = Math.min(HEADER_BYTES - this.headerUsed, chunk.length - start)
    chunk.copy(this.header, this.headerUsed, start, start + take)
    this.headerUsed += take
    if (this.headerUsed < HEADER_BYTES) return start + take
    this.headerUsed = 0
    const type = this.header[0] ?? 0
    const bytes = this.header.readInt32BE(1) - 4
    if (type === COPY_DATA) {
      this.reserve(bytes)
      this.missing = bytes
      this.rows++
      return this.fillRow(chunk, start + take)
    }
    this.message = { type, body: Buffer.alloc(bytes), used: 0 }
    return this.fillMessage(chunk, start + take)
  }

  /** What an earlier chunk left unfinished comes first. */
  private finishStarted(chunk: Buffer): number {
    if (this.headerUsed) return this.startMessage(chunk, 0)
    if (this.missing) return this.fillRow(chunk, 0)
    return this.message ? this.fillMessage(chunk, 0) : 0
  }

  private fillRow(chunk: Buffer, start: number): number {
    const bytes = Math.min(this.missing, chunk.length - start)
    chunk.copy(this.target, this.used, start, start + bytes)
    this.used += bytes
    this.missing -= bytes
    return start + bytes
  }

  private fillMessage(chunk: Buffer, start: number): number {
    const { message } = this
    if (!message) return start
    const bytes = Math.min(message.body.length - message.used, chunk.length - start)
    chunk.copy(message.body, message.used, start, start + bytes)
    message.used += bytes
    if (message.used === message.body.length) {
      this.message = undefined
      this.events.onMessage(message.type, message.body)
    }
    return start + bytes
  }

  /** Room for so many bytes more. */
  private reserve(bytes: number): void {
    const needed = this.used + bytes + 4
    if (needed <= this.target.length) return
    const full = this.batchBytes + ROOM_BYTES
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(full, this.target.length * 4)))
    this.target.copy(grown, 0, 0, this.used)
    this.target = grown
    this.targetView = viewOf(grown)
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

/** Four bytes at a time for the short rows of most tables: a native copy costs more to call than to do. May write up to three bytes too many. */
function copyBytes(from: Buffer, fromView: DataView, start: number, end: number, to: Buffer, toView: DataView, at: number): void {
  if (end - start > SHORT_BYTES) {
    from.copy(to, at, start, end)
    return
  }
  const whole = end - 3
  let source = start
  let target = at
  for (; source < whole; source += 4, target += 4) toView.setInt32(target, fromView.getInt32(source))
  for (; source < end; source++, target++) to[target] = from[source] ?? 0
}
