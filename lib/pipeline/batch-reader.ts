import type { Batch, Bookmark } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { Removal } from '@/lib/db/read-checkpoints'
import type { StageFormat } from '@/lib/warehouse/stage-file'
import type { Resumed } from './checkpoint'
import type { TrackedPlan } from './plan-tracked'
import type { Stager } from './stage'
import { RowsStager, type RowsOptions } from './stage-rows'
import type { SyncJob } from './types'

/** Of the whole read, an interrupted one before it included. */
export interface ReadTotals {
  rows: number
  bytes: number
}

/** What a connector that tracks changes tells beside the rows. */
export interface TrackedRead {
  removals: Removal[]
  /** Fields that are no columns yet, by their names upstream. */
  unknown: string[]
  /** For the next read of changes; null when it is not kept. */
  bookmark: Bookmark | null
}

/** Takes the batches of one read into a stager. */
export interface BatchReader {
  readonly totals: ReadTotals
  /** @param lane of a read over several connections: which of them it came over */
  add(batch: Batch, lane?: number): Promise<void>
  /** Once everything is staged. */
  finish(): TrackedRead | null
}

/** Batches of a database. */
export class BytesReader implements BatchReader {
  readonly totals: ReadTotals

  constructor(private readonly stager: Stager, before: ReadTotals | null = null) {
    this.totals = { rows: before?.rows ?? 0, bytes: before?.bytes ?? 0 }
  }

  async add(batch: Batch, lane?: number): Promise<void> {
    if (batch.kind !== 'bytes') throw wrongKind(batch.kind)
    this.totals.rows += batch.rows
    this.totals.bytes += batch.bytes.length
    await this.stager.add(batch, lane === undefined ? {} : { lane })
    await this.stager.handIfFull(lane)
  }

  finish(): null {
    return null
  }
}

/** Batches of an API. */
export class RowsReader implements BatchReader {
  readonly totals: ReadTotals
  private readonly rows: RowsStager

  constructor(
    stager: Stager,
    format: StageFormat,
    private readonly plan: TrackedPlan,
    private readonly of: { job: SyncJob; resumed: Resumed | null; keep: RowsOptions['keep'] },
  ) {
    const { job, resumed, keep } = of
    this.totals = { rows: resumed?.rows ?? 0, bytes: resumed?.bytes ?? 0 }
    this.rows = new RowsStager(stager, format, { keys: plan.keys.flatMap(({ sourceName }) => sourceName ?? []), before: resumed, checkpointSeconds: job.checkpointSeconds ?? limits.checkpointSeconds, keep })
  }

  async add(batch: Batch): Promise<void> {
    if (batch.kind !== 'rows') throw wrongKind(batch.kind)
    this.totals.rows += batch.rows.length
    this.totals.bytes += batch.bytes
    await this.rows.add(batch, { ...this.totals })
  }

  finish(): TrackedRead {
    const { removals, unknown, bookmark } = this.rows
    if (this.plan.keepsBookmark && !bookmark) {
      throw new AppError('internal', { title: `The read of ${this.of.job.discovered.name} ended without a bookmark`, detail: 'The next sync could not tell what changed since', advice: 'Report this with the log of the run' })
    }
    return { removals, unknown: [...unknown], bookmark: this.plan.keepsBookmark && bookmark ? bookmark : null }
  }
}

function wrongKind(kind: Batch['kind']): AppError {
  return new AppError('internal', { title: `The connector gave a batch of ${kind} where none was asked for`, advice: 'Report this with the log of the run' })
}
