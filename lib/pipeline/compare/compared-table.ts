import type { SourceColumn } from '@/lib/connectors/contract'
import { quoteIdentifier } from '@/lib/warehouse/sql-text'
import type { ComparedTable } from '@/lib/warehouse/compare-ranges'
import type { Engine } from '@/lib/warehouse/duckdb'
import { scanSql } from '@/lib/warehouse/scan-sql'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { TableFile, TableSnapshot } from '@/lib/warehouse/version'
import type { Change } from '../change'
import type { SyncPlan } from '../plan'

/** What a comparison is done with. */
export interface CompareTools {
  engine: Engine
  scratch: Scratch
}

/** A state of the table to compare with the source: a version, or what is about to be one, whose new files are local still. */
export interface TableState {
  snapshot: TableSnapshot
  /** Where a file of it is read. */
  localPath(key: string): string
  /** Files of the run, which no version names yet. */
  newFiles: ReadonlySet<string>
}

/** The table as it will be when the change is published. */
export async function stateAfter({ former, columns }: SyncPlan, change: Change, scratch: Scratch): Promise<TableState | null> {
  if (!former || change.replacesFormer) return null
  const held = await scratch.hold([...former.dataFiles, ...former.deleteFiles])
  const newFiles = new Map(change.files.map(({ path, rows }): [string, TableFile] => [path, { path, rows, bytes: 0 }]))
  if (change.deletes) newFiles.set(change.deletes.file, { path: change.deletes.file, rows: change.deletes.rows, bytes: 0 })
  const deletes = change.deletes ? [{ path: change.deletes.file, rows: change.deletes.rows, bytes: 0 }] : []
  const snapshot: TableSnapshot = {
    ...former,
    columns,
    rows: former.rows - (change.deletes?.newRows ?? 0) + change.files.reduce((rows, file) => rows + file.rows, 0),
    dataFiles: [...former.dataFiles, ...change.files.map(({ path, rows }) => ({ path, rows, bytes: 0 }))],
    deleteFiles: [...(change.deletes?.replacesFormer ? [] : former.deleteFiles), ...deletes],
  }
  return { snapshot, newFiles: new Set(newFiles.keys()), localPath: (key) => (newFiles.has(key) ? key : held(key)) }
}

/** A version as it was published. */
export async function stateOf(snapshot: TableSnapshot, scratch: Scratch): Promise<TableState> {
  return { snapshot, newFiles: new Set(), localPath: await scratch.hold([...snapshot.dataFiles, ...snapshot.deleteFiles]) }
}

/** What is compared: the columns as they were read, and the key where there is one that both sides order in the same way. */
export interface Compared {
  columns: SourceColumn[]
  key: SourceColumn[]
  table: ComparedTable
}

export function comparedOf({ read }: SyncPlan, keyNames: string[], { snapshot, localPath }: TableState): Compared {
  const key = keyNames.flatMap((name) => read.find(({ source }) => source.name === name) ?? [])
  const columns = read.map(({ target }) => target)
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  return {
    columns: read.map(({ source }) => source),
    key: key.map(({ source }) => source),
    table: { rows: `SELECT ${names} FROM (${scanSql(snapshot, localPath)})`, columns, key: key.map(({ target }) => target) },
  }
}
