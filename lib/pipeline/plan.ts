import type { SourceColumn } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { findGreatestFieldId, findSnapshot } from '@/lib/db/versions'
import type { StageColumn } from '@/lib/warehouse/column-sql'
import { isOrdered, replicationOf, type Replication } from '@/lib/warehouse/cursor-sql'
import type { TableSnapshot, VersionColumn } from '@/lib/warehouse/version'
import { goneWarnings, planColumns, type Demotions, type Warning } from './plan-columns'
import { columnsFoundBefore, planTracked, type TrackedPlan } from './plan-tracked'
import type { SyncJob } from './types'

export interface SyncPlan {
  /** The version to start from; the commit is refused when it is no longer the current one. */
  former: TableSnapshot | null
  greatestFieldId: number
  /** Merge into the former version, or replace it. */
  mode: 'merge' | 'replace'
  fullReason: string | null
  /** The columns to read, in the order of the request. */
  read: StageColumn[]
  /** The columns of the new version, in order. */
  columns: VersionColumn[]
  syncedAt: VersionColumn
  runId: VersionColumn
  /** For a schema that its connector follows or lists by itself; null for one that is read as bytes. */
  tracked: TrackedPlan | null
  /** Nothing is read: the former version is compared with the source. */
  isCompareOnly: boolean
  /** Null for the full-table method, and where changes are tracked. */
  incremental: { keys: VersionColumn[]; replication: Replication; keysAreUnique: boolean; /** Of the table upstream. */ identity: string | null } | null
  /** Where the read begins; null reads every row. */
  since: { column: string; from: string } | null
  warnings: Warning[]
}

/**
 * Step 1. Decides, from the current version and what discovery saw: merge or replace, from which cursor, which columns
 * and types. Promises to change nothing; dying here leaves nothing behind.
 */
export async function planSync(job: SyncJob): Promise<SyncPlan> {
  const [former, greatestFieldId] = await Promise.all([findSnapshot(job.workspaceId, job.schemaId), findGreatestFieldId(job.workspaceId, job.schemaId)])
  return makePlan(job, { former, greatestFieldId }, { demotions: new Map(), changesLost: null })
}

/** What only reading can tell. */
export interface Learnt {
  demotions: Demotions
  /** Why the source cannot tell what changed. */
  changesLost: string | null
}

/** The plan itself; made again when reading turns out otherwise: a column holds values that its type cannot, or the changes are lost. */
export function makePlan(job: SyncJob, { former, greatestFieldId }: Pick<SyncPlan, 'former' | 'greatestFieldId'>, { demotions, changesLost }: Learnt): SyncPlan {
  const { tracking, primaryKey } = job.discovered
  const discovered = [...job.discovered.columns, ...columnsFoundBefore(job, former)]
  const selected = selectColumns(job, discovered)
  const keyColumns = job.method !== 'incremental' ? [] : tracking ? primaryKey : job.keyColumns
  const columnsPlanned = planColumns({ selected, discovered, former, greatestFieldId, demotions, keyColumns, forgetsDemotions: job.isFull })
  const planned = { ...columnsPlanned, warnings: [...columnsPlanned.warnings, ...goneWarnings(former, columnsPlanned.columns, job.method === 'full' || columnsPlanned.fullReason !== null)] }
  if (tracking) return { ...planned, former, greatestFieldId, ...planTracked(job, { former, read: planned.read, columnsReason: planned.fullReason, changesLost }), isCompareOnly: false, incremental: null, since: null }
  const incremental = job.method === 'incremental' ? planIncremental(job, planned.read) : null
  const fullReason = incremental ? reasonToReadAll(job, former, planned.fullReason) : null
  const isCompareOnly = job.isCompareOnly === true && !incremental && former !== null && planned.fullReason === null
  const isMerge = isCompareOnly || (incremental !== null && former !== null && fullReason === null)
  return {
    ...planned,
    former,
    greatestFieldId,
    mode: isMerge ? 'merge' : 'replace',
    fullReason,
    tracked: null,
    isCompareOnly,
    incremental,
    since: isMerge && former?.cursor && 'column' in former.cursor ? { column: former.cursor.column, from: former.cursor.value } : null,
  }
}

