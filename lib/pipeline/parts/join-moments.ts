import type { SourceSnapshot } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { formatQuantity } from '@/lib/core/format'
import { writeSuperseded, type PlacedFile } from '@/lib/warehouse/superseded'
import type { TableFile, TableSnapshot } from '@/lib/warehouse/version'
import type { Change } from '../change'
import { reconcile } from '../compare/compare'
import type { CompareTools } from '../compare/compared-table'
import type { SyncPlan } from '../plan'
import type { Warning } from '../plan-columns'
import type { StagedFile } from '../stage'
import type { ProofReport, SyncJob } from '../types'
import { countOf } from './parts-left'
import { BeginAnew, type Parts } from './plan-parts'

interface Input extends CompareTools {
  job: SyncJob
  plan: SyncPlan
  parts: Parts
  snapshot: SourceSnapshot
  /** In the order they were read; those of former moments are in the store. */
  files: StagedFile[]
}

/** A load whose parts come from several moments, as the source has it at the last of them. */
export interface Joined {
  files: StagedFile[]
  deletes: Change['deletes']
  /** Rows that were read once more. */
  fetched: number
  warning: Warning
}

/**
 * Make parts of several moments the table of one moment. A row that moved meanwhile may have been read twice: the later one counts. Then the
 * table is compared with the source, and what is gone, missing or different is mended. Throws when it cannot be shown to be the same.
 */
export async function joinMoments({ job, plan, parts, snapshot, files, engine, scratch }: Input): Promise<Joined> {
  const past = pastFiles(files, parts)
  const newest = files.slice(past.flat().length)
  const deletesFile = scratch.file('parquet')
  const superseded = await writeSuperseded(engine, { moments: past.map((moment) => moment.map(({ key, local }) => ({ key, local }))), newest: newest.map(({ path }) => path), key: parts.key }, deletesFile)
  const change: Change = {
    files: newest,
    deletes: superseded ? { file: deletesFile, rows: superseded, newRows: superseded, replacesFormer: false } : null,
    inserted: 0,
    updated: 0,
    deleted: 0,
    cursor: null,
    columns: plan.columns,
    replacesFormer: false,
    warnings: [],
  }
  const compared = await reconcile({ job, plan: { ...plan, former: asVersion(job, plan, past.flat().map(({ stored }) => stored)) }, moment: snapshot, engine, scratch }, change)
  const { report } = compared.comparison
  if (report.outcome !== 'verified') throw notTheSame(report)
  const { deleted: gone, fetched } = report.reconciled ?? { deleted: 0, fetched: 0 }
  const { deletes } = compared.change
  return { files: [...files.slice(0, past.flat().length), ...compared.change.files], deletes: deletes && { ...deletes, gone }, fetched, warning: { column: null, message: words(parts, superseded, report) } }
}

type PastFile = PlacedFile & { stored: TableFile }

function pastFiles(files: StagedFile[], { moments }: Parts): PastFile[][] {
  let at = 0
  return moments.map((count) => files.slice(at, (at += count)).map(({ path, stored }) => {
    if (!stored) throw new AppError('internal', { title: 'A file of an interrupted load is not in the store', advice: 'Report this with the log of the run' })
    return { key: stored.path, local: path, stored }
  }))
}

/** What was read at former moments, in the shape of a version that changes are made to. */
function asVersion({ schemaId, workspaceId, tableName }: SyncJob, { columns }: SyncPlan, dataFiles: TableFile[]): TableSnapshot {
  const sum = (of: 'rows' | 'bytes') => dataFiles.reduce((total, file) => total + file[of], 0)
  return { schemaId, workspaceId, tableName, version: 0, columns, cursor: null, rows: sum('rows'), bytes: sum('bytes'), dataFiles, deleteFiles: [], manifest: null }
}

/** A source that went away is asked again by the next attempt, which has nothing to read any more; whatever else is wrong, a read of one moment is right. */
function notTheSame({ problem }: ProofReport): Error {
  if (problem?.isRetryable && problem.code !== 'internal') return new AppError(problem.code, problem, { isRetryable: true })
  return new BeginAnew(problem ? [problem.title, problem.detail].filter(Boolean).join('. ') : 'what was read before could not be brought in line with the source')
}

function words({ read, division }: Parts, superseded: number, { reconciled }: ProofReport): string {
  const changed = (reconciled ? reconciled.deleted + reconciled.fetched : 0) + superseded
  return `Resumed after ${countOf(read)} of ${formatQuantity(division.parts, 'part')}. What changed meanwhile was found by comparing with the source: ${changed ? formatQuantity(changed, 'row') : 'nothing'}`
}
