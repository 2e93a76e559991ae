import type { FileHandle } from 'node:fs/promises'

const QUOTE = 0x22
const COMMA = 0x2c
const LINE_FEED = 0x0a
/** An unquoted `\N`: NULL. */
const NULL_TEXT = Buffer.from('\\N')
const SHORT = 24

/** Writes rows as CSV: every text is quoted, and NULL is not. */
export class RowsWriter {
  /** Bytes that wait to be written. */
  waiting = 0
  /** The longest row, in bytes. */
  longestRow = 0
  written = 0
  private out: Buffer = Buffer.allocUnsafe(1 << 20)
  private rowStart = 0

  constructor(private readonly file: FileHandle) {}

  null(): void {
    this.bytes(NULL_TEXT, 0, NULL_TEXT.length)
  }

  separate(): void {
    this.room(1)
    this.out[this.waiting++] = COMMA
  }

  endRow(): void {
    this.room(1)
    this.out[this.waiting++] = LINE_FEED
    const length = this.waiting - this.rowStart
    if (length > this.longestRow) this.longestRow = length
    this.rowStart = this.waiting
  }

  /** A number, true or false; or a text without escapes with its quotes: they mean the same in JSON and in CSV. */
  bytes(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from
    this.room(length)
    const { out } = this
    let at = this.waiting
    if (length <= SHORT) for (let index = from; index < to; index++) out[at++] = bytes[index]!
    else out.set(bytes.subarray(from, to), at)
    this.waiting += length
  }

  /** Anything, in quotes. */
  quoted(bytes: Uint8Array, from: number, to: number): void {
    this.room((to - from) * 2 + 2)
    const { out } = this
    let at = this.waiting
    out[at++] = QUOTE
    for (let index = from; index < to; index++) {
      const byte = bytes[index]!
      out[at++] = byte
      if (byte === QUOTE) out[at++] = QUOTE
    }
    out[at++] = QUOTE
    this.waiting = at
  }

  /** Between rows only. */
  async flush(): Promise<void> {
    for (let from = 0; from < this.waiting; ) from += (await this.file.write(this.out, from, this.waiting - from)).bytesWritten
    this.written += this.waiting
    this.waiting = 0
    this.rowStart = 0
  }

  private room(bytes: number): void {
    if (this.waiting + bytes <= this.out.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.waiting + bytes))
    this.out.copy(larger, 0, 0, this.waiting)
    this.out = larger
  }
}
