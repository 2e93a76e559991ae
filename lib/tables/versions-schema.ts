import { z } from 'zod'
import type { ColumnChange } from '@/lib/core/column-change'
import { limits } from '@/lib/core/limits'
import type { CellValue } from '@/lib/warehouse/query/types'

export type { CellValue } from '@/lib/warehouse/query/types'

/** A kept version of a table, with what made it. */
export interface VersionView {
  number: number
  kind: 'sync' | 'compaction' | 'rollback'
  isCurrent: boolean
  createdAt: string
  rows: number
  /** Rows of the version before; null when that is not kept. */
  rowsBefore: number | null
  bytes: number
  /** What its sync did, by the report of its run. */
  inserted: number | null
  updated: number | null
  deleted: number | null
  /** Why everything was read, in an incremental sync. */
  fullReason: string | null
  method: 'full' | 'incremental' | null
  runId: string | null
  trigger: 'manual' | 'schedule' | 'command-line' | null
  /** Of a rollback: the version whose rows came back, and who asked for it. */
  restored: number | null
  actor: string | null
  /** What it has otherwise in its columns than the version before. */
  columnChanges: ColumnChange[]
}

/** How long versions are kept: of a table, or in a workspace where its tables do not say it. */
export interface Retention {
  versions: number
  days: number
  /** Are these its own, or those that hold otherwise: a table's workspace, a workspace's installation? */
  isOwnVersions: boolean
  isOwnDays: boolean
  /** Those that hold otherwise. */
  usualVersions: number
  usualDays: number
}

export interface RetentionView extends Retention {
  /** Of files that only older versions read. */
  oldBytes: number
}

export interface WorkspaceRetention extends Retention {
  /** How many tables say it themselves. */
  ownTables: number
}

/** A table by its names, with the place of its page. */
export interface TableNames {
  schemaId: string
  sourceId: string
  /** Of the schema upstream. */
  schemaName: string
  name: string
  dottedName: string
  version: number | null
  isEnabled: boolean
  method: 'full' | 'incremental' | null
  /** Does it follow what its source tells of changes, or the objects of a store? */
  tracking: 'changes' | 'listing' | 'files' | null
  isSyncing: boolean
}

export interface TableVersions {
  table: TableNames
  versions: VersionView[]
  retention: RetentionView
}

const VersionNumber = z.number().int().min(1).max(2_147_483_647)

export const RollBackInput = z.object({
  schemaId: z.uuid(),
  to: VersionNumber,
  /** The version that was current when it was decided. */
  from: VersionNumber,
  stopsSyncing: z.boolean().default(false),
})
export type RollBackInput = z.infer<typeof RollBackInput>

export const ChangeKind = z.enum(['inserted', 'updated', 'deleted'])
export type ChangeKind = z.infer<typeof ChangeKind>

export const CompareInput = z.object({
  schemaId: z.uuid(),
  from: VersionNumber,
  to: VersionNumber,
  /** Only changes of this kind; null for all. */
  kind: ChangeKind.nullable().default(null),
  offset: z.number().int().min(0).max(1_000_000_000).default(0),
  rows: z.number().int().min(0).max(limits.differenceRows).default(50),
  /** Longer texts are cut; null shows them whole. */
  letters: z.number().int().min(10).nullable().default(300),
})
export type CompareInput = z.input<typeof CompareInput>

const Digits = z.string().regex(/^\d{1,10}$/).transform(Number)

/** A comparison as an address asks for it. */
export const ComparisonQuery = z.object({ from: Digits.pipe(VersionNumber), to: Digits.pipe(VersionNumber), kind: ChangeKind.optional(), offset: Digits.optional() })

export interface ComparedColumn {
  name: string
  /** Null where the version does not have it. */
  typeBefore: string | null
  typeAfter: string | null
  /** Does a change of its value change a row? Not where it came or went, nor where it is ours. */
  isCompared: boolean
  isKey: boolean
}

/** A row that differs; cells by the columns. */
export interface ChangeView {
  kind: ChangeKind
  before: CellValue[] | null
  after: CellValue[] | null
  /** The places of the columns whose values differ. */
  changed: number[]
}

export interface ComparisonView {
  table: string
  from: { version: number; createdAt: string; rows: number }
  to: { version: number; createdAt: string; rows: number }
  columns: ComparedColumn[]
  inserted: number
  updated: number
  deleted: number
  changes: ChangeView[]
  /** Where the next page begins; null at the end. */
  nextOffset: number | null
  bytesRead: number | null
}

/** Null for what holds otherwise: a table's workspace, a workspace's installation. What is not sent is not changed. */
export const WorkspaceRetentionInput = z.object({
  versions: z.number().int().min(1, 'Keep at least one').max(limits.mostKeptVersions, `Keep ${limits.mostKeptVersions.toLocaleString('en')} at most`).nullable().optional(),
  days: z.number().int().min(0, 'Use a number of days').max(limits.mostKeptVersionDays, `Keep them ${limits.mostKeptVersionDays.toLocaleString('en')} days at most`).nullable().optional(),
})
export type WorkspaceRetentionInput = z.infer<typeof WorkspaceRetentionInput>

export const RetentionInput = WorkspaceRetentionInput.extend({ schemaId: z.uuid() })
export type RetentionInput = z.infer<typeof RetentionInput>
