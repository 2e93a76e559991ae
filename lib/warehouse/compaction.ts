import { limits } from '@/lib/core/limits'
import type { Engine } from './duckdb'
import { fullLayout } from './file-columns'
import { ROW_GROUP_ROWS, writeDataSql, writeDeletesSql } from './parquet-sql'
import { scanSql } from './scan-sql'
import { quoteLiteral, quotePaths } from './sql-text'
import type { LocalPath } from './object-store/store'
import type { FileLayout, TableFile, TableSnapshot } from './version'

type Hold = (files: TableFile[]) => Promise<LocalPath>

/** What to rewrite: groups of data files, each to become one file. */
export interface CompactionPlan {
  groups: TableFile[][]
  /** Do the rewritten files have deleted rows, so that the delete files change too? */
  changesDeletes: boolean
}

/** The same rows in other files; local paths. */
export interface Compacted {
  dataFiles: { path: string; rows: number; layout?: FileLayout }[]
  deleteFiles: { path: string; rows: number }[]
  /** Keys of the files that are no longer needed. */
  removed: string[]
}

/** Does a rewrite pay? Null when it does not. Reads nothing but the delete files. */
export async function planCompaction(engine: Engine, table: TableSnapshot, hold: Hold): Promise<CompactionPlan | null> {
  const { smallFileBytes, smallFiles, deletedPart, deletedRows, deletedPartOfFile } = limits.compaction
  const stored = table.dataFiles.reduce((rows, file) => rows + file.rows, 0)
  const small = table.dataFiles.filter((file) => file.bytes < smallFileBytes && file.rows < ROW_GROUP_ROWS)
  const hasManySmall = small.length > smallFiles
  const hasManyDeleted = stored - table.rows > Math.max(stored * deletedPart, deletedRows)
  if (!hasManySmall && !hasManyDeleted) return null
  const deleted = await countDeleted(engine, table, hold)
  const isWorn = (file: TableFile) => hasManyDeleted && (deleted.get(file.path) ?? 0) > file.rows * deletedPartOfFile
  const files = table.dataFiles.filter((file) => (hasManySmall && small.includes(file)) || isWorn(file))
  return { groups: groupBySize(files), changesDeletes: files.some((file) => deleted.has(file.path)) }
}

async function countDeleted(engine: Engine, { deleteFiles }: TableSnapshot, hold: Hold): Promise<Map<string, number>> {
  if (!deleteFiles.length) return new Map()
  const localPath = await hold(deleteFiles)
  const rows = await engine.rows(`SELECT file_path, count(*) FROM read_parquet(${quotePaths(deleteFiles.map((file) => localPath(file.path)))}) GROUP BY ALL`)
  return new Map(rows.map(([path, count]) => [String(path), Number(count)]))
}

function groupBySize(files: TableFile[]): TableFile[][] {
  const groups: TableFile[][] = []
  let bytes = Infinity
  for (const file of files) {
    if (bytes + file.bytes > limits.compaction.groupBytes) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(file)
    bytes += file.bytes
  }
  return groups
}

/** Write the files of a plan. Streams: memory does not grow with the table. */
export async function compact(engine: Engine, table: TableSnapshot, plan: CompactionPlan, hold: Hold, newFile: () => string): Promise<Compacted> {
  const localPath = await hold([...plan.groups.flat(), ...table.deleteFiles])
  const dataFiles: Compacted['dataFiles'] = []
  // later versions may have other columns than these
  const layout = table.manifest ? { layout: fullLayout(table.columns) } : {}
  for (const group of plan.groups) {
    const path = newFile()
    const rows = await engine.run(writeDataSql(scanSql({ ...table, dataFiles: group }, localPath), path, table.columns))
    if (rows > 0) dataFiles.push({ path, rows, ...layout })
  }
  const rewritten = plan.groups.flat().map((file) => file.path)
  const formerDeletes = plan.changesDeletes ? table.deleteFiles : []
  const deleteFiles = formerDeletes.length ? await remainingDeletes(engine, formerDeletes, rewritten, localPath, newFile) : []
  return { dataFiles, deleteFiles, removed: [...rewritten, ...formerDeletes.map((file) => file.path)] }
}

/** The deletes of the files that stay, in one file; none when there are none. */
async function remainingDeletes(engine: Engine, former: TableFile[], rewritten: string[], localPath: (key: string) => string, newFile: () => string): Promise<Compacted['deleteFiles']> {
  const path = newFile()
  const keys = rewritten.map(quoteLiteral).join(', ')
  const query = `SELECT file_path, pos FROM read_parquet(${quotePaths(former.map((file) => localPath(file.path)))}) WHERE file_path NOT IN (${keys})`
  const rows = await engine.run(writeDeletesSql(query, path))
  return rows > 0 ? [{ path, rows }] : []
}
