import { RUN_ID, SYNCED_AT } from './column-sql'
import { FILE, FILE_MODIFIED_AT, FILE_ROW } from './file-columns'
import { FILE_COLUMN, placedFilesSql } from './parquet-sql'
import { quoteIdentifier, quoteLiteral } from './sql-text'
import { castSql } from './types/cast-sql'
import type { FileLayout, TableFile, TableSnapshot, VersionColumn } from './version'

type LaidOut = TableFile & { layout: FileLayout }

/**
 * One SELECT per layout among the data files that have one: the columns of the version, in its order, made of what the files hold. A column that
 * these files lack is NULL; one of another type is cast. `without`: a FROM item for the placed files, aliased `data`, without the deleted rows. `more`: what is selected besides.
 */
export function layoutScansSql(table: TableSnapshot, localPath: (key: string) => string, without: (data: string, files: TableFile[]) => string, more: string[] = []): string[] {
  return groupByLayout(table.dataFiles).map((files) => {
    const data = placedFilesSql(files.map((file) => localPath(file.path)))
    const isOfObjects = files[0]?.layout.object != null
    const values = table.columns.map((column) => `${valueSql(column, files, localPath)} AS ${quoteIdentifier(column.name)}`)
    // files of one object are dropped whole: they never have deleted rows
    return `SELECT ${[...values, ...more].join(', ')} FROM ${isOfObjects ? `${data} AS data` : without(data, files)}`
  })
}

function groupByLayout(files: TableFile[]): LaidOut[][] {
  const groups = new Map<string, LaidOut[]>()
  for (const { layout, ...file } of files) {
    if (!layout) continue
    const key = JSON.stringify([layout.object !== null, layout.columns])
    const group = groups.get(key)
    if (group) group.push({ ...file, layout })
    else groups.set(key, [{ ...file, layout }])
  }
  return [...groups.values()]
}

function valueSql({ name, sourceName, type }: VersionColumn, files: LaidOut[], localPath: (key: string) => string): string {
  const [first] = files
  if (sourceName === null) return first?.layout.object ? ofObjectSql(name, files, localPath) : `data.${quoteIdentifier(name)}`
  const column = first?.layout.columns.find(({ source }) => source === sourceName)
  return column ? castSql(`data.${quoteIdentifier(column.name)}`, column.type, type) : `CAST(NULL AS ${type})`
}

/** What all rows of a file have in common, by the file that a row is in. Costs nothing where the column is not asked for. */
function ofObjectSql(name: string, files: LaidOut[], localPath: (key: string) => string): string {
  const byFile = (valueOf: (object: NonNullable<FileLayout['object']>) => string) => {
    const values = files.map(({ layout }) => (layout.object ? valueOf(layout.object) : 'NULL'))
    if (new Set(values).size === 1) return values[0] ?? 'NULL'
    return `[${values.join(', ')}][list_position([${files.map(({ path }) => quoteLiteral(localPath(path))).join(', ')}], data.${FILE_COLUMN})]`
  }
  switch (name) {
    case FILE:
      return byFile(({ address }) => quoteLiteral(address))
    case FILE_MODIFIED_AT:
      return `CAST(${byFile(({ modifiedAt }) => (modifiedAt === null ? 'NULL' : quoteLiteral(modifiedAt)))} AS TIMESTAMPTZ)`
    case FILE_ROW:
      return `data.file_row_number + 1 + ${byFile(({ rowsBefore }) => `${rowsBefore}::BIGINT`)}`
    case SYNCED_AT:
      return `CAST(${byFile(({ syncedAt }) => quoteLiteral(syncedAt))} AS TIMESTAMPTZ)`
    case RUN_ID:
      return byFile(({ runId }) => quoteLiteral(runId))
    default:
      throw new Error(`no file has a column ${name}`)
  }
}
