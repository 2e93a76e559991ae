import type { StageFormat } from '@/lib/warehouse/stage-file'
import type { SyncPlan } from './plan'
import type { SyncJob } from './types'

/** What the rows of a plan are written as. */
export function formatOf(job: SyncJob, { read, columns, syncedAt, runId, tracked }: SyncPlan): StageFormat {
  return {
    columns: read,
    dropped: columns.filter((column) => !column.isPresent),
    syncedAt: { column: syncedAt, value: new Date().toISOString() },
    runId: { column: runId, value: job.runId },
    ...(tracked?.isOpen ? { isOpen: true } : {}),
  }
}
