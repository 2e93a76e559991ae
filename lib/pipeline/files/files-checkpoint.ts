import fs from 'node:fs/promises'
import { AppError } from '@/lib/core/errors'
import { formatCount } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { saveFilesCheckpoint, type CheckpointFile, type FilesProgress } from '@/lib/db/checkpoint-files'
import { droppedLine } from '@/lib/warehouse/read-record'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { TableFile } from '@/lib/warehouse/version'
import { checkpointEveryMs } from '../checkpoint-pace'
import type { FilePutter } from '../put-files'
import type { StagedFile } from '../stage'
import { CheckpointPart, type ReadUnit, type RecordNumbers } from './checkpoint-part'
import type { FilesJob } from './files-job'

export interface ReadTotals {
  rowsRead: number
  bytesRead: number
}

export interface CheckpointStart extends RecordNumbers {
  plan: string
  plannedFrom: number | null
  /** Is there nothing that it goes on from? */
  isNew: boolean
  began: Date
  /** How many objects it holds. */
  objects: number
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
  private readonly numbers: RecordNumbers
  private open: CheckpointPart
  /** Closed, and not saved yet. */
  private pending: CheckpointPart[] = []
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
    this.numbers = { lastUnit: start.lastUnit, lastFindingsId: start.lastFindingsId }
    this.open = new CheckpointPart(this.numbers)
  }

  /** Takes note of a unit, and begins a checkpoint when it is time for one. Throws when this run may not go on. */
  add(unit: ReadUnit, totals: ReadTotals): void {
    if (this.failure) throw this.failure
    this.open.add(unit)
    if (!this.saving && this.isDue()) this.saving = this.saveWhileDue(totals).finally(() => (this.saving = null))
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
    const added: CheckpointFile[] = []
    if (droppedUnits.length) {
      const path = this.tools.scratch.file('csv')
      await fs.writeFile(path, droppedUnits.map(droppedLine).join(''), { mode: 0o600 })
      added.push(...(await this.putRecord({ path, rows: 0 })))
    }
    await this.write({ isNew: false, added, droppedUnits }, totals)
  }

  private isDue(): boolean {
    if (this.open.objects === 0) return false
    const now = performance.now()
    return this.open.bytes >= limits.checkpointBytes || now - this.lastKept >= checkpointEveryMs(this.job.checkpointSeconds ?? limits.checkpointSeconds, now - this.began)
  }

  private async saveWhileDue(totals: ReadTotals): Promise<void> {
    while (!this.failure && this.isDue()) {
      this.pending.push(this.open)
      this.open = new CheckpointPart(this.numbers)
      this.lastKept = performance.now()
      await this.save(totals).catch((error: unknown) => this.onFailure(error))
    }
  }

  private async save(totals: ReadTotals): Promise<void> {
    const added: CheckpointFile[] = []
    for (const part of this.pending) {
      for (const { unit, files } of part.units) added.push(...(await this.store('data', files)).map((file) => ({ ...file, kind: 'data' as const, unit })))
      added.push(...(await this.putRecord(await part.written(() => this.tools.scratch.file('csv')))))
    }
    await this.write({ isNew: !this.isKept, added, droppedUnits: [] }, totals)
    this.objects += this.pending.reduce((objects, part) => objects + part.objects, 0)
    this.pending = []
    this.job.log('debug', `The read can go on from here: ${formatCount(this.objects)} files`)
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
