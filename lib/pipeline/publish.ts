import { isDeepStrictEqual } from 'node:util'
import type { HeldDifference } from '@/lib/core/held-difference'
import { holdVersion } from '@/lib/db/held-versions'
import { commitUnchanged, commitVersion, type NewVersion } from '@/lib/db/versions'
import type { Cursor, TableFile, TableSnapshot } from '@/lib/warehouse/version'
import type { Hold } from './brake'
import type { Change } from './change'
import { readsEverything, type SyncPlan } from './plan'
import type { FilePutter } from './put-files'
import type { SyncJob } from './types'

export interface Published {
  version: number
  isChanged: boolean
  rows: number
  /** Why what was read waits for somebody to decide; the version and the rows are then those from before. */
  held?: HeldDifference
}

/**
 * Step 5. Makes the files durable in the object store, then commits the version with its cursor in one transaction.
 * Promises the former version or the new one, nothing between: dying before the commit leaves files that no version names,
 * which the sweep removes; after it the table is new. A run that changed nothing makes no version. One whose change is to be held leaves the former version, and the new
 * one beside it.
 */
export async function publish(job: SyncJob, plan: SyncPlan, change: Change & { hold: Hold | null }, put: FilePutter, hasCheckpoint: boolean): Promise<Published> {
  const { former } = plan
  const { columns, cursor } = change
  const run = { workspaceId: job.workspaceId, schemaId: job.schemaId, runId: job.runId, fence: job.fence, plannedFrom: former?.version ?? null, cursor, isComplete: readsEverything(plan) || change.isReconciled === true }
  // a comparison that brought nothing in line is no sync: the table is as old as it was
  if (former && plan.isCompareOnly && !change.isReconciled) return { version: former.version, isChanged: false, rows: former.rows }
  if (former && isUnchanged(former, plan, change)) {
    await commitUnchanged(run)
    return { version: former.version, isChanged: false, rows: former.rows }
  }
  const dataFiles = await put('data', change.files)
  const needsCheckpoint = hasCheckpoint && change.files.some((file) => file.stored)
  const deleteFiles = await put('deletes', change.deletes ? [{ path: change.deletes.file, rows: change.deletes.rows }] : [])
  const version: NewVersion = { ...run, kind: 'sync', columns, dataFiles, deleteFiles, needsCheckpoint, ...totals(former, change, dataFiles, deleteFiles) }
  if (former && change.hold) return hold({ ...version, plannedFrom: former.version }, former, change.hold)
  return { version: await commitVersion(version), isChanged: true, rows: version.rows }
}

export async function hold(version: NewVersion & { plannedFrom: number }, former: TableSnapshot, { difference, sample }: Hold): Promise<Published> {
  await holdVersion(version, difference, sample)
  return { version: former.version, isChanged: false, rows: former.rows, held: difference }
}

function isUnchanged(former: TableSnapshot, { mode }: SyncPlan, change: Change): boolean {
  if (change.files.length || change.deletes) return false
  if ((mode === 'replace' || change.replacesFormer) && former.rows > 0) return false
  return isDeepStrictEqual(former.columns, change.columns) && isSameCursor(former.cursor, change.cursor)
}

/** A bookmark that has moved on belongs to the same rows, and so does a cursor of the same key. */
function isSameCursor(former: Cursor | null, now: Cursor | null): boolean {
  if (former && now && 'bookmark' in former && 'bookmark' in now) return true
  return former && now && 'column' in former && 'column' in now ? former.column === now.column : former === now
}

function totals(former: TableSnapshot | null, change: Change, dataFiles: TableFile[], deleteFiles: TableFile[]): Pick<NewVersion, 'rows' | 'bytes' | 'removed'> {
  const added = { rows: sum(dataFiles, 'rows'), bytes: sum([...dataFiles, ...deleteFiles], 'bytes') }
  // what a resumed load read too early is deleted from its own files
  if (change.replacesFormer || !former) return { ...added, rows: added.rows - (change.deletes?.newRows ?? 0), removed: 'all' }
  const replaced = change.deletes?.replacesFormer ? former.deleteFiles : []
  return {
    rows: former.rows + added.rows - (change.deletes?.newRows ?? 0),
    bytes: former.bytes + added.bytes - sum(replaced, 'bytes'),
    removed: replaced.map((file) => file.path),
  }
}

function sum(files: TableFile[], of: 'rows' | 'bytes'): number {
  return files.reduce((total, file) => total + file[of], 0)
}
