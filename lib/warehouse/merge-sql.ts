import { innerName } from './column-sql'
import { comparableSql, cursorSql, type Replication } from './cursor-sql'
import { placedDataFilesSql } from './parquet-sql'
import { deletedPlacesSql } from './scan-sql'
import { quoteLiteral } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

const names = (columns: VersionColumn[]) => columns.map(innerName)

/**
 * The winners of a run: one row per key, with its place and whether it may be a row that was read before. The greatest
 * replication key wins, so that full and incremental reads agree; among equals the last row in file order.
 */
export function winnersSql(staged: string[], keys: VersionColumn[], replication: Replication, cursor: string | null): string {
  const columns = [...new Map([...keys, replication.column].map((column) => [column.fieldId, column])).values()]
  const value = comparableSql(replication)
  const isNew = cursor === null ? 'false' : `COALESCE(${value} > ${cursorSql(replication, cursor)}, false)`
  const order = `${value} DESC NULLS LAST, list_position([${staged.map(quoteLiteral).join(', ')}], file) DESC, pos DESC`
  return `SELECT ${names(keys).join(', ')}, file, pos, NOT (${isNew}) AS is_reread
    FROM ${placedDataFilesSql(staged, columns)}
    QUALIFY row_number() OVER (PARTITION BY ${names(keys).join(', ')} ORDER BY ${order}) = 1`
}

/** The rows of the former version that have the key of a winner: their places, and the winner's. */
export function matchesSql(former: TableSnapshot, localPath: (key: string) => string, keys: VersionColumn[], hasNullKeys: boolean): string {
  const compare = hasNullKeys ? 'IS NOT DISTINCT FROM' : '='
  const paths = former.dataFiles.map((file) => localPath(file.path))
  const matches = `SELECT v.file, v.pos, w.file AS winner_file, w.pos AS winner_pos, w.is_reread
    FROM ${placedDataFilesSql(paths, keys)} AS v JOIN winners AS w ON ${names(keys).map((name) => `v.${name} ${compare} w.${name}`).join(' AND ')}`
  if (!former.deleteFiles.length) return matches
  return `SELECT m.* FROM (${matches}) AS m ANTI JOIN ${deletedPlacesSql(former, localPath)} AS d ON d.file = m.file AND d.pos = m.pos`
}

/** Of the re-read winners, those that are in the former version with the same values in every column that is still there. */
export function unchangedSql(formerFiles: string[], stagedFiles: string[], columns: VersionColumn[]): string {
  const same = names(columns).map((name) => `v.${name} IS NOT DISTINCT FROM s.${name}`).join(' AND ')
  return `SELECT m.winner_file, m.winner_pos, m.file, m.pos
    FROM matches AS m
    JOIN ${placedDataFilesSql(formerFiles, columns)} AS v ON v.file = m.file AND v.pos = m.pos
    JOIN ${placedDataFilesSql(stagedFiles, columns)} AS s ON s.file = m.winner_file AND s.pos = m.winner_pos
    WHERE m.is_reread AND ${same}`
}

/** The staged rows that go into the new version, under their warehouse names. */
export function survivorsSql(staged: string[], columns: VersionColumn[], outerColumns: string): string {
  return `SELECT ${outerColumns} FROM ${placedDataFilesSql(staged, columns)} AS s
    SEMI JOIN winners AS w ON w.file = s.file AND w.pos = s.pos`
}

/** The rows to delete from the former version as (file_path: key in the store, pos). */
export function deletesSql(former: TableSnapshot, localPath: (key: string) => string): string {
  const keys = `[${former.dataFiles.map((file) => quoteLiteral(file.path)).join(', ')}]`
  const paths = `[${former.dataFiles.map((file) => quoteLiteral(localPath(file.path))).join(', ')}]`
  return `SELECT DISTINCT ${keys}[list_position(${paths}, file)] AS file_path, pos FROM matches`
}
