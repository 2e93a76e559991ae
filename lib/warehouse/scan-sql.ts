import { layoutScansSql } from './layout-scan-sql'
import { deletionVectorOf, scanByVectorSql } from './deletion-vector-sql'
import { isAtPlaceSql, placedFilesSql } from './parquet-sql'
import { quoteIdentifier, quoteLiteral, quotePaths } from './sql-text'
import type { TableFile, TableSnapshot } from './version'

type LocalPath = (key: string) => string

/**
 * A SELECT that gives a table as of one version: its data files minus the rows that its delete files name,
 * columns in the version's order under their warehouse names. Pure text; every file must be local already.
 * Data files without a layout have all columns of their version, so that the files' own names serve: read_parquet's `schema`
 * option would map field ids, but hides the number of rows from the optimizer, which then joins in the wrong order.
 * Files with a layout are read a layout at a time (`layout-scan-sql.ts`). `vectorPath`: the deletion vector of just this version, where there is one.
 */
export function scanSql(table: TableSnapshot, localPath: LocalPath, vectorPath?: string): string {
  if (!table.dataFiles.length) return emptySql(table)
  const vector = vectorPath === undefined ? null : deletionVectorOf(table)
  if (vector && vectorPath !== undefined) return scanByVectorSql(table.dataFiles.map((file) => localPath(file.path)), table.columns, vector, vectorPath)
  const scans = layoutScansSql(table, localPath, (data, files) => withoutDeletedSql(data, { ...table, dataFiles: files }, localPath))
  const plain = table.dataFiles.filter(({ layout }) => !layout)
  if (plain.length) scans.push(plainSql({ ...table, dataFiles: plain }, localPath))
  return scans.join(' UNION ALL ')
}

function plainSql(table: TableSnapshot, localPath: LocalPath): string {
  const paths = table.dataFiles.map((file) => localPath(file.path))
  const columns = table.columns.map(({ name }) => `data.${quoteIdentifier(name)}`).join(', ')
  if (!table.deleteFiles.length) return `SELECT ${columns} FROM read_parquet(${quotePaths(paths)}) AS data`
  return `SELECT ${columns} FROM ${withoutDeletedSql(placedFilesSql(paths), table, localPath)}`
}

/** The rows of placed files, as `data`, but those that the delete files name. */
function withoutDeletedSql(data: string, table: Pick<TableSnapshot, 'dataFiles' | 'deleteFiles'>, localPath: LocalPath): string {
  if (!table.deleteFiles.length) return `${data} AS data`
  return `${data} AS data ANTI JOIN ${deletedPlacesSql(table, localPath)} AS deleted ON ${isAtPlaceSql('data', 'deleted')}`
}

/** An empty table still has its columns and their types. */
function emptySql({ columns }: TableSnapshot): string {
  return `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`).join(', ')} WHERE false`
}

/** The places of deleted rows as a subquery: (file: local path, pos: row number in it). */
export function deletedPlacesSql(table: { dataFiles: TableFile[]; deleteFiles: TableFile[] }, localPath: LocalPath): string {
  const keys = `[${table.dataFiles.map((file) => quoteLiteral(file.path)).join(', ')}]`
  const paths = `[${table.dataFiles.map((file) => quoteLiteral(localPath(file.path))).join(', ')}]`
  return `(SELECT ${paths}[list_position(${keys}, file_path)] AS file, pos FROM read_parquet(${quotePaths(table.deleteFiles.map((file) => localPath(file.path)))}))`
}
