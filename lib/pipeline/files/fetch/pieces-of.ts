import { rm } from 'node:fs/promises'
import { formatBytes } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { throwIfAborted } from '@/lib/warehouse/duckdb'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { Format, Inspection, LocalFile, Piece, Place, RowCutter } from '@/lib/warehouse/formats/format'
import type { Scratch } from '@/lib/warehouse/scratch'
import { countLineFeeds } from './count-line-feeds'
import { FileWriter } from './file-writer'
import { peek } from './peek'
import type { PlainText } from './plain-bytes'
import { Places } from './places'

const HEAD_BYTES = 64 * 1024
const CR = 13

export interface FetchedPiece {
  piece: Piece
  /** Nobody reads it any more: its file is removed, and there is room for another. */
  release(): Promise<void>
}

export interface PiecesOptions {
  address: string
  format: Format
  scratch: Scratch
  signal: AbortSignal
  /** A text that is longer is cut, at the first row end after so many bytes. */
  pieceBytes?: number
  inspect(file: LocalFile, place: Place): Promise<Inspection>
}

/**
 * Texts as files on this machine: each whole, or in pieces that begin and end at row ends. At most `limits.files.piecesAtOnce` are there at once: the next one waits until
 * an earlier one is released. Ended early, it leaves those that it gave.
 */
export async function* piecesOf(texts: AsyncIterable<PlainText>, options: PiecesOptions): AsyncGenerator<FetchedPiece> {
  const places = new Places(limits.files.piecesAtOnce)
  const leave = (): void => places.close()
  options.signal.addEventListener('abort', leave)
  try {
    for await (const text of texts) yield* new TextCutter(text, options, places).pieces()
  } finally {
    options.signal.removeEventListener('abort', leave)
  }
}

/** Writes one text into files. */
class TextCutter {
  private readonly pieceBytes: number
  private writer: FileWriter | undefined
  private cutter: RowCutter | null = null
  /** Of the first piece, which tells where rows end. */
  private inspection: Inspection | null = null
  private isFirst = true
  private linesBefore = 0
  /** Of the text, in the piece that is being written. */
  private lines = 0
  /** Carriage returns, in the piece that is being written. */
  private hasReturns = false
  private isCut = false

  constructor(
    private readonly text: PlainText,
    private readonly options: PiecesOptions,
    private readonly places: Places,
  ) {
    this.pieceBytes = options.pieceBytes ?? limits.files.pieceBytes
  }

  async *pieces(): AsyncGenerator<FetchedPiece> {
    const { format } = this.options
    const { head, all } = await peek(this.text.bytes, HEAD_BYTES)
    let beginningBytes = this.pieceBytes
    try {
      await this.begin()
      if (format.rowCutterOf) this.cutter = format.rowCutterOf(head)
      for await (const chunk of all) {
        throwIfAborted(this.options.signal)
        if (this.cutter) {
          yield* this.add(chunk)
          continue
        }
        await this.write(chunk)
        if (!format.rowCutter || this.current.position < beginningBytes) continue
        // so much is no small text: look where its rows end, and cut
        if (await this.isUnderstood()) yield* this.catchUp(format.rowCutter)
        else beginningBytes *= 4
      }
      yield await this.give()
    } finally {
      await all.return(undefined)
      await this.writer?.discard()
    }
  }

  private get current(): FileWriter {
    if (!this.writer) throw new Error('No piece was begun')
    return this.writer
  }

  private async begin(): Promise<void> {
    await this.places.take()
    throwIfAborted(this.options.signal)
    this.writer = await FileWriter.create(this.options.scratch.file('txt'))
    this.hasReturns = false
  }

