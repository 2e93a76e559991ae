import { readCursor } from '@/lib/warehouse/cursor-sql'
import type { Engine } from '@/lib/warehouse/duckdb'
import { mergeStaged, type Merge } from '@/lib/warehouse/merge'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { Change } from './change'
import type { Extract } from './extract'
import { mergeTrackedRows } from './merge-tracked-rows'
import type { StagedFile } from './stage'

/**
 * Step 4. Finds what the staged rows change: repeats inside the run go, rows that were only read again go, keys that the
 * table already has become position deletes. Promises not to touch the former version. Dying here leaves files in the scratch
 * folder alone.
 */
export async function mergeRows(read: Extract, engine: Engine, scratch: Scratch): Promise<Change> {
  const { plan, tracked } = read
  if (plan.tracked && tracked) return mergeTrackedRows({ ...read, tracked }, plan.tracked, engine, scratch)
  return { ...(await mergeByReplicationKey(read, engine, scratch)), columns: plan.columns, replacesFormer: plan.mode === 'replace', warnings: [] }
}

async function mergeByReplicationKey({ plan, files, rows }: Extract, engine: Engine, scratch: Scratch): Promise<Omit<Change, 'columns' | 'replacesFormer' | 'warnings'>> {
  const { incremental, former, mode } = plan
  if (plan.isCompareOnly) return { files: [], deletes: null, inserted: 0, updated: 0, deleted: 0, cursor: null }
  if (!incremental) return { files, deletes: null, inserted: rows, updated: 0, deleted: former?.rows ?? 0, cursor: null }
  const { replication, keys, keysAreUnique } = incremental
  const formerValue = mode === 'merge' && former?.cursor && 'value' in former.cursor ? former.cursor.value : null
  const paths = files.map((file) => file.path)
  const value = await readCursor(engine, paths, replication, formerValue)
  const cursor = value === null ? null : { column: replication.column.sourceName ?? replication.column.name, value }
  const replaced = mode === 'replace' ? (former?.rows ?? 0) : 0
  if (!files.length || (mode === 'replace' && keysAreUnique)) return { files, deletes: null, inserted: rows, updated: 0, deleted: replaced, cursor }
  const base = mode === 'merge' ? former : null
  const merge = await mergeStaged(engine, {
    former: base,
    staged: paths,
    stagedRows: rows,
    columns: plan.columns,
    keys,
    replication,
    cursor: formerValue,
    localPath: await scratch.hold(base ? [...base.dataFiles, ...base.deleteFiles] : []),
    newFile: () => scratch.file('parquet'),
  })
  return { files: remaining(files, merge), deletes: merge.deletes, inserted: merge.inserted, updated: merge.updated, deleted: replaced, cursor }
}

function remaining(files: StagedFile[], { survivors, inserted, updated }: Merge): StagedFile[] {
  if (inserted + updated === 0) return []
  return survivors ? [{ path: survivors.file, rows: survivors.rows }] : files
}
