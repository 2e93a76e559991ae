import { fieldType, innerName, outerColumnsSql, valueSql, type StageColumn } from './column-sql'
import { placedDataFilesSql, placedFilesSql } from './parquet-sql'
import { quoteIdentifier, quoteLiteral, quotePaths } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

type LocalPath = (key: string) => string

/** A column of the new version as the files of the former one have it. */
export type FormerValue = (column: VersionColumn) => string

/**
 * What a column was in the former version: itself; of a table that is kept although its columns changed, the same column with
 * its former type; NULL when it was not there.
 */
export function formerValueOf({ columns }: TableSnapshot): FormerValue {
  return (column) => {
    if (columns.some(({ fieldId }) => fieldId === column.fieldId)) return quoteIdentifier(column.name)
    const retyped = columns.find(({ sourceName }) => sourceName !== null && sourceName === column.sourceName)
    return retyped ? `TRY_CAST(${quoteIdentifier(retyped.name)} AS ${column.type})` : `CAST(NULL AS ${column.type})`
  }
}

/**
 * A row's values as one number of 128 bits. Two rows of one key are the same when it is: a listing of everything compares every
 * row, and the rows themselves would not fit in memory. Texts in a JSON array, so that no two lists of values look alike.
 */
export function digestSql(columns: VersionColumn[], from: string): string {
  return `md5_number(CAST(json_array(${columns.map((column) => `CAST(${from}${innerName(column)} AS VARCHAR)`).join(', ')}) AS VARCHAR))`
}

/** Names of two tables: local paths to numbers, since a path in every row would take the memory. */
export function numberedFilesSql(table: string, files: { path: string; key: string }[]): string[] {
  const values = files.map(({ path, key }, number) => `(${quoteLiteral(path)}, ${number}, ${quoteLiteral(key)})`)
  return [`CREATE OR REPLACE TEMP TABLE ${table} (file VARCHAR, number INTEGER, key VARCHAR)`, ...(values.length ? [`INSERT INTO ${table} VALUES ${values.join(', ')}`] : [])]
}

export interface RemovedBy {
  table: string
  columns: VersionColumn[]
}

/** One row for each key that was read: where its last row is, its digest if anything is compared, and whether a removal took it afterwards. */
export function lastRowsSql(staged: string[], keys: VersionColumn[], compared: VersionColumn[], removals: RemovedBy[]): string {
  const carried = distinctColumns([...keys, ...compared, ...removals.flatMap(({ columns }) => columns)])
  const kept = distinctColumns([...keys, ...removals.flatMap(({ columns }) => columns)])
  const names = keys.map(innerName).join(', ')
  // a key comes once in a file
  const last = staged.length > 1 ? `QUALIFY row_number() OVER (PARTITION BY ${names} ORDER BY number DESC, place DESC) = 1` : ''
  const rows = staged.length ? placedDataFilesSql(staged, carried) : `(SELECT ${carried.map((column) => `CAST(NULL AS ${column.type}) AS ${innerName(column)}`).join(', ')}, '' AS file, 0::BIGINT AS pos WHERE false)`
  const isRemoved = removals.map((_, index) => `COALESCE(l.number < r${index}.before, false)`).join(' OR ') || 'false'
  const joins = removals.map(({ table, columns }, index) => `LEFT JOIN ${table} AS r${index} ON ${removedSql('l', `r${index}`, columns)}`)
  return `SELECT ${keys.map((key) => `l.${innerName(key)}`).join(', ')}, l.number, l.place, l.digest, ${isRemoved} AS is_removed
    FROM (SELECT ${kept.map((column) => `s.${innerName(column)}`).join(', ')}, f.number, s.pos AS place, ${compared.length ? digestSql(compared, 's.') : 'NULL'} AS digest
      FROM ${rows} AS s JOIN staged_files AS f ON f.file = s.file ${last}) AS l ${joins.join(' ')}`
}

/** The condition that a removal, with its values as `removalValueSql` gives them, takes a row. */
export function removedSql(rows: string, removal: string, columns: VersionColumn[]): string {
  const valueOf = (column: VersionColumn) => (column.type === 'JSON' ? `(${rows}.${innerName(column)} ->> '$')` : `${rows}.${innerName(column)}`)
  return columns.map((column) => `${valueOf(column)} = ${removal}.${innerName(column)}`).join(' AND ')
}

const INTEGER = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/

/**
 * A removal's text as a value of the column, by the same rules as a row's, so that a UUID in capitals or 1.50 finds its row. NULL for a
 * text that no row can have there; it is never rounded to another value. JSON is compared by its text.
 */
export function removalValueSql({ source, target }: StageColumn, text: string): string {
  const { type } = target
  if (type === 'VARCHAR' || type === 'JSON') return text
  if (INTEGER.test(type)) return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN TRY_CAST(${text} AS ${type}) END`
  const asText: StageColumn = { source: source.encoding === 'plain' ? { ...source, encoding: 'cast' } : source, target }
  const read = fieldType(asText)
  return `TRY(${valueSql(asText, read === 'VARCHAR' ? text : `CAST(${text} AS ${read})`)})`
}

/** How many removals have a value that no row can have, and the first such text, for each of the columns: count, text, count, text, … */
export function unfitRemovalsSql(columns: StageColumn[], texts: string): string {
  const told = columns.map((column) => `FILTER (${removalValueSql(column, innerName(column.target))} IS NULL)`)
  return `SELECT ${columns.flatMap(({ target }, index) => [`count(*) ${told[index]}`, `min(${innerName(target)}) ${told[index]}`]).join(', ')} FROM ${texts}`
}

/** Removals with the values that they name, and the number of the first staged file that is not affected. */
export function removalsSql(columns: StageColumn[], texts: string): string {
  const names = columns.map(({ target }) => innerName(target))
  const values = columns.map((column) => `${removalValueSql(column, innerName(column.target))} AS ${innerName(column.target)}`)
  return `SELECT ${names.join(', ')}, max(before) AS before FROM (SELECT ${values.join(', ')}, before FROM ${texts}) WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')} GROUP BY ${names.join(', ')}`
}