/** Does the run read every row there is? */
export function readsEverything({ tracked, since, isCompareOnly }: SyncPlan): boolean {
  if (isCompareOnly) return false
  return tracked ? tracked.read === 'everything' : since === null
}

function selectColumns({ columnNames, discovered }: SyncJob, known: SourceColumn[]): SourceColumn[] {
  const selected = columnNames ? known.filter((column) => columnNames.includes(column.name)) : known
  if (selected.length) return selected
  throw new AppError('missing_column', {
    title: `There is no column to read in ${discovered.name}`,
    detail: known.length ? 'None of the chosen columns is there any more' : 'It has no column at all',
    advice: 'Choose its columns again',
  })
}

function planIncremental(job: SyncJob, read: StageColumn[]): SyncPlan['incremental'] {
  const { name, primaryKey } = job.discovered
  if (!job.keyColumns.length) {
    throw new AppError('invalid', {
      title: `${name} cannot be synced incrementally without a key`,
      detail: 'It has no primary key, so that a changed row cannot be told from a new one',
      advice: 'Choose the columns that identify a row, or sync the full table',
    })
  }
  if (!job.replicationKey) throw new AppError('invalid', { title: `${name} has no replication key`, advice: 'Choose the field that identifies new and updated rows, or sync the full table' })
  const find = (column: string, role: string) => {
    const found = read.find(({ source }) => source.name === column)
    if (found) return found.target
    throw new AppError('missing_column', {
      title: `The ${role} ${column} of ${name} is not read`,
      detail: job.discovered.columns.some((other) => other.name === column) ? 'It is not among the chosen columns' : 'The column is no longer there',
      advice: 'Add it to the chosen columns, choose another one, or sync the full table',
    })
  }
  const told = job.discovered.replicationKeys.find((key) => key.name === job.replicationKey)
  if (told && !told.ok && find(told.name, 'replication key')) {
    throw new AppError('invalid', { title: `${told.name} cannot be the replication key of ${name}`, detail: told.reason ?? undefined, advice: 'Choose another field, or sync the full table' })
  }
  const replication = replicationOf(find(job.replicationKey, 'replication key'))
  if (!isOrdered(replication.orderType) && !replication.orderType.startsWith('DECIMAL')) {
    throw new AppError('invalid', { title: `${job.replicationKey} cannot be the replication key of ${name}`, detail: `Its values (${replication.column.sourceType}) have no order`, advice: 'Choose a number, a date or a time' })
  }
  const keysAreUnique = primaryKey.length > 0 && primaryKey.every((column) => job.keyColumns.includes(column))
  return { keys: job.keyColumns.map((column) => find(column, 'key column')), replication, keysAreUnique, identity: job.discovered.identity ?? null }
}

/** Why an incremental schema is read whole; null when what is there can be continued. */
function reasonToReadAll(job: SyncJob, former: TableSnapshot | null, columnsReason: string | null): string | null {
  if (!former) return 'first sync'
  if (job.isFull) return 'asked for'
  const formerKeys = former.columns.filter((column) => column.isKey).map((column) => column.sourceName)
  if (!formerKeys.length) return 'the sync method was full table'
  if (formerKeys.length !== job.keyColumns.length || !job.keyColumns.every((key) => formerKeys.includes(key))) return 'the key columns changed'
  if (former.cursor && !('column' in former.cursor && former.cursor.column === job.replicationKey)) return 'the replication key changed'
  // rows of the new one may have any replication key
  if (former.cursor && 'column' in former.cursor && former.cursor.of !== undefined && job.discovered.identity !== undefined && former.cursor.of !== job.discovered.identity) return 'the table was made anew upstream'
  return columnsReason
}
