import { isDeepStrictEqual } from 'node:util'
import { commitUnchanged, commitVersion, type NewVersion } from '@/lib/db/versions'
import type { DroppedRows } from '@/lib/warehouse/drop-objects'
import type { TableFile, VersionColumn } from '@/lib/warehouse/version'
import { countedOnly, differenceToHold } from '../brake'
import { hold, type Published } from '../publish'
import type { FilePutter } from '../put-files'
import type { StagedFile } from '../stage'
import type { FilesJob } from './files-job'
import type { FilesPlan } from './plan-files'

export interface FilesChange {
  files: StagedFile[]
  dropped: DroppedRows
  columns: VersionColumn[]
  /** Local; null when no object was read, and none went. */
  manifest: { path: string; objects: number } | null
}

/** Step 5 for files: the files of objects that changed or went are swapped in one commit, the manifest with them; or all of it waits for somebody to decide. */
export async function publishFiles(job: FilesJob, { former, mode, digest }: FilesPlan, change: FilesChange, put: FilePutter, hasCheckpoint: boolean): Promise<Published> {
  const run = { workspaceId: job.workspaceId, schemaId: job.schemaId, runId: job.runId, fence: job.fence, plannedFrom: former?.version ?? null, cursor: { bookmark: { settings: digest } }, isComplete: mode === 'replace' }
  if (former && mode === 'merge' && change.manifest === null && isDeepStrictEqual(former.columns, change.columns)) {
    await commitUnchanged(run)
    return { version: former.version, isChanged: false, rows: former.rows }
  }
  const dataFiles = await put('data', change.files)
  const needsCheckpoint = hasCheckpoint && change.files.some((file) => file.stored)
  const deleteFiles = await put('deletes', change.dropped.deletes ? [{ path: change.dropped.deletes.file, rows: change.dropped.deletes.rows }] : [])
  const [manifest] = change.manifest ? await put('manifest', [{ path: change.manifest.path, rows: change.manifest.objects }]) : []
  const isMerge = former !== null && mode === 'merge'
  const replacedDeletes = isMerge && change.dropped.deletes?.replacesFormer ? former.deleteFiles : []
  const removed = isMerge ? [...change.dropped.removed, ...replacedDeletes.map(({ path }) => path), ...(manifest && former.manifest ? [former.manifest.path] : [])] : ('all' as const)
  const added = { rows: sum(dataFiles, 'rows'), bytes: sum([...dataFiles, ...deleteFiles], 'bytes') }
  const gone = new Set(removed === 'all' ? [] : removed)
  const stays = isMerge ? [...former.dataFiles, ...former.deleteFiles].filter(({ path }) => !gone.has(path)) : []
  const rows = (isMerge ? former.rows - change.dropped.rows : 0) + added.rows
  const version: NewVersion = { ...run, kind: 'sync', columns: change.columns, rows, bytes: sum(stays, 'bytes') + added.bytes, dataFiles, deleteFiles, ...(manifest ? { manifest } : {}), removed, needsCheckpoint }
  // an object that is written anew has all of its rows anew, and a store that tidies up makes others of all objects: rows are counted
  const difference = former && job.brakePercent ? differenceToHold(countedOnly(former.rows, rows), job.brakePercent) : null
  if (former && difference) return hold({ ...version, plannedFrom: former.version }, former, { difference, sample: null })
  return { version: await commitVersion(version), isChanged: true, rows }
}

function sum(files: TableFile[], of: 'rows' | 'bytes'): number {
  return files.reduce((total, file) => total + file[of], 0)
}