/** The deleted rows of the former version by the numbers of their files. */
export function formerDeletedSql({ deleteFiles }: TableSnapshot, localPath: LocalPath): string {
  if (!deleteFiles.length) return 'SELECT 0 AS file, 0::BIGINT AS pos WHERE false'
  return `SELECT n.number AS file, d.pos FROM read_parquet(${quotePaths(deleteFiles.map((file) => localPath(file.path)))}) AS d JOIN former_files AS n ON n.key = d.file_path`
}

/** The rows of the former version as a FROM item, deleted ones too: inner names, `file` (its number) and `pos`. */
export function formerRowsSql(former: TableSnapshot, localPath: LocalPath, columns: VersionColumn[], valueOf: FormerValue): string {
  const paths = former.dataFiles.map((file) => localPath(file.path))
  return `(SELECT ${columns.map((column) => `v.${innerName(column)}`).join(', ')}, n.number AS file, v.pos FROM ${placedDataFilesSql(paths, columns, valueOf)} AS v JOIN former_files AS n ON n.file = v.file)`
}

const NOT_DELETED = (rows: string) => `ANTI JOIN former_deleted AS x ON x.file = ${rows}.file AND x.pos = ${rows}.pos`

export interface Comparison {
  /** The rows of the former version, with keys and what is compared. */
  formerRows: string
  keys: VersionColumn[]
  compared: VersionColumn[]
  /** The condition that the rows `f` and `l` have one key. */
  on: string
}

/**
 * What differs between the former rows and the last rows: (file, pos) of the former row, (number, place) of the new one. Rows that are
 * the same are left out. `takesMissing`: a former row whose key did not come is gone.
 */
export function differencesSql({ formerRows, keys, compared, on }: Comparison, takesMissing: boolean): string {
  const digested = `(SELECT ${keys.map((key) => `f.${innerName(key)}`).join(', ')}, f.file, f.pos, ${digestSql(compared, 'f.')} AS digest FROM ${formerRows} AS f ${NOT_DELETED('f')})`
  return `SELECT f.file, f.pos, l.number, l.place, (l.number IS NULL OR l.is_removed) AS is_gone
    FROM ${digested} AS f ${takesMissing ? 'FULL' : 'RIGHT'} JOIN last_rows AS l ON ${on} WHERE ${DIFFERS}`
}

/** The same where few rows came: a former row is only looked at once its key was found. */
export function fewDifferencesSql({ formerRows, compared, on }: Comparison): string {
  return `WITH found AS (SELECT f.file, f.pos, l.number, l.place, ${digestSql(compared, 'f.')} AS digest FROM ${formerRows} AS f JOIN last_rows AS l ON ${on})
    SELECT f.file, f.pos, l.number, l.place, l.is_removed AS is_gone
    FROM (SELECT v.* FROM found AS v ${NOT_DELETED('v')}) AS f RIGHT JOIN last_rows AS l ON f.number = l.number AND f.place = l.place WHERE ${DIFFERS}`
}

const DIFFERS = 'CASE WHEN l.number IS NULL THEN true WHEN l.is_removed THEN f.file IS NOT NULL WHEN f.file IS NULL THEN true ELSE f.digest <> l.digest END'

/** Rows of the former version that a removal takes, and that did not come again. */
export function removedDifferencesSql(formerRows: string, { table, columns }: RemovedBy, on: string): string {
  return `SELECT f.file, f.pos, NULL, NULL, true FROM (SELECT f.* FROM ${formerRows} AS f SEMI JOIN ${table} AS r ON ${removedSql('f', 'r', columns)}) AS f
    ${NOT_DELETED('f')} ANTI JOIN last_rows AS l ON ${on} ANTI JOIN differences AS d ON d.file = f.file AND d.pos = f.pos`
}

/** The staged rows that go into the new version, under their warehouse names. */
export function survivingRowsSql(staged: string[], columns: VersionColumn[]): string {
  return `SELECT ${outerColumnsSql(columns, 's.')} FROM ${placedDataFilesSql(staged, columns)} AS s JOIN staged_files AS f ON f.file = s.file
    SEMI JOIN differences AS d ON d.number = f.number AND d.place = s.pos AND NOT d.is_gone`
}

/** What stays of one file of the former version, with the columns of the new one. */
export function stayingRowsSql(former: TableSnapshot, localPath: LocalPath, number: number, columns: VersionColumn[], valueOf: FormerValue): string {
  const path = localPath(former.dataFiles[number]?.path ?? '')
  const values = columns.map((column) => `${valueOf(column)} AS ${quoteIdentifier(column.name)}`)
  const left = (places: string) => `ANTI JOIN (SELECT pos FROM ${places} WHERE file = ${number}) AS ${places} ON ${places}.pos = v.file_row_number`
  return `SELECT ${values.join(', ')} FROM ${placedFilesSql([path])} AS v ${left('former_deleted')} ${left('differences')}`
}

export function distinctColumns(columns: VersionColumn[]): VersionColumn[] {
  return [...new Map(columns.map((column) => [column.fieldId, column])).values()]
}
