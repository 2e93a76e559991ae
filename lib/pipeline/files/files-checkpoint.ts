import fs from 'node:fs/promises'
import { AppError } from '@/lib/core/errors'
import { formatCount } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { saveFilesCheckpoint, type CheckpointFile, type FilesProgress } from '@/lib/db/checkpoint-files'
import { droppedLine, isRecordable, recordLine } from '@/lib/warehouse/read-record'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { TableFile } from '@/lib/warehouse/version'
import { checkpointEveryMs } from '../checkpoint-pace'
import type { FilePutter } from '../put-files'
import type { StagedFile } from '../stage'
import type { FilesJob } from './files-job'
import type { ObjectResult } from './results'

/** Objects that were read in one go, and what was staged of them. */
export interface ReadUnit {
  objects: ObjectResult[]
  files: StagedFile[]
  /** What was fetched for it. */
  bytes: number
}

/** What was read since the last checkpoint. */
interface Part {
  /** Of the record, until they are in a file. */
  lines: string[]
  bytes: number
  record: StagedFile | null
  objects: number
  units: { unit: number; files: StagedFile[] }[]
}

export interface ReadTotals {
  rowsRead: number
  bytesRead: number
}

export interface CheckpointStart {
  plan: string
  plannedFrom: number | null
  /** Is there nothing that it goes on from? */
  isNew: boolean
  began: Date
  /** How many objects it holds. */
  objects: number
  lastUnit: number
  lastFindingsId: number
}

/**
 * Makes a long read of files safe against a kill: every few seconds, more rarely the longer it takes, what was staged goes into the object store, and a record says which objects it
 * holds. Each checkpoint only adds to the ones before. It happens beside the reading, which does not wait for it.
 */
export class FilesCheckpoints {
  /** Do files of this run hang on its checkpoint? Then a commit must find it. */
  isKept: boolean
  private readonly began = performance.now()
  private lastKept = performance.now()
  private objects: number
  private unit: number
  private findingsId: number
  /** By the findings that the open part has written out. */
  private readonly findingsIds = new Map<string, number>()
  private open: Part | null = null
  /** Closed, and not saved yet. */
  private pending: Part[] = []
  private saving: Promise<void> | null = null
  private failure: unknown
  private hasFailed = false

  constructor(
    private readonly job: FilesJob,
    private readonly start: CheckpointStart,
    private readonly tools: { put: FilePutter; scratch: Scratch },
  ) {
    this.isKept = !start.isNew
    this.objects = start.objects
    this.unit = start.lastUnit
    this.findingsId = start.lastFindingsId
  }

  /** Takes note of a unit, and begins a checkpoint when it is time for one. Throws when this run may not go on. */
  add({ objects, files, bytes }: ReadUnit, totals: ReadTotals): void {
    if (this.failure) throw this.failure
    // one that was gone is looked for again
    const there = objects.filter(({ rows }) => rows >= 0)
    const texts = there.map(({ findings }) => (findings ? JSON.stringify(findings) : null))
    if (there.length && texts.every((text) => text === null || this.findingsIds.has(text) || isRecordable(text))) this.note({ objects: there, files, bytes }, texts)
    if (this.open && !this.saving && this.isDue()) this.begin(totals)
  }

  /** The end of the read: throws when this run may not go on. */
  async finish(): Promise<void> {
    await this.settled()
    if (this.failure) throw this.failure
  }

  /** Nothing of it is under way any more. */
  async settled(): Promise<void> {
    await this.saving
  }

  /** Makes the checkpoint this run's, without the units that are not gone on from. */
  async takeOver(droppedUnits: number[], totals: ReadTotals): Promise<void> {
    const added = droppedUnits.length ? await this.putRecord(await this.written(droppedUnits.map(droppedLine))) : []
    await this.write({ isNew: false, added, droppedUnits }, totals)
  }

  private note({ objects, files, bytes }: ReadUnit, texts: (string | null)[]): void {
    const unit = ++this.unit
    this.open ??= { lines: [], bytes: 0, record: null, objects: 0, units: [] }
    for (const [index, object] of objects.entries()) {
      const line = recordLine({ ...object, unit, fetched: index === 0 ? bytes : 0, ...this.findingsOf(texts[index] ?? null) })
      this.open.lines.push(line)
      this.open.bytes += line.length
    }
    this.open.objects += objects.length
    this.open.units.push({ unit, files })
  }

