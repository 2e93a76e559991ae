import type { Bookmark, SourceColumn } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { StageColumn } from '@/lib/warehouse/column-sql'
import type { TableSnapshot, VersionColumn } from '@/lib/warehouse/version'
import type { SyncJob } from './types'

/** How a schema is read whose connector follows its changes, or lists it. */
export interface TrackedPlan {
  read: 'everything' | 'changes'
  /** Where a read of changes begins. */
  from: Bookmark | null
  /** The columns that tell rows apart; empty when the source has none. */
  keys: VersionColumn[]
  /** Is a row of the former version gone when it does not come? */
  takesMissing: boolean
  /** Do fields that are no columns become columns? */
  isOpen: boolean
  /** Is the bookmark kept for the next read of changes? */
  keepsBookmark: boolean
}

interface Decision {
  mode: 'merge' | 'replace'
  fullReason: string | null
  tracked: TrackedPlan
}

interface Known {
  former: TableSnapshot | null
  read: StageColumn[]
  /** Why the former files do not fit the columns any more. */
  columnsReason: string | null
  /** Why the source cannot tell what changed, when it was asked in this run. */
  changesLost: string | null
}

/** Everything that was read is merged where the former version can be continued: an unchanged table makes no new version. */
export function planTracked(job: SyncJob, { former, read, columnsReason, changesLost }: Known): Decision {
  const { forgets = false, primaryKey } = job.discovered
  const isIncremental = job.method === 'incremental'
  if (isIncremental) requireChanges(job)
  const keys = primaryKey.map((column) => keyColumn(job, read, column))
  const bookmark = former?.cursor && 'bookmark' in former.cursor ? former.cursor.bookmark : null
  const replaceReason = reasonToReplace(job, former, columnsReason)
  const fullReason = replaceReason ?? (isIncremental && former ? reasonToReadAll(job, former, bookmark, changesLost) : null)
  const readsAll = !isIncremental || fullReason !== null
  const canMerge = former !== null && keys.length > 0
  // what a source has forgotten cannot be read again
  const mode = canMerge && (replaceReason === null || forgets) ? 'merge' : 'replace'
  const tracked: TrackedPlan = {
    read: readsAll ? 'everything' : 'changes',
    from: readsAll ? null : bookmark,
    keys,
    takesMissing: readsAll && mode === 'merge' && !forgets,
    isOpen: isOpen(job),
    keepsBookmark: isIncremental,
  }
  return { mode, fullReason: isIncremental ? fullReason : null, tracked }
}

/** Where people chose columns, they are all there is. */
function isOpen({ discovered, columnNames }: SyncJob): boolean {
  return discovered.isOpen === true && columnNames === null
}

/** The columns of an open schema that discovery does not know, since an earlier sync found them. */
export function columnsFoundBefore(job: SyncJob, former: TableSnapshot | null): SourceColumn[] {
  if (!former || !job.discovered.tracking || !isOpen(job)) return []
  const known = new Set(job.discovered.columns.map(({ name }) => name))
  return former.columns.flatMap(({ sourceName, sourceType }) => (sourceName === null || known.has(sourceName) ? [] : [{ name: sourceName, sourceType, type: 'JSON', encoding: 'plain' as const, nullable: true }]))
}

function requireChanges({ discovered: { name, tracking, primaryKey } }: SyncJob): void {
  if (tracking !== 'changes') throw new AppError('invalid', { title: `${name} cannot be synced incrementally`, detail: 'Its source does not tell what changes in it', advice: 'Sync the full table' })
  if (!primaryKey.length) throw new AppError('invalid', { title: `${name} cannot be synced incrementally without a key`, detail: 'Its rows cannot be told apart', advice: 'Sync the full table' })
}

function keyColumn({ discovered }: SyncJob, read: StageColumn[], column: string): VersionColumn {
  const found = read.find(({ source }) => source.name === column)
  if (found) return found.target
  throw new AppError('missing_column', { title: `The key column ${column} of ${discovered.name} is not read`, detail: 'It is not among the chosen columns', advice: 'Add it to the chosen columns' })
}

/** Why the former version cannot be merged into; null when it can. */
function reasonToReplace(job: SyncJob, former: TableSnapshot | null, columnsReason: string | null): string | null {
  if (!former) return 'first sync'
  if (job.isFull) return 'asked for'
  const formerKeys = keysOf(former)
  const { primaryKey } = job.discovered
  if (job.method === 'incremental' && formerKeys.length && (formerKeys.length !== primaryKey.length || !primaryKey.every((key) => formerKeys.includes(key)))) return 'the key columns changed'
  return columnsReason
}

function reasonToReadAll(job: SyncJob, former: TableSnapshot, bookmark: Bookmark | null, changesLost: string | null): string | null {
  if (!keysOf(former).length) return 'the sync method was full table'
  if (!bookmark) return 'there is no bookmark to go on from'
  return changesLost ?? (job.isListingDue ? 'the periodic listing was due' : null)
}

function keysOf({ columns }: TableSnapshot): (string | null)[] {
  return columns.filter((column) => column.isKey).map((column) => column.sourceName)
}
