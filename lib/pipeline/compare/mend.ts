import { countDifferingIn, writeFetched, writeReplaced, type RowsInput } from '@/lib/warehouse/differing-rows'
import { DELETE_FILES_MAX } from '@/lib/warehouse/merge'
import { AppError } from '@/lib/core/errors'
import type { Change } from '../change'
import type { SyncPlan } from '../plan'
import type { ProofReport } from '../types'
import type { CompareTools, TableState } from './compared-table'

interface Differing {
  input: RowsInput
  state: TableState
  differences: NonNullable<ProofReport['differences']>
}

/** The change that makes the differing rows those of the source, on top of what the run changes anyway. */
export async function mend({ former }: SyncPlan, change: Change, { input, state, differences }: Differing, { engine, scratch }: CompareTools): Promise<Change> {
  // what the run itself staged came from the same moment, and has no name yet by which a delete could point at it
  if ((await countDifferingIn(engine, [...state.newFiles])) > 0) {
    throw new AppError('internal', { title: 'Rows that were just read are not those of the source', detail: 'They changed on their way to the disk', advice: 'Start a full resync, and look at the disk of this machine' })
  }
  const fetched = await writeFetched(engine, input.fetched, change.columns, scratch.file('parquet'))
  const formerDeletes = former?.deleteFiles ?? []
  const replacesFormer = change.deletes?.replacesFormer ?? formerDeletes.length >= DELETE_FILES_MAX
  const also = change.deletes ? [change.deletes.file] : replacesFormer ? formerDeletes.map(({ path }) => state.localPath(path)) : []
  const file = scratch.file('parquet')
  const replaced = await writeReplaced(engine, input, also, file)
  return {
    ...change,
    files: fetched ? [...change.files, fetched] : change.files,
    deletes: replaced ? { file, rows: replaced.rows, newRows: (change.deletes?.newRows ?? 0) + replaced.newRows, replacesFormer } : change.deletes,
    inserted: change.inserted + differences.missing,
    updated: change.updated + differences.different,
    deleted: change.deleted + differences.gone,
  }
}
