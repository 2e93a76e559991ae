import { layoutScansSql } from '../layout-scan-sql'
import { FILE_COLUMN, isAtPlaceSql, numberSql, placedFilesSql } from '../parquet-sql'
import { deletedPlacesSql } from '../scan-sql'
import { quoteIdentifier } from '../sql-text'
import type { LocalPath } from '../object-store/store'
import type { TableFile, TableSnapshot } from '../version'

/** What of a version is not in the other one. */
export interface OneSide {
  table: TableSnapshot
  /** Data files that only this version has. */
  own: TableFile[]
  /** Data files of both, of which the other one's delete files name rows that this one's do not. */
  shared: TableFile[]
  other: TableSnapshot
}

export interface Sides {
  before: OneSide
  after: OneSide
  /** The files that have to be read. */
  files: TableFile[]
}

/** The two sides, and the files that have to be read. Of files that both versions have only those whose deleted rows differ: `changed` says which they are, null that it is not known. */
export function sidesOf(before: TableSnapshot, after: TableSnapshot, changed: ReadonlySet<string> | null): Sides {
  const sides = { before: side(before, after, changed), after: side(after, before, changed) }
  const needsDeletes = [sides.before, sides.after].some(({ own, shared }) => own.length > 0 || shared.length > 0)
  const read = [...sides.before.own, ...sides.before.shared, ...sides.after.own, ...sides.after.shared, ...(needsDeletes ? [...before.deleteFiles, ...after.deleteFiles] : [])]
  return { ...sides, files: [...new Map(read.map((file) => [file.path, file])).values()] }
}

function side(table: TableSnapshot, other: TableSnapshot, changed: ReadonlySet<string> | null): OneSide {
  const others = pathsOf(other.dataFiles)
  const deletes = pathsOf(table.deleteFiles)
  const hasNewDeletes = other.deleteFiles.some(({ path }) => !deletes.has(path))
  // files of one object are dropped whole: they never have deleted rows
  const shared = hasNewDeletes ? table.dataFiles.filter(({ path, layout }) => others.has(path) && !layout?.object && (changed === null || changed.has(path))) : []
  return { table, other, own: table.dataFiles.filter(({ path }) => !others.has(path)), shared }
}

function pathsOf(files: TableFile[]): Set<string> {
  return new Set(files.map(({ path }) => path))
}

/**
 * The rows of a version that the other one does not have at the same place: `number` (of the file among `names`), `file`, `pos`, and the columns of the version as `r0`, `r1` …
 * A row that was only moved, by a compaction, is among them on both sides.
 */
export function changedRowsSql({ table, other, own, shared }: OneSide, names: string[], localPath: LocalPath): string {
  const scans = [
    ...scansOf({ ...table, dataFiles: own }, localPath, (data, files) => withoutDeleted(data, { ...table, dataFiles: files }, localPath)),
    ...scansOf({ ...table, dataFiles: shared }, localPath, (data, files) => onlyDeletedBy(data, other, { ...table, dataFiles: files }, localPath)),
  ]
  const columns = table.columns.map(({ name }, index) => `${quoteIdentifier(name)} AS r${index}`)
  const fallback = `SELECT ${[...table.columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`), `'' AS ${FILE_COLUMN}`, '0::BIGINT AS file_row_number'].join(', ')} WHERE false`
  return `SELECT ${numberSql(names, FILE_COLUMN)} AS number, ${FILE_COLUMN} AS file, file_row_number AS pos, ${columns.join(', ')} FROM (${scans.join(' UNION ALL ') || fallback})`
}

const PLACE = [`data.${FILE_COLUMN}`, 'data.file_row_number']

function scansOf(table: TableSnapshot, localPath: LocalPath, narrowed: (data: string, files: TableFile[]) => string): string[] {
  if (!table.dataFiles.length) return []
  const scans = layoutScansSql(table, localPath, narrowed, PLACE)
  const plain = table.dataFiles.filter(({ layout }) => !layout)
  if (!plain.length) return scans
  const columns = table.columns.map(({ name }) => `data.${quoteIdentifier(name)}`)
  return [...scans, `SELECT ${[...columns, ...PLACE].join(', ')} FROM ${narrowed(placedFilesSql(plain.map(({ path }) => localPath(path))), plain)}`]
}

function withoutDeleted(data: string, table: Pick<TableSnapshot, 'dataFiles' | 'deleteFiles'>, localPath: LocalPath): string {
  if (!table.deleteFiles.length) return `${data} AS data`
  return `${data} AS data ANTI JOIN ${deletedPlacesSql(table, localPath)} AS deleted ON ${isAtPlaceSql('data', 'deleted')}`
}

/** A join with few places lets the scan pass over files and row groups that hold none of them. */
function onlyDeletedBy(data: string, other: TableSnapshot, { dataFiles, deleteFiles }: TableSnapshot, localPath: LocalPath): string {
  const known = pathsOf(deleteFiles)
  const theirs = deletedPlacesSql({ dataFiles, deleteFiles: other.deleteFiles.filter(({ path }) => !known.has(path)) }, localPath)
  const ours = deleteFiles.length ? ` ANTI JOIN ${deletedPlacesSql({ dataFiles, deleteFiles }, localPath)} AS o ON o.file = t.file AND o.pos = t.pos` : ''
  return `${data} AS data SEMI JOIN (SELECT t.file, t.pos FROM ${theirs} AS t${ours} WHERE t.file IS NOT NULL) AS gone ON ${isAtPlaceSql('data', 'gone')}`
}
