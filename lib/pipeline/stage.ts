import fs from 'node:fs/promises'
import type { SourceColumn } from '@/lib/connectors/contract'
import type { Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import { stageFile, type CsvFile, type StageFormat } from '@/lib/warehouse/stage-file'
import type { FileLayout, TableFile } from '@/lib/warehouse/version'

/** A Parquet file of this run in the scratch folder, visible to nobody. */
export interface StagedFile {
  path: string
  rows: number
  /** Fields that are no columns are kept aside in it. */
  hasUnknown?: boolean
  /** What it holds, when that is not every column of the version. */
  layout?: FileLayout
  /** It is in the object store already, for a checkpoint; `path` is where it is read. */
  stored?: TableFile
  /** The lane that it was filled by, until that settles it. */
  lane?: number
}

interface Chunk extends CsvFile {
  handle: fs.FileHandle
  bytes: number
  lane: number
}

/** Of a read that has only one. */
const ONLY_LANE = 0

/** What a file should hold at least; a table that is big gets bigger files, up to the most. In CSV bytes. */
const CHUNK_BYTES = { least: 32 * 1024 ** 2, most: 128 * 1024 ** 2, partOfTable: 8 }

/** U+FEFF, as a file in UTF-8 begins with it. */
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf)

/**
 * Step 3. Turns batches into Parquet files while the next ones arrive: one file is being parsed, one filled, and a source
 * that is faster than both is held back. A read by several connections has a lane for each, which fills a file of its own.
 * Promises that memory stays bounded, since batches wait on disk. Dying here leaves files in the scratch folder of the run alone.
 */
export class Stager {
  /** The files that are being filled, by their lanes. */
  private readonly open = new Map<number, Chunk>()
  private parsing: Promise<void> = Promise.resolve()
  private bytes = 0
  /** How many files were begun, staged or not. */
  private begun: number
  /** Set when a file could not be staged: reading on is of no use. */
  failure: unknown

  constructor(
    private readonly engine: Engine,
    private readonly scratch: Scratch,
    private readonly format: StageFormat,
    private readonly onFailure: (error: unknown) => void,
    /** What was staged before, in the order it was read. */
    readonly files: StagedFile[] = [],
  ) {
    this.begun = files.length
  }

  /** Bytes and rows of the file that is being filled. */
  get openBytes(): number {
    return this.open.get(ONLY_LANE)?.bytes ?? 0
  }

  get openRows(): number {
    return this.open.get(ONLY_LANE)?.rows ?? 0
  }

  /** The number of the file that the next row goes into. */
  get nextFile(): number {
    return this.open.has(ONLY_LANE) ? this.begun - 1 : this.begun
  }

  async add(batch: { bytes: Uint8Array; rows: number }, { hasUnknown = false, lane = ONLY_LANE } = {}): Promise<void> {
    const chunk = this.open.get(lane) ?? (await this.openChunk(lane))
    if (hasUnknown) chunk.hasUnknown = true
    // a file's first letter may be one that the engine takes for the mark of an encoding and leaves out: then it gets a mark to leave out
    if (chunk.bytes === 0 && beginsWithMark(batch.bytes)) await writeAll(chunk.handle, MARK)
    await writeAll(chunk.handle, batch.bytes)
    chunk.rows += batch.rows
    chunk.bytes += batch.bytes.length
    chunk.longestBatch = Math.max(chunk.longestBatch, batch.bytes.length + MARK.length)
    this.bytes += batch.bytes.length
  }

  /** Pass the filled chunk on when it holds what a file should. */
  async handIfFull(lane = ONLY_LANE): Promise<void> {
    const target = Math.min(CHUNK_BYTES.most, Math.max(CHUNK_BYTES.least, this.bytes / CHUNK_BYTES.partOfTable))
    if ((this.open.get(lane)?.bytes ?? 0) >= target * 0.95) await this.hand(lane)
  }

  /** Every row that was added is in `files` now. */
  async finish(): Promise<void> {
    for (const lane of this.open.keys()) await this.hand(lane)
    await this.parsing
    if (this.failure) throw this.failure
  }

  /** Wait until nothing of it is under way; its files are of no use. */
  async stop(): Promise<void> {
    await this.parsing
    await Promise.all([...this.open.values()].map(({ handle }) => handle.close()))
    this.open.clear()
  }

  /** Do this once everything that the lane added is in `files`; what is handed on later waits for it. */
  afterwards(work: () => Promise<void>): void {
    this.parsing = this.parsing.then(() => (this.failure ? undefined : work())).catch((error: unknown) => this.fail(error))
  }

  /** Pass the filled chunk on, once those before it are through. */
  async hand(lane = ONLY_LANE): Promise<void> {
    const chunk = this.open.get(lane)
    const before = this.parsing
    this.open.delete(lane)
    // in line at once: whoever hands on meanwhile comes after it
    if (chunk) this.parsing = before.then(() => this.parse(chunk)).catch((error: unknown) => this.fail(error))
    await before
  }

  /** What this lane has filled stays: it is told apart no more. To be done `afterwards`. */
  settle(lane: number): void {
    for (const file of this.files) if (file.lane === lane) delete file.lane
  }

  /** Take back what this lane has filled and not settled. */
  async drop(lane: number): Promise<void> {
    const chunk = this.open.get(lane)
    this.open.delete(lane)
    await chunk?.handle.close()
    if (chunk) await fs.rm(chunk.path)
    this.afterwards(async () => {
      const dropped = this.files.filter((file) => file.lane === lane)
      this.files.splice(0, this.files.length, ...this.files.filter((file) => file.lane !== lane))
      for (const { path } of dropped) await fs.rm(path)
    })
  }

  private async openChunk(lane: number): Promise<Chunk> {
    const path = this.scratch.file('csv')
    this.begun++
    const chunk: Chunk = { path, handle: await fs.open(path, 'w', 0o600), rows: 0, bytes: 0, longestBatch: 0, lane }
    this.open.set(lane, chunk)
    return chunk
  }

  private fail(error: unknown): void {
    this.failure ??= error
    this.onFailure(error)
  }

  private async parse({ handle, lane, ...csv }: Chunk): Promise<void> {
    await handle.close()
    if (this.failure || csv.rows === 0) return
    const path = this.scratch.file('parquet')
    await stageFile(this.engine, csv, this.format, path)
    await fs.rm(csv.path)
    this.files.push({ path, rows: csv.rows, ...(csv.hasUnknown ? { hasUnknown: true } : {}), ...(lane === ONLY_LANE ? {} : { lane }) })
  }
}

function beginsWithMark(bytes: Uint8Array): boolean {
  return MARK.every((byte, index) => bytes[index] === byte)
}

async function writeAll(handle: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
}

/** Columns as a source is asked for them. */
export function requestColumns(format: StageFormat): SourceColumn[] {
  return format.columns.map(({ source }) => source)
}
