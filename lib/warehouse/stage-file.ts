import type { SourceColumn } from '@/lib/core/source-column'
import { AppError } from '@/lib/core/errors'
import { fieldName, fieldType, valueSql, type StageColumn } from './column-sql'
import { structLiteral, type Engine } from './duckdb'
import { UNKNOWN_COLUMN, writeDataSql } from './parquet-sql'
import { quoteIdentifier, quoteLiteral, quotePath } from './sql-text'
import type { VersionColumn } from './version'

/** The CSV reader's default of 32 MB takes more memory and is no faster. */
const BUFFER_BYTES = 8_000_000

/** What makes a CSV file of batches into a data file. */
export interface StageFormat {
  columns: StageColumn[]
  /** Columns that are gone upstream: written as NULL, so that all files of a version have all of its columns. */
  dropped: VersionColumn[]
  /** `_synced_at` and `_run_id`, and the values that every row of the run gets. */
  syncedAt: { column: VersionColumn; value: string }
  runId: { column: VersionColumn; value: string }
  /** The rows of an open schema end with one more field: a JSON object of the fields that are no columns. */
  isOpen?: boolean
}

/** Values of these columns do not fit the types they were declared with. */
export class ValuesDoNotFit extends Error {
  constructor(readonly misfits: { column: SourceColumn; type: string; example: string }[]) {
    super(`Values of ${misfits.map(({ column }) => column.name).join(', ')} do not fit`)
  }
}

/** A file of batches. No row is longer than the longest batch. */
export interface CsvFile {
  path: string
  rows: number
  longestBatch: number
  /** Does a row of it have fields that are no columns? They are kept aside in the file, until columns are made of them. */
  hasUnknown?: boolean
}

/**
 * Turn a CSV file into a Parquet file with declared types. Promises that the file has exactly `rows` rows; throws
 * ValuesDoNotFit with every column of this file that has to be read as text, and AppError for bytes that are no CSV.
 */
export async function stageFile(engine: Engine, csv: CsvFile, format: StageFormat, target: string): Promise<void> {
  const copy = (lineBytes?: number) => engine.run(writeDataSql(selectSql(csv, format, lineBytes), target, outputColumns(format)))
  let failure: unknown
  try {
    if ((await copy()) === csv.rows) return
  } catch (error) {
    if (error instanceof AppError) throw error
    failure = error
  }
  const misfits = failure ? await findMisfits(engine, csv, format) : []
  if (misfits.length) throw new ValuesDoNotFit(misfits)
  // a row of megabytes: the reader needs room for it, and may not cut the file where it thinks that a row ends
  const written = await copy(csv.longestBatch).catch((error: unknown) => {
    throw notReadable(error)
  })
  if (written !== csv.rows) throw lostRows(csv.rows, written)
}

function notReadable(cause: unknown): unknown {
  if (cause instanceof AppError) return cause
  return new AppError('internal', {
    title: 'What the source sent cannot be read',
    detail: 'The bytes of a batch are not the CSV that they should be',
    advice: 'Report this with the log of the run',
  }, { cause })
}

function lostRows(read: number, written: number): AppError {
  return new AppError('internal', {
    title: 'The rows that were written are not those that were read',
    detail: `${read} rows came from the source, ${written} were understood`,
    advice: 'Nothing was changed; report this with the log of the run',
  })
}

function outputColumns(format: StageFormat): VersionColumn[] {
  return [...format.columns.map(({ target }) => target), ...format.dropped, format.syncedAt.column, format.runId.column]
}

function selectSql({ path, hasUnknown }: CsvFile, format: StageFormat, lineBytes?: number): string {
  const values = format.columns.map((column, index) => `${valueSql(column, fieldName(index))} AS ${quoteIdentifier(column.target.name)}`)
  values.push(...format.dropped.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`))
  values.push(`CAST(${quoteLiteral(format.syncedAt.value)} AS TIMESTAMPTZ) AS ${quoteIdentifier(format.syncedAt.column.name)}`)
  values.push(`${quoteLiteral(format.runId.value)} AS ${quoteIdentifier(format.runId.column.name)}`)
  const fields = format.columns.map((column, index): [string, string] => [fieldName(index), quoteLiteral(fieldType(column))])
  if (format.isOpen) fields.push([UNKNOWN_COLUMN, `'VARCHAR'`])
  if (hasUnknown) values.push(UNKNOWN_COLUMN)
  return `SELECT ${values.join(', ')} FROM ${readCsvSql(path, fields, lineBytes)}`
}

/** The CSV of the connector contract, and nothing looser: no guessing, no padding, no skipped rows. */
export function readCsvSql(path: string, fields: [string, string][], lineBytes?: number): string {
  const size = lineBytes ? `, max_line_size = ${lineBytes + 1}, buffer_size = ${Math.max(lineBytes + 2, BUFFER_BYTES)}, parallel = false` : `, buffer_size = ${BUFFER_BYTES}`
  return `read_csv(${quotePath(path)}, columns = ${structLiteral(fields)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', strict_mode = true, null_padding = false, ignore_errors = false${size})`
}

/** Read the file once more as text and ask of each column whether its values convert: no error message is taken apart. */
async function findMisfits(engine: Engine, csv: CsvFile, { columns, isOpen }: StageFormat): Promise<ValuesDoNotFit['misfits']> {
  const fields = columns.map((_, index): [string, string] => [fieldName(index), `'VARCHAR'`])
  if (isOpen) fields.push([UNKNOWN_COLUMN, `'VARCHAR'`])
  const firstMisfits = columns.map((column, index) => {
    const field = fieldName(index)
    if (column.target.type === 'VARCHAR' && column.source.encoding !== 'json-list') return `CAST(NULL AS VARCHAR)`
    const value = valueSql(column, fieldType(column) === 'VARCHAR' ? field : `CAST(${field} AS ${fieldType(column)})`)
    return `any_value(${field}) FILTER (${field} IS NOT NULL AND TRY(${value}) IS NULL)`
  })
  const [examples] = await engine.rows(`SELECT ${firstMisfits.join(', ')} FROM ${readCsvSql(csv.path, fields, csv.longestBatch)}`).catch((error: unknown) => {
    throw notReadable(error)
  })
  return columns.flatMap(({ source, target }, index) => {
    const example = examples?.[index]
    return typeof example === 'string' ? [{ column: source, type: target.type, example }] : []
  })
}