  /** Written out once in each part. */
  private findingsOf(text: string | null): { findingsId: number | null; findings: string | null } {
    const known = text === null ? undefined : this.findingsIds.get(text)
    if (text === null || known !== undefined) return { findingsId: known ?? null, findings: null }
    this.findingsIds.set(text, ++this.findingsId)
    return { findingsId: this.findingsId, findings: text }
  }

  private isDue(): boolean {
    const now = performance.now()
    return (this.open?.bytes ?? 0) >= limits.checkpointBytes || now - this.lastKept >= checkpointEveryMs(this.job.checkpointSeconds ?? limits.checkpointSeconds, now - this.began)
  }

  private begin(totals: ReadTotals): void {
    this.saving = this.saveWhileDue(totals).finally(() => (this.saving = null))
  }

  private async saveWhileDue(totals: ReadTotals): Promise<void> {
    while (this.open && !this.failure && this.isDue()) {
      this.pending.push(this.open)
      this.open = null
      this.findingsIds.clear()
      this.lastKept = performance.now()
      await this.save(totals).catch((error: unknown) => this.onFailure(error))
    }
  }

  private async save(totals: ReadTotals): Promise<void> {
    const added: CheckpointFile[] = []
    for (const part of this.pending) {
      for (const { unit, files } of part.units) added.push(...(await this.store('data', files)).map((file) => ({ ...file, kind: 'data' as const, unit })))
      part.record ??= await this.written(part.lines.splice(0))
      added.push(...(await this.putRecord(part.record)))
    }
    await this.write({ isNew: !this.isKept, added, droppedUnits: [] }, totals)
    this.objects += this.pending.reduce((objects, part) => objects + part.objects, 0)
    this.pending = []
    this.job.log('debug', `The read can go on from here: ${formatCount(this.objects)} files`)
  }

  private async written(lines: string[]): Promise<StagedFile> {
    const path = this.tools.scratch.file('csv')
    await fs.writeFile(path, lines.join(''), { mode: 0o600 })
    return { path, rows: lines.length }
  }

  private async putRecord(record: StagedFile): Promise<CheckpointFile[]> {
    return (await this.store('manifest', [record])).map((file) => ({ ...file, kind: 'manifest', unit: null }))
  }

  /** Makes files durable, one after the other so that what is done is known, and reads them from there. */
  private async store(kind: 'data' | 'manifest', files: StagedFile[]): Promise<TableFile[]> {
    const { put, scratch } = this.tools
    const all: TableFile[] = []
    for (const file of files) {
      const [stored] = await put(kind, [file])
      if (!stored) throw new Error('put gave no file back')
      file.stored = stored
      file.path = (await scratch.hold([stored]))(stored.path)
      all.push(stored)
    }
    return all
  }

  private async write(change: Pick<FilesProgress, 'isNew' | 'added' | 'droppedUnits'>, { rowsRead, bytesRead }: ReadTotals): Promise<void> {
    const { workspaceId, schemaId, runId, fence, isFull } = this.job
    const { plan, plannedFrom, began } = this.start
    await saveFilesCheckpoint({ workspaceId, schemaId, runId, fence, plannedFrom }, { plan, isFull, createdAt: began, rowsRead, bytesRead, ...change })
    this.isKept = true
  }

  /** A database or a store that is away for a moment costs a checkpoint, not the read: the next one saves this one's, too. A lease that is lost ends the read. */
  private onFailure(error: unknown): void {
    if (error instanceof AppError && (!error.isRetryable || ENDS_READ.includes(error.code))) {
      this.failure = error
      return
    }
    if (!this.hasFailed) this.job.log('warn', `How far the read has come could not be saved: ${error instanceof Error ? error.message : String(error)}`)
    this.hasFailed = true
  }
}

const ENDS_READ = ['cancelled', 'lease_lost', 'conflict', 'storage_full']
