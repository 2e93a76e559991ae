import { fieldIdsSql, innerName } from './column-sql'
import { quoteIdentifier, quoteLiteral, quotePaths } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

/** Iceberg's reserved field ids for the columns of a position-delete file. */
const DELETE_FIELD_IDS = `{'file_path': 2147483546, 'pos': 2147483545}`

/** Halves the memory of writing against the engine's default of 122,880, and costs a reader nothing. */
export const ROW_GROUP_ROWS = 61_440

/**
 * How all our Parquet is written. The second version's encodings made files a quarter smaller, and faster
 * to write and to read than the first's; level 1 of zstd costs a third less time than the default for 3 % more bytes.
 * A column with more than a thousand values in a row group gains little from a dictionary: giving up on it early, and
 * writing no Bloom filters, which only a search for a single value would use, takes a sixth off the time of staging. Small pages of
 * dictionaries keep hundreds of text columns within the memory of staging.
 */
const PARQUET = `FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, DICTIONARY_SIZE_LIMIT 1000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 32768, WRITE_BLOOM_FILTER false`

/** Write the rows of a query, whose columns bear the warehouse names, as a data file. */
export function writeDataSql(query: string, file: string, columns: VersionColumn[]): string {
  return `COPY (${query}) TO ${quoteLiteral(file)} (${PARQUET}, FIELD_IDS ${fieldIdsSql(columns)})`
}

/** Write the rows of a query as a data file that has a layout: its columns need no ids. */
export function writeLaidOutSql(query: string, file: string): string {
  return `COPY (${query}) TO ${quoteLiteral(file)} (${PARQUET})`
}

/** Write (file_path, pos) as an Iceberg position-delete file, in the order that Iceberg asks for. */
export function writeDeletesSql(query: string, file: string): string {
  return writeSortedDeletesSql(`SELECT file_path, pos FROM (${query}) ORDER BY file_path, pos`, file)
}

/** The same of rows that are in that order. */
export function writeSortedDeletesSql(query: string, file: string): string {
  return `COPY (${query}) TO ${quoteLiteral(file)} (${PARQUET}, FIELD_IDS ${DELETE_FIELD_IDS})`
}

/** The name under which a scan gives each row's file; no column may have it. */
export const FILE_COLUMN = '__tributary_file'

/** Where a staged file keeps the fields that are no columns yet, as a JSON object in text. */
export const UNKNOWN_COLUMN = '__tributary_unknown'

/** Names that a column of a table cannot have, since the engine or a scan needs them. */
export const RESERVED_NAMES = ['__duckdb_field_id', 'file_row_number', FILE_COLUMN, UNKNOWN_COLUMN]

/** Data files as a FROM item: the given columns under their inner names. */
export function dataFilesSql(paths: string[], columns: VersionColumn[]): string {
  return `(SELECT ${innerColumnsSql(columns)} FROM read_parquet(${quotePaths(paths)}))`
}

/** The same with each row's place: `file` (the local path) and `pos` (its number in the file). `valueOf`: what a column is in these files. */
export function placedDataFilesSql(paths: string[], columns: VersionColumn[], valueOf: (column: VersionColumn) => string = ownValue): string {
  return `(SELECT ${[...columns.map((column) => `${valueOf(column)} AS ${innerName(column)}`), `${FILE_COLUMN} AS file`, 'file_row_number AS pos'].join(', ')} FROM ${placedFilesSql(paths)})`
}

/** The same, where `file` is the number of the file in the list. */
export function numberedDataFilesSql(paths: string[], columns: VersionColumn[]): string {
  return `(SELECT * REPLACE (${numberSql(paths, 'file')} AS file) FROM ${placedDataFilesSql(paths, columns)})`
}

/** A SELECT of the rows that the delete files of a version name: `file` (the number of the data file) and `pos`. */
export function numberedDeletesSql({ dataFiles, deleteFiles }: TableSnapshot, localPath: (key: string) => string): string {
  return `SELECT ${numberSql(dataFiles.map(({ path }) => path), 'file_path')} AS file, pos FROM read_parquet(${quotePaths(deleteFiles.map(({ path }) => localPath(path)))})`
}

/** The number of a text in a list, from 1 on; NULL when it is not there. Rows are joined and sorted by it in a fraction of the time that paths take. */
export function numberSql(list: string[], text: string): string {
  return `list_position([${list.map(quoteLiteral).join(', ')}], ${text})::INTEGER`
}

function ownValue({ name }: VersionColumn): string {
  return quoteIdentifier(name)
}

/** Data files under their own names, with `__tributary_file` and `file_row_number`. */
export function placedFilesSql(paths: string[]): string {
  return `read_parquet(${quotePaths(paths)}, filename = '${FILE_COLUMN}', file_row_number = true)`
}

/** The condition that a row of `placedFilesSql` is at a place (file, pos). */
export function isAtPlaceSql(data: string, place: string): string {
  return `${place}.file = ${data}.${FILE_COLUMN} AND ${place}.pos = ${data}.file_row_number`
}

function innerColumnsSql(columns: VersionColumn[]): string {
  return columns.map((column) => `${ownValue(column)} AS ${innerName(column)}`).join(', ')
}
