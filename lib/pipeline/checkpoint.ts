import { AppError } from '@/lib/core/errors'
import { keyedDigest } from '@/lib/core/secret-box'
import { findCheckpoint, saveCheckpoint, type ReadCheckpoint } from '@/lib/db/read-checkpoints'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { LocalPath } from '@/lib/warehouse/object-store/store'
import type { TableFile } from '@/lib/warehouse/version'
import type { SyncPlan } from './plan'
import type { Demotions } from './plan-columns'
import type { FilePutter } from './put-files'
import type { StagedFile } from './stage'
import type { ReadProgress } from './stage-rows'
import type { SyncJob } from './types'

/** What an interrupted read left: staged files in the object store, and where to go on. */
export interface Resumed extends ReadProgress {
  files: StagedFile[]
  began: Date
}

/**
 * The checkpoints of one run. A read that was interrupted is gone on from only by a run that would read the same in the same
 * way into the same version; the digest of all that decides it.
 */
export class Checkpoints {
  /** Do files of this run hang on its checkpoint? Then a commit must find it. */
  isKept = false
  private began = new Date()
  private hasFailed = false

  constructor(
    private readonly job: SyncJob,
    private readonly put: FilePutter,
    private readonly scratch: Scratch,
  ) {}

  /** What an earlier attempt or run left; null when there is nothing. */
  find(): Promise<ReadCheckpoint | null> {
    return findCheckpoint(this.job.workspaceId, this.job.schemaId)
  }

  /** Go on from a checkpoint if it is one of this plan and its files are there: from now on it is this run's. */
  async resume(plan: SyncPlan, kept: ReadCheckpoint): Promise<Resumed | null> {
    if (kept.plan !== planDigest(this.job, plan)) {
      this.job.log('info', 'What an interrupted read left is of no use: the source, the method, the columns or the version to start from is another one now')
      return null
    }
    const local = await this.hold(kept.files)
    if (!local) return null
    await saveCheckpoint(guardOf(this.job, plan), { ...kept, isFull: this.job.isFull })
    this.isKept = true
    this.began = kept.createdAt
    const { bookmark, removals, unknown, rowsRead, bytesRead, createdAt } = kept
    const files = kept.files.map(({ hasUnknown, ...file }): StagedFile => ({ path: local(file.path), rows: file.rows, stored: file, ...(hasUnknown ? { hasUnknown } : {}) }))
    this.job.log('info', `Going on where an interrupted read had come to: ${rowsRead} rows were read before`)
    return { files, bookmark, removals, unknown, rows: rowsRead, bytes: bytesRead, began: createdAt }
  }

  /** Nothing of the checkpoint is used any more; the next one takes its place. */
  forget(): void {
    this.isKept = false
    this.began = new Date()
  }

  /**
   * Make the staged files durable, then save how far the read has come. A database that is away for a moment costs a
   * checkpoint, not the read; a lease that is lost ends it.
   */
  async keep(plan: SyncPlan, demotions: Demotions, files: StagedFile[], { rows, bytes, ...progress }: ReadProgress): Promise<void> {
    const kept: ReadCheckpoint['files'] = []
    for (const file of files) {
      kept.push({ ...(await this.stored(file)), ...(file.hasUnknown ? { hasUnknown: true } : {}) })
    }
    try {
      await saveCheckpoint(guardOf(this.job, plan), { plan: planDigest(this.job, plan), isFull: this.job.isFull, files: kept, demotions: Object.fromEntries(demotions), rowsRead: rows, bytesRead: bytes, createdAt: this.began, ...progress })
      this.isKept = true
      this.job.log('debug', `The read can go on from here: ${rows} rows`)
    } catch (error) {
      if (error instanceof AppError) throw error
      if (!this.hasFailed) this.job.log('warn', `How far the read has come could not be saved: ${error instanceof Error ? error.message : String(error)}`)
      this.hasFailed = true
    }
  }

  private async stored(file: StagedFile): Promise<TableFile> {
    const [stored] = file.stored ? [file.stored] : await this.put('data', [file])
    if (!stored) throw new Error('put gave no file back')
    file.stored = stored
    file.path = (await this.scratch.hold([stored]))(stored.path)
    return stored
  }

  /** What an interrupted read left can be read again, so that files which are gone cost time and nothing else. */
  private async hold(files: TableFile[]): Promise<LocalPath | null> {
    try {
      return await this.scratch.hold(files)
    } catch (error) {
      if (!(error instanceof AppError) || !['not_found', 'bad_file'].includes(error.code)) throw error
      this.job.log('warn', `What an interrupted read left cannot be used: ${error.message}`)
      return null
    }
  }
}

function guardOf({ workspaceId, schemaId, runId, fence }: SyncJob, { former }: SyncPlan) {
  return { workspaceId, schemaId, runId, fence, plannedFrom: former?.version ?? null }
}

/** The config is part of it, its secrets too: another key may be of another account. */
function planDigest({ connector, config, discovered, method }: SyncJob, { former, mode, read, columns, tracked }: SyncPlan): string {
  const from = former && { version: former.version, cursor: former.cursor }
  const columnsRead = read.map(({ source, target }) => [source.name, source.type, source.encoding, target.fieldId, target.name, target.type])
  return keyedDigest(JSON.stringify([connector.id, config, discovered.location, method, from, mode, columnsRead, columns.map(({ fieldId }) => fieldId), tracked]))
}
