import { FILE } from './file-columns'
import { DELETE_FILES_MAX, count, type Merge } from './merge'
import type { Engine } from './duckdb'
import { placedFilesSql, writeDeletesSql } from './parquet-sql'
import { deletedPlacesSql } from './scan-sql'
import { quoteLiteral, quotePaths } from './sql-text'
import type { TableFile, TableSnapshot } from './version'

/** What leaves a table with the objects of the table `dropped` (`manifest.ts`). */
export interface DroppedRows {
  /** Keys in the object store of data files of which no row stays. */
  removed: string[]
  /** How many rows of the former version are gone. */
  rows: number
  /** Rows of files that hold other objects' rows too. */
  deletes: Merge['deletes']
}

/**
 * Finds what the rows of dropped objects are: whole data files where these hold one object, else places in a file. Reads nothing but the column `_file` of the latter.
 * Needs the former version's files to be local.
 */
export async function dropObjects(engine: Engine, former: TableSnapshot, addressPrefix: string, localPath: (key: string) => string, newFile: () => string): Promise<DroppedRows> {
  if ((await count(engine, 'SELECT count(*) FROM dropped')) === 0) return { removed: [], rows: 0, deletes: null }
  const removed = await filesOfDropped(engine, former.dataFiles)
  const shared = former.dataFiles.filter(({ layout }) => !layout?.object)
  const rows = removed.reduce((total, file) => total + file.rows, 0)
  if (!shared.length) return { removed: removed.map(({ path }) => path), rows, deletes: null }

  await engine.run(`CREATE OR REPLACE TEMP TABLE places AS ${placesSql(former, shared, addressPrefix, localPath)}`)
  try {
    const newRows = await count(engine, 'SELECT count(*) FROM places')
    if (newRows === 0) return { removed: removed.map(({ path }) => path), rows, deletes: null }
    const emptied = await emptiedFiles(engine, former, shared, localPath)
    const deletes = await writeDeletes(engine, former, shared, emptied, localPath, newFile)
    return { removed: [...removed, ...emptied].map(({ path }) => path), rows: rows + newRows, deletes }
  } finally {
    await engine.run('DROP TABLE IF EXISTS places').catch(() => undefined)
  }
}

async function filesOfDropped(engine: Engine, files: TableFile[]): Promise<TableFile[]> {
  const keys = [...new Set(files.flatMap(({ layout }) => layout?.object?.key ?? []))]
  if (!keys.length) return []
  const rows = await engine.rows(`SELECT key FROM dropped SEMI JOIN (SELECT unnest([${keys.map(quoteLiteral).join(', ')}]) AS key) AS named USING (key)`)
  const dropped = new Set(rows.map(([key]) => String(key)))
  return files.filter(({ layout }) => layout?.object && dropped.has(layout.object.key))
}

function placesSql(former: TableSnapshot, shared: TableFile[], addressPrefix: string, localPath: (key: string) => string): string {
  const paths = shared.map(({ path }) => localPath(path))
  const rows = `SELECT data.__tributary_file AS file, data.file_row_number AS pos FROM ${placedFilesSql(paths)} AS data SEMI JOIN (SELECT ${quoteLiteral(addressPrefix)} || key AS address FROM dropped) AS gone ON gone.address = data."${FILE}"`
  if (!former.deleteFiles.length) return rows
  return `SELECT r.* FROM (${rows}) AS r ANTI JOIN ${deletedPlacesSql({ dataFiles: shared, deleteFiles: former.deleteFiles }, localPath)} AS d ON d.file = r.file AND d.pos = r.pos`
}

/** Files of which the last living rows are among the places. */
async function emptiedFiles(engine: Engine, former: TableSnapshot, shared: TableFile[], localPath: (key: string) => string): Promise<TableFile[]> {
  const deleted = former.deleteFiles.length ? `UNION ALL SELECT file, pos FROM ${deletedPlacesSql({ dataFiles: shared, deleteFiles: former.deleteFiles }, localPath)} WHERE file IS NOT NULL` : ''
  const rows = await engine.rows(`SELECT file, count(DISTINCT pos) FROM (SELECT file, pos FROM places ${deleted}) GROUP BY file`)
  const gone = new Map(rows.map(([file, places]) => [String(file), Number(places)]))
  return shared.filter((file) => gone.get(localPath(file.path)) === file.rows)
}

async function writeDeletes(engine: Engine, { deleteFiles }: TableSnapshot, shared: TableFile[], emptied: TableFile[], localPath: (key: string) => string, newFile: () => string): Promise<Merge['deletes']> {
  const kept = shared.filter((file) => !emptied.includes(file))
  const paths = `[${kept.map(({ path }) => quoteLiteral(localPath(path))).join(', ')}]`
  const keys = `[${kept.map(({ path }) => quoteLiteral(path)).join(', ')}]`
  const places = `SELECT ${keys}[list_position(${paths}, file)] AS file_path, pos FROM places WHERE list_contains(${paths}, file)`
  const newRows = kept.length ? await count(engine, `SELECT count(*) FROM (${places})`) : 0
  if (newRows === 0) return null
  const file = newFile()
  const replacesFormer = deleteFiles.length >= DELETE_FILES_MAX
  const all = replacesFormer ? ` UNION ALL SELECT file_path, pos FROM read_parquet(${quotePaths(deleteFiles.map(({ path }) => localPath(path)))})` : ''
  const rows = await engine.run(writeDeletesSql(places + all, file))
  return { file, rows, newRows, replacesFormer }
}
