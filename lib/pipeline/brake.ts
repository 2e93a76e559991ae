import type { HeldDifference, HeldSample } from '@/lib/core/held-difference'
import { limits } from '@/lib/core/limits'
import { countMissing, sampleMissing, sampleReplaced, type Compared, type ComparedKey, type SampleOptions } from '@/lib/warehouse/compare-keys'
import type { Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { TableSnapshot } from '@/lib/warehouse/version'
import type { Change } from './change'
import type { SyncPlan } from './plan'
import type { SyncJob } from './types'

/** A version to hold, and why. */
export interface Hold {
  difference: HeldDifference
  sample: HeldSample | null
}

type Counts = Pick<HeldDifference, 'by' | 'rowsBefore' | 'rowsAfter' | 'removed' | 'updated' | 'inserted'>
type Files = Compared & { columns: SampleOptions['columns'] }

/**
 * Between merge and publish: does the change take more of the table than is set? A merge has counted what it changes. Where every row is read anew, rows that
 * are gone are found by their keys, else by their number. Promises to change nothing; null when the version is to be published.
 */
export async function lookAtChange(job: SyncJob, plan: SyncPlan, change: Change, engine: Engine, scratch: Scratch): Promise<Hold | null> {
  const { former } = plan
  const percent = job.brakePercent ?? null
  if (percent === null || !former || former.rows === 0) return null
  const counts = plan.mode === 'merge' ? ofMerge(former, change) : await ofReplaced(job, plan, former, change, engine, scratch)
  const difference = differenceToHold(counts, percent)
  return difference && { difference, sample: await sampleOf(await filesOf(job, plan, former, change, scratch), difference, change, engine) }
}

/** What makes a version wait: the table would be empty, or more of it than the share would be gone or others. */
export function differenceToHold(counts: Counts, percent: number): HeldDifference | null {
  const { rowsBefore, rowsAfter, removed, updated } = counts
  if (rowsBefore === 0) return null
  if (rowsAfter === 0) return { reason: 'emptied', percent, ...counts }
  if (rowsBefore <= limits.brake.fromRows || (removed + updated) * 100 <= rowsBefore * percent) return null
  return { reason: removed >= updated ? 'removed' : 'changed', percent, ...counts }
}

/** Nothing is known of rows but how many there are. */
export function countedOnly(rowsBefore: number, rowsAfter: number): Counts {
  return { by: 'counts', rowsBefore, rowsAfter, removed: Math.max(0, rowsBefore - rowsAfter), updated: 0, inserted: Math.max(0, rowsAfter - rowsBefore) }
}

function ofMerge({ rows }: TableSnapshot, { inserted, updated, deleted }: Change): Counts {
  return { by: 'changes', rowsBefore: rows, rowsAfter: rows + inserted - deleted, removed: deleted, updated, inserted }
}

async function ofReplaced(job: SyncJob, plan: SyncPlan, former: TableSnapshot, change: Change, engine: Engine, scratch: Scratch): Promise<Counts> {
  const rowsAfter = change.files.reduce((total, file) => total + file.rows, 0) - (change.deletes?.newRows ?? 0)
  const counted = countedOnly(former.rows, rowsAfter)
  if (rowsAfter === 0 || former.rows <= limits.brake.fromRows) return counted
  const files = await filesOf(job, plan, former, change, scratch)
  if (!files?.keys.length) return counted
  const removed = (await countMissing(engine, files)) + (change.deletes?.gone ?? 0)
  return { ...counted, by: 'keys', removed, inserted: Math.max(0, rowsAfter - former.rows + removed) }
}

/** What can be compared; null where the former version's files are too much to be brought here. */
async function filesOf(job: SyncJob, plan: SyncPlan, former: TableSnapshot, change: Change, scratch: Scratch): Promise<Files | null> {
  const stored = [...former.dataFiles, ...former.deleteFiles]
  const isTooMuch = stored.reduce((total, file) => total + file.bytes, 0) > limits.brake.comparedBytes
  if (isTooMuch || stored.some((file) => file.layout)) return null
  const columns = columnsOf(former, change)
  return { former, staged: change.files.map((file) => file.path), keys: keysOf(job, columns), localPath: await scratch.hold(stored), columns }
}

/** The columns of the source, as they were and as they are now. */
function columnsOf(former: TableSnapshot, { columns }: Change): Files['columns'] {
  return former.columns.flatMap((column) => (column.sourceName === null || !column.isPresent ? [] : [{ former: column, staged: columns.find((other) => other.sourceName === column.sourceName && other.isPresent) ?? null }]))
}

/** Empty where the rows of the two cannot be told to be the same: there is no key, or one of the two lacks a column of it. */
function keysOf({ discovered, keyColumns }: SyncJob, columns: Files['columns']): ComparedKey[] {
  const names = discovered.tracking || !keyColumns.length ? discovered.primaryKey : keyColumns
  const keys = names.flatMap((name) => columns.filter(({ former }) => former.sourceName === name).flatMap(({ former, staged }) => (staged ? [{ former, staged }] : [])))
  return keys.length === names.length ? keys : []
}

async function sampleOf(files: Files | null, { reason, by }: HeldDifference, change: Change, engine: Engine): Promise<HeldSample | null> {
  if (!files) return null
  const { rows, columns: most, letters } = limits.brake.sample
  const isKey = ({ former }: Files['columns'][number]) => files.keys.some((key) => key.former.fieldId === former.fieldId)
  const columns = [...files.columns.filter(isKey), ...files.columns.filter((column) => !isKey(column))].slice(0, most)
  const options: SampleOptions = { columns, rows, letters }
  if (by === 'changes' && change.deletes) return named(columns, await sampleReplaced(engine, files, change.deletes, options))
  if (by === 'keys' || reason === 'emptied') return named(columns, await sampleMissing(engine, reason === 'emptied' ? { ...files, staged: [] } : files, options))
  return null
}

function named(columns: Files['columns'], rows: HeldSample['rows']): HeldSample | null {
  return rows.length ? { columns: columns.map(({ former }) => former.name), rows } : null
}
