import { isDeepStrictEqual } from 'node:util'
import { commitUnchanged, commitVersion, type NewVersion } from '@/lib/db/versions'
import type { TableFile } from '@/lib/warehouse/version'
import type { Change } from './merge'
import type { SyncPlan } from './plan'
import type { FilePutter } from './put-files'
import type { SyncJob } from './types'

export interface Published {
  version: number
  isChanged: boolean
  rows: number
}

/**
 * Step 5. Makes the files durable in the object store, then commits the version with its cursor in one transaction.
 * Promises the former version or the new one, nothing between: dying before the commit leaves files that no version names,
 * which the sweep removes; after it the table is new. A run that changed nothing makes no version.
 */
export async function publish(job: SyncJob, plan: SyncPlan, change: Change, put: FilePutter): Promise<Published> {
  const { former } = plan
  const run = { workspaceId: job.workspaceId, schemaId: job.schemaId, runId: job.runId, fence: job.fence, plannedFrom: former?.version ?? null }
  if (former && isUnchanged(plan, change)) {
    await commitUnchanged(run)
    return { version: former.version, isChanged: false, rows: former.rows }
  }
  const dataFiles = await put('data', change.files)
  const deleteFiles = await put('deletes', change.deletes ? [{ path: change.deletes.file, rows: change.deletes.rows }] : [])
  const version: NewVersion = { ...run, kind: 'sync', columns: plan.columns, cursor: change.cursor, dataFiles, deleteFiles, ...totals(plan, change, dataFiles, deleteFiles) }
  return { version: await commitVersion(version), isChanged: true, rows: version.rows }
}

function isUnchanged(plan: SyncPlan, change: Change): boolean {
  const { former, mode } = plan
  if (!former || change.files.length || change.deletes) return false
  const wasEmpty = former.rows === 0
  return (mode === 'merge' || wasEmpty) && isDeepStrictEqual(former.columns, plan.columns) && isDeepStrictEqual(former.cursor, change.cursor)
}

function totals({ former, mode }: SyncPlan, change: Change, dataFiles: TableFile[], deleteFiles: TableFile[]): Pick<NewVersion, 'rows' | 'bytes' | 'removed'> {
  const added = { rows: sum(dataFiles, 'rows'), bytes: sum([...dataFiles, ...deleteFiles], 'bytes') }
  if (mode === 'replace' || !former) return { ...added, removed: 'all' }
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
