import type { Merge } from '@/lib/warehouse/merge'
import type { Cursor, VersionColumn } from '@/lib/warehouse/version'
import type { Warning } from './plan-columns'
import type { StagedFile } from './stage'

/** What the run changes: local files and counts, ready to be published. */
export interface Change {
  files: StagedFile[]
  /** `gone`: of a load that was resumed, those of its own rows that the source has no more; the others came again. */
  deletes: (NonNullable<Merge['deletes']> & { gone?: number }) | null
  inserted: number
  updated: number
  /** Rows of the former version that are gone and have no successor; every one of them when the table is replaced. */
  deleted: number
  cursor: Cursor | null
  /** The columns of the new version: those that were planned, and those that were found. */
  columns: VersionColumn[]
  /** Do the files stand in place of all files of the former version? */
  replacesFormer: boolean
  warnings: Warning[]
  /** Was the whole table compared with its source, and what differed mended? */
  isReconciled?: boolean
}
