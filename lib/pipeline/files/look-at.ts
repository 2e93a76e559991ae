import type { ListedObject } from '@/lib/connectors/objects/object-access'
import { formatBytes } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import type { Engine } from '@/lib/warehouse/duckdb'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { FileColumn, Piece, ReadColumn } from '@/lib/warehouse/formats/format'
import { openDelta } from './delta'
import type { FilesLook } from './files-look'
import { deltaRows } from './read-delta'
import { readColumns } from './read-columns'
import { addressOf, type ReadContext } from './read-context'
import { fetchWhole } from './fetch-whole'
import { textPieces } from './read-text'
import { prepared, selected } from './stage-piece'
import { workbookPiece } from './read-workbook'

const ROWS = 50

export type Look = Pick<FilesLook, 'columns' | 'rows' | 'csv' | 'worksheets' | 'notes'>

/** The columns and the first rows of an object, of which no more is fetched than that takes. */
export async function lookAt(context: ReadContext, object: ListedObject): Promise<Look> {
  if (context.job.settings.format === 'delta') return lookAtDelta(context)
  const { piece, encoding, worksheets } = await pieceOf(context, object)
  const { inspection } = piece
  const columns = readColumns(inspection, context.job.settings, null)
  const rows = columns.length ? await context.pool.use(piece.file.address, (engine) => firstRows(context, engine, piece, columns)) : []
  return { columns: inspection.columns.map(shown), rows, csv: inspection.csv ? { ...inspection.csv, encoding: encoding ?? inspection.csv.encoding } : null, worksheets, notes: inspection.notes }
}

/** The columns of a Delta table are in its log; its first file gives the rows. */
async function lookAtDelta(context: ReadContext): Promise<Look> {
  const delta = await openDelta(context, () => undefined)
  const look = { columns: delta.columns.map(shown), csv: null, worksheets: [], notes: delta.table.notes }
  const [first] = delta.files.values()
  if (!first) return { ...look, rows: [] }
  if (first.entry.bytes > limits.files.previewWholeBytes) return { ...look, rows: [], notes: [...look.notes, `The rows are not shown: the first file has ${formatBytes(first.entry.bytes)}`] }
  const { select, address } = await deltaRows(context, delta, first.entry, first.object)
  const rows = await context.pool.use(address, (engine) => engine.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${select}) LIMIT ${ROWS}`))
  return { ...look, rows: rows.map(asTexts) }
}

function shown({ name, type, note }: FileColumn): Look['columns'][number] {
  return { name, type, note: note ?? null }
}

function asTexts(row: unknown[]): (string | null)[] {
  return row.map((value) => (value === null ? null : String(value)))
}

interface FirstPiece {
  piece: Piece
  /** Of a text: in which it was before it became UTF-8. */
  encoding: string | null
  /** Of a workbook. */
  worksheets: string[]
}

async function pieceOf(context: ReadContext, object: ListedObject): Promise<FirstPiece> {
  const { format } = context.job.settings
  if (format === 'excel') return { ...(await workbookPiece(context, object)), encoding: null }
  return format === 'parquet' ? { piece: await parquetPiece(context, object), encoding: null, worksheets: [] } : textPiece(context, object)
}

async function textPiece(context: ReadContext, object: ListedObject): Promise<FirstPiece> {
  let encoding: string | null = null
  // of an archive the first text is looked at, and the next one may have been begun already
  const onEncoding = (found: string) => { encoding ??= found }
  for await (const { piece } of textPieces({ ...context, pieceBytes: limits.files.previewBytes, onEncoding }, object, () => undefined)) return { piece: await prepared(context.format, piece), encoding, worksheets: [] }
  throw new FileProblem(`${addressOf(context, object.key)} is empty`, 'It has no bytes', 'Choose another file')
}

async function parquetPiece(context: ReadContext, object: ListedObject): Promise<Piece> {
  const address = addressOf(context, object.key)
  if (object.bytes !== null && object.bytes > limits.files.previewWholeBytes) throw new FileProblem(`${address} is too large to be looked at`, `It has ${formatBytes(object.bytes)}`, 'Link it: its columns are known once it was read')
  const { digest: _, ...file } = await fetchWhole(context, object, 'parquet')
  const inspection = await context.pool.use(address, (engine) => context.format.inspect(engine, file, context.job.settings, null))
  return { file, inspection, isFirst: true, linesBefore: 0 }
}

/** As texts. A value that fits no longer what the beginning promised is shown as it will be read. */
async function firstRows({ format }: ReadContext, engine: Engine, piece: Piece, columns: ReadColumn[]): Promise<(string | null)[][]> {
  const select = (sql: string) => engine.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${sql}) LIMIT ${ROWS}`)
  return (await selected(engine, format, piece, columns, { rounds: 3, work: select })).map(asTexts)
}
