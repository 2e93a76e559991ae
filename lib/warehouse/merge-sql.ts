import { innerName } from './column-sql'
import { comparableSql, cursorSql, type Replication } from './cursor-sql'
import { numberedDataFilesSql, numberedDeletesSql, numberSql, placedDataFilesSql } from './parquet-sql'
import { quoteLiteral } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

// A place is (file, pos): the number of a file among the staged ones or among the data files of the former version, from 1 on, and the row's number in it.

const names = (columns: VersionColumn[]) => columns.map(innerName)

/**
 * The winners of a run: one row per key, with its place, whether it may be a row that was read before, and whether it is without a
 * replication key. The greatest one wins, so that full and incremental reads agree; among equals the last row in file order.
 */
export function winnersSql(staged: string[], keys: VersionColumn[], replication: Replication, cursor: string | null): string {
  const columns = [...new Map([...keys, replication.column].map((column) => [column.fieldId, column])).values()]
  const value = comparableSql(replication)
  const isNew = cursor === null ? 'false' : `COALESCE(${value} > ${cursorSql(replication, cursor)}, false)`
  return `SELECT ${names(keys).join(', ')}, file, pos, NOT (${isNew}) AS is_reread, ${innerName(replication.column)} IS NULL AS is_without
    FROM ${numberedDataFilesSql(staged, columns)}
    QUALIFY row_number() OVER (PARTITION BY ${names(keys).join(', ')} ORDER BY ${value} DESC NULLS LAST, file DESC, pos DESC) = 1`
}

/** The rows of the former version, deleted ones too, that have the key of a winner: their places, and the winner's number. No living row is there twice, since winners have a key each. */
export function matchesSql(former: TableSnapshot, localPath: (key: string) => string, keys: VersionColumn[], hasNullKeys: boolean): string {
  const compare = hasNullKeys ? 'IS NOT DISTINCT FROM' : '='
  const paths = former.dataFiles.map(({ path }) => localPath(path))
  const matches = `SELECT v.file, v.pos, w.rowid AS winner
    FROM ${placedDataFilesSql(paths, keys)} AS v JOIN winners AS w ON ${names(keys).map((name) => `v.${name} ${compare} w.${name}`).join(' AND ')}`
  return `SELECT ${numberSql(paths, 'file')} AS file, pos, winner FROM (${matches})`
}

/**
 * The rows of the former version, deleted ones too, that have the same values as a re-read winner in every column that is still there: their places, and the winner's.
 * Rows with a replication key and those without are looked for apart: equal ones lie between the least and the greatest of those that were read again, and the
 * scan passes over everything else, which is nearly the whole table.
 */
export function unchangedSql(former: TableSnapshot, localPath: (key: string) => string, { staged, columns, replication, isWithout }: { staged: string[]; columns: VersionColumn[]; replication: Replication; isWithout: boolean }): string {
  const at = innerName(replication.column)
  const [order, others] = isWithout ? [`v.${at} IS NULL`, columns] : [`v.${at} = s.${at}`, columns.filter(({ fieldId }) => fieldId !== replication.column.fieldId)]
  const same = [order, ...names(others).map((name) => `v.${name} IS NOT DISTINCT FROM s.${name}`)].join(' AND ')
  const reread = `SELECT s.* FROM ${numberedDataFilesSql(staged, columns)} AS s SEMI JOIN (SELECT file, pos FROM winners WHERE is_reread AND is_without = ${isWithout}) AS w ON w.file = s.file AND w.pos = s.pos`
  const paths = former.dataFiles.map(({ path }) => localPath(path))
  const unchanged = `SELECT v.file, v.pos, s.file AS staged_file, s.pos AS staged_pos FROM ${placedDataFilesSql(paths, columns)} AS v JOIN (${reread}) AS s ON ${same}`
  return `SELECT ${numberSql(paths, 'file')} AS file, pos, staged_file, staged_pos FROM (${unchanged})`
}

/** Of the rows of a table with places in the former version those that its delete files do not name. Which of them are named is found first: there may be many more deleted rows than these. */
export function livingSql(table: string, former: TableSnapshot, localPath: (key: string) => string): string {
  if (!former.deleteFiles.length) return `SELECT * FROM ${table}`
  const named = `SELECT d.file, d.pos FROM (${numberedDeletesSql(former, localPath)}) AS d SEMI JOIN ${table} AS r ON r.file = d.file AND r.pos = d.pos`
  return `SELECT r.* FROM ${table} AS r ANTI JOIN (${named}) AS n ON n.file = r.file AND n.pos = r.pos`
}

/** The staged rows that go into the new version, under their warehouse names. */
export function survivorsSql(staged: string[], columns: VersionColumn[], outerColumns: string): string {
  return `SELECT ${outerColumns} FROM ${numberedDataFilesSql(staged, columns)} AS s
    SEMI JOIN winners AS w ON w.file = s.file AND w.pos = s.pos`
}

/**
 * The rows to delete from the former version as (file_path: key in the store, pos), in that order, since its data files are in the order of their keys; with
 * those of its delete files when `isWithFormer`.
 */
export function deletesSql(former: TableSnapshot, localPath: (key: string) => string, isWithFormer: boolean): string {
  const own = 'SELECT file, pos FROM matches'
  const all = isWithFormer ? `${own} UNION ALL ${numberedDeletesSql(former, localPath)}` : own
  return `SELECT CASE WHEN file > 0 THEN [${former.dataFiles.map(({ path }) => quoteLiteral(path)).join(', ')}][file] ELSE error('a deleted row is in no file of its version') END AS file_path, pos FROM (SELECT file, pos FROM (${all}) ORDER BY file, pos)`
}