  /** Bytes are looked at while they are at hand: to read a file once more for that takes longer than to write it. */
  private async write(chunk: Uint8Array): Promise<void> {
    this.hasReturns ||= Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).includes(CR)
    await this.current.write(chunk)
  }

  /** Looks at the beginning of a text. One that is too short to be understood is no verdict over the text: a row can be very long. */
  private async isUnderstood(): Promise<boolean> {
    const writer = this.current
    await writer.flush()
    try {
      this.inspection = await this.options.inspect(this.localFile(), { isFirst: true, linesBefore: 0, signal: this.options.signal })
      return true
    } catch (error) {
      if (error instanceof FileProblem && writer.position < limits.files.beginningBytes) return false
      throw error
    }
  }

  /** What was written before anybody knew where rows end is gone through for them. */
  private async *catchUp(rowCutter: NonNullable<Format['rowCutter']>): AsyncGenerator<FetchedPiece> {
    if (!this.inspection) throw new Error('A text is looked at before it is cut')
    this.cutter = rowCutter(this.inspection)
    const whole = this.current
    let found: { end: number; next: number } | null = null
    let position = 0
    for await (const chunk of whole.readBack()) {
      const ends = this.cutter.lastRowEnd(chunk)
      if (ends) found = { end: position + ends.end, next: position + ends.next }
      position += chunk.length
      this.lines += countLineFeeds(chunk)
    }
    if (!found) return this.refuseLongRow()
    const rest: Uint8Array[] = []
    for await (const chunk of whole.readBack(found.next)) rest.push(chunk)
    const restLines = rest.reduce((sum, chunk) => sum + countLineFeeds(chunk), 0)
    this.lines -= restLines
    await whole.truncate(found.end)
    yield* this.cut()
    for (const chunk of rest) await this.write(chunk)
    this.lines = restLines
  }

  /** More of the text, which is cut here when the piece is long enough. */
  private async *add(chunk: Uint8Array): AsyncGenerator<FetchedPiece> {
    const ends = this.cutter?.lastRowEnd(chunk) ?? null
    if (!ends || this.current.position + ends.end < this.pieceBytes) {
      await this.write(chunk)
      this.lines += countLineFeeds(chunk)
      return this.refuseLongRow()
    }
    await this.write(chunk.subarray(0, ends.end))
    this.lines += countLineFeeds(chunk.subarray(0, ends.next))
    yield* this.cut()
    await this.write(chunk.subarray(ends.next))
    this.lines = countLineFeeds(chunk.subarray(ends.next))
  }

  /** The piece ends here, and another begins. */
  private async *cut(): AsyncGenerator<FetchedPiece> {
    this.isCut = true
    if (this.cutter) await this.current.write(this.cutter.close)
    yield await this.give()
    this.linesBefore += this.lines
    this.lines = 0
    this.isFirst = false
    await this.begin()
    if (this.cutter) await this.current.write(this.cutter.open)
  }

  private async give(): Promise<FetchedPiece> {
    const { options, isFirst, linesBefore } = this
    await this.current.flush()
    const file = this.localFile()
    const inspection = (isFirst ? this.inspection : null) ?? (await options.inspect(file, { isFirst, linesBefore, signal: options.signal }))
    await this.current.close()
    this.writer = undefined
    let isReleased = false
    const release = async (): Promise<void> => {
      if (isReleased) return
      isReleased = true
      // formats put a copy of the rows beside it
      await Promise.all([rm(file.path, { force: true }), rm(`${file.path}.rows`, { force: true })])
      this.places.give()
    }
    return { piece: { file, inspection, isFirst, linesBefore }, release }
  }

  private localFile(): LocalFile {
    return { path: this.current.path, bytes: this.current.position, address: this.text.address, hasReturns: this.hasReturns }
  }

  private refuseLongRow(): void {
    const { rowBytes } = limits.files
    if (this.current.position <= this.pieceBytes + rowBytes) return
    throw new FileProblem(`${this.text.address} has a row that is too long to be read`, `No row ends within ${formatBytes(rowBytes)}${this.isCut ? `, from line ${(this.linesBefore + 1).toLocaleString('en')} on` : ''}`, 'Check the delimiter and the quote; a quote that is never closed makes one row of all that follows')
  }
}
