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
}

interface Chunk extends CsvFile {
  handle: fs.FileHandle
  bytes: number
}

/** What a file should hold at least; a table that is big gets bigger files, up to the most. In CSV bytes. */
const CHUNK_BYTES = { least: 32 * 1024 ** 2, most: 128 * 1024 ** 2, partOfTable: 8 }

/**
 * Step 3. Turns batches into Parquet files while the next ones arrive: one file is being parsed, one filled, and a source
 * that is faster than both is held back. Promises that memory stays bounded, since batches wait on disk. Dying here leaves
 * files in the scratch folder of the run alone.
 */
export class Stager {
  private chunk: Chunk | undefined
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
    return this.chunk?.bytes ?? 0
  }

  get openRows(): number {
    return this.chunk?.rows ?? 0
  }

  /** The number of the file that the next row goes into. */
  get nextFile(): number {
    return this.chunk ? this.begun - 1 : this.begun
  }

  async add(batch: { bytes: Uint8Array; rows: number }, hasUnknown = false): Promise<void> {
    this.chunk ??= await this.openChunk()
    if (hasUnknown) this.chunk.hasUnknown = true
    await writeAll(this.chunk.handle, batch.bytes)
    this.chunk.rows += batch.rows
    this.chunk.bytes += batch.bytes.length
    this.chunk.longestBatch = Math.max(this.chunk.longestBatch, batch.bytes.length)
    this.bytes += batch.bytes.length
  }

  /** Pass the filled chunk on when it holds what a file should. */
  async handIfFull(): Promise<void> {
    const target = Math.min(CHUNK_BYTES.most, Math.max(CHUNK_BYTES.least, this.bytes / CHUNK_BYTES.partOfTable))
    if (this.openBytes >= target * 0.95) await this.hand()
  }

  /** Every row that was added is in `files` now. */
  async finish(): Promise<void> {
    await this.hand()
    await this.parsing
    if (this.failure) throw this.failure
  }

  /** Wait until nothing of it is under way; its files are of no use. */
  async stop(): Promise<void> {
    await this.parsing
    await this.chunk?.handle.close()
    this.chunk = undefined
  }

  private async openChunk(): Promise<Chunk> {
    const path = this.scratch.file('csv')
    this.begun++
    return { path, handle: await fs.open(path, 'w', 0o600), rows: 0, bytes: 0, longestBatch: 0 }
  }

  /** Do this once everything that was added is in `files`; what is added later waits for it. */
  afterwards(work: () => Promise<void>): void {
    this.parsing = this.parsing.then(() => (this.failure ? undefined : work())).catch((error: unknown) => this.fail(error))
  }

  /** Pass the filled chunk on, once the one before it is through. */
  async hand(): Promise<void> {
    const { chunk } = this
    this.chunk = undefined
    await this.parsing
    if (!chunk) return
    await chunk.handle.close()
    if (this.failure || chunk.rows === 0) return
    this.parsing = this.parse(chunk).catch((error: unknown) => this.fail(error))
  }

  private fail(error: unknown): void {
    this.failure ??= error
    this.onFailure(error)
  }

  private async parse(chunk: Chunk): Promise<void> {
    const path = this.scratch.file('parquet')
    await stageFile(this.engine, chunk, this.format, path)
    await fs.rm(chunk.path)
    this.files.push({ path, rows: chunk.rows, ...(chunk.hasUnknown ? { hasUnknown: true } : {}) })
  }
}

async function writeAll(handle: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
}

/** Columns as a source is asked for them. */
export function requestColumns(format: StageFormat): SourceColumn[] {
  return format.columns.map(({ source }) => source)
}
