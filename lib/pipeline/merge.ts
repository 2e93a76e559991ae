import { formatQuantity } from '@/lib/core/format'
import { readCursor } from '@/lib/warehouse/cursor-sql'
import type { Engine } from '@/lib/warehouse/duckdb'
import { mergeStaged, type Merge } from '@/lib/warehouse/merge'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { VersionColumn } from '@/lib/warehouse/version'
import type { Change } from './change'
import type { Extract } from './extract'
import { cursorAfter, greatestRead, keyCursorOf, lateWarnings } from './latecomers'
import { mergeTrackedRows } from './merge-tracked-rows'
import type { Warning } from './plan-columns'
import type { StagedFile } from './stage'

/**
 * Step 4. Finds what the staged rows change: repeats inside the run go, rows that were only read again go, keys that the
 * table already has become position deletes. Promises not to touch the former version. Dying here leaves files in the scratch
 * folder alone.
 */
export async function mergeRows(read: Extract, engine: Engine, scratch: Scratch): Promise<Change> {
  const { plan, tracked } = read
  if (plan.tracked && tracked) return mergeTrackedRows({ ...read, tracked }, plan.tracked, engine, scratch)
  return { ...(await mergeByReplicationKey(read, engine, scratch)), columns: plan.columns, replacesFormer: plan.mode === 'replace' }
}

async function mergeByReplicationKey({ plan, files, rows, deletes, snapshot }: Extract, engine: Engine, scratch: Scratch): Promise<Omit<Change, 'columns' | 'replacesFormer'>> {
  const { incremental, former, mode } = plan
  if (plan.isCompareOnly) return { files: [], deletes: null, inserted: 0, updated: 0, deleted: 0, cursor: null, warnings: [] }
  const inserted = rows - (deletes?.newRows ?? 0)
  if (!incremental) return { files, deletes, inserted, updated: 0, deleted: former?.rows ?? 0, cursor: null, warnings: [] }
  const { replication, keys, keysAreUnique } = incremental
  const formerCursor = mode === 'merge' ? keyCursorOf(former) : null
  const formerGreatest = greatestRead(formerCursor)
  const paths = files.map((file) => file.path)
  const now = new Date()
  const reached = await cursorAfter(engine, replication, { former: formerCursor, greatest: await readCursor(engine, paths, replication, formerGreatest), snapshot, now })
  const cursor = reached && incremental.identity !== null ? { ...reached, of: incremental.identity } : reached
  const warnings = cursor ? lateWarnings(cursor, snapshot, now) : []
  const replaced = mode === 'replace' ? (former?.rows ?? 0) : 0
  if (!files.length || (mode === 'replace' && keysAreUnique)) return { files, deletes, inserted, updated: 0, deleted: replaced, cursor, warnings }
  const base = mode === 'merge' ? former : null
  const merge = await mergeStaged(engine, {
    former: base,
    staged: paths,
    stagedRows: rows,
    columns: plan.columns,
    keys,
    replication,
    cursor: formerGreatest,
    localPath: await scratch.hold(base ? [...base.dataFiles, ...base.deleteFiles] : []),
    newFile: () => scratch.file('parquet'),
  })
  const repeats = keysAreUnique ? 0 : rows - merge.inserted - merge.updated - merge.unchanged
  return { files: remaining(files, merge), deletes: merge.deletes, inserted: merge.inserted, updated: merge.updated, deleted: replaced, cursor, warnings: repeats > 0 ? [...warnings, repeatsWarning(repeats, keys)] : warnings }
}

/** No primary key promises that the key columns tell rows apart. */
function repeatsWarning(repeats: number, keys: VersionColumn[]): Warning {
  return { column: null, message: `${formatQuantity(repeats, 'row')} ${repeats === 1 ? 'has' : 'have'} the same ${keys.map(({ sourceName }) => sourceName).join(', ')} as another row that was read: of those that share it one is kept. Choose other key columns, or sync the full table` }
}

function remaining(files: StagedFile[], { survivors, inserted, updated }: Merge): StagedFile[] {
  if (inserted + updated === 0) return []
  return survivors ? [{ path: survivors.file, rows: survivors.rows }] : files
}
