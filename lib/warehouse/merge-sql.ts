import { innerName } from './column-sql'
import { comparableSql, cursorSql, type Replication } from './cursor-sql'
import { placedDataFilesSql } from './parquet-sql'
import { deletedPlacesSql } from './scan-sql'
import { quoteLiteral, quotePaths } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

const names = (columns: VersionColumn[]) => columns.map(innerName)

/**
 * The winners of a run: one row per key, with its place, whether it may be a row that was read before, and whether it is without a
 * replication key. The greatest one wins, so that full and incremental reads agree; among equals the last row in file order.
 */
export function winnersSql(staged: string[], keys: VersionColumn[], replication: Replication, cursor: string | null): string {
  const columns = [...new Map([...keys, replication.column].map((column) => [column.fieldId, column])).values()]
  const value = comparableSql(replication)
  const isNew = cursor === null ? 'false' : `COALESCE(${value} > ${cursorSql(replication, cursor)}, false)`
  const order = `${value} DESC NULLS LAST, list_position([${staged.map(quoteLiteral).join(', ')}], file) DESC, pos DESC`
  return `SELECT ${names(keys).join(', ')}, file, pos, NOT (${isNew}) AS is_reread, ${innerName(replication.column)} IS NULL AS is_without
    FROM ${placedDataFilesSql(staged, columns)}
    QUALIFY row_number() OVER (PARTITION BY ${names(keys).join(', ')} ORDER BY ${order}) = 1`
}

/** The rows of the former version that have the key of a winner: their places, and the winner's number. No row is there twice, since winners have a key each. */
export function matchesSql(former: TableSnapshot, localPath: (key: string) => string, keys: VersionColumn[], hasNullKeys: boolean): string {
  const compare = hasNullKeys ? 'IS NOT DISTINCT FROM' : '='
  const paths = former.dataFiles.map((file) => localPath(file.path))
  const matches = `SELECT v.file, v.pos, w.rowid AS winner
    FROM ${placedDataFilesSql(paths, keys)} AS v JOIN winners AS w ON ${names(keys).map((name) => `v.${name} ${compare} w.${name}`).join(' AND ')}`
  if (!former.deleteFiles.length) return matches
  return `SELECT m.* FROM (${matches}) AS m ANTI JOIN ${deletedPlacesSql(former, localPath)} AS d ON d.file = m.file AND d.pos = m.pos`
}

/**
 * Of the re-read winners, those that the former version has with the same values in every column that is still there: their places among the staged.
 * Rows with a replication key and those without are looked for apart: equal ones lie between the least and the greatest of those that were read again, and the
 * scan passes over everything else, which is nearly the whole table.
 */
export function unchangedSql(former: TableSnapshot, localPath: (key: string) => string, { staged, columns, replication, isWithout }: { staged: string[]; columns: VersionColumn[]; replication: Replication; isWithout: boolean }): string {
  const at = innerName(replication.column)
  const [order, others] = isWithout ? [`v.${at} IS NULL`, columns] : [`v.${at} = s.${at}`, columns.filter(({ fieldId }) => fieldId !== replication.column.fieldId)]
  const same = [order, ...names(others).map((name) => `v.${name} IS NOT DISTINCT FROM s.${name}`)].join(' AND ')
  const reread = `SELECT s.* FROM ${placedDataFilesSql(staged, columns)} AS s SEMI JOIN (SELECT file, pos FROM winners WHERE is_reread AND is_without = ${isWithout}) AS w ON w.file = s.file AND w.pos = s.pos`
  const unchanged = `SELECT s.file, s.pos, v.file AS former_file, v.pos AS former_pos FROM ${placedDataFilesSql(former.dataFiles.map(({ path }) => localPath(path)), columns)} AS v JOIN (${reread}) AS s ON ${same}`
  return former.deleteFiles.length ? `SELECT u.file, u.pos FROM (${unchanged}) AS u ANTI JOIN ${deletedPlacesSql(former, localPath)} AS d ON d.file = u.former_file AND d.pos = u.former_pos` : `SELECT file, pos FROM (${unchanged})`
}

/** The staged rows that go into the new version, under their warehouse names. */
export function survivorsSql(staged: string[], columns: VersionColumn[], outerColumns: string): string {
  return `SELECT ${outerColumns} FROM ${placedDataFilesSql(staged, columns)} AS s
    SEMI JOIN winners AS w ON w.file = s.file AND w.pos = s.pos`
}

/**
 * The rows to delete from the former version as (file_path: key in the store, pos), in that order; with those of its delete files when `isWithFormer`. Sorted by
 * the number of the file: keys begin alike, and comparing them as texts took longer than all the rest.
 */
export function deletesSql({ dataFiles, deleteFiles }: TableSnapshot, localPath: (key: string) => string, isWithFormer: boolean): string {
  const files = dataFiles.map(({ path }) => path).sort()
  const keys = `[${files.map(quoteLiteral).join(', ')}]`
  const placed = (paths: string, column: string, from: string) => `SELECT list_position(${paths}, ${column})::INTEGER AS file, pos FROM ${from}`
  const own = placed(`[${files.map((key) => quoteLiteral(localPath(key))).join(', ')}]`, 'file', 'matches')
  const all = isWithFormer ? `${own} UNION ALL ${placed(keys, 'file_path', `read_parquet(${quotePaths(deleteFiles.map(({ path }) => localPath(path)))})`)}` : own
  return `SELECT CASE WHEN file > 0 THEN ${keys}[file] ELSE error('a deleted row is in no file of its version') END AS file_path, pos FROM (SELECT file, pos FROM (${all}) ORDER BY file, pos)`
}
