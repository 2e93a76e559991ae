import fs from 'node:fs/promises'
import type { ListedObject } from '@/lib/connectors/objects/object-access'
import type { FilesSettings } from '@/lib/core/files-settings'
import { excelToCsv } from '@/lib/warehouse/formats/excel/excel-to-csv'
import type { Piece, ReadColumn } from '@/lib/warehouse/formats/format'
import { fetchWhole } from './fetch-whole'
import { readColumns } from './read-columns'
import type { ReadContext } from './read-context'
import { filesOfObject, foundIn, laidOut, type ReadObject } from './read-object'
import { prepared, stagePiece } from './stage-piece'

/** How the CSV of a worksheet is read: as it was written. Whether its first row holds the names is people's to say. */
function asWritten({ csv, ...settings }: FilesSettings): FilesSettings {
  return { ...settings, csv: { header: csv.header ?? true, delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', skipLines: csv.skipLines ?? 0 } }
}

export interface WorkbookPiece {
  piece: Piece
  columns: ReadColumn[]
  digest: string | null
  /** Every one of the workbook. */
  worksheets: string[]
}

/** One worksheet of a workbook, as a CSV file on this machine. */
export async function workbookPiece(context: ReadContext, object: ListedObject): Promise<WorkbookPiece> {
  const { pool, format, job, scratch, signal } = context
  const { digest, ...workbook } = await fetchWhole(context, object, 'xlsx')
  const path = scratch.file('csv')
  const { notes, textColumns, worksheets } = await excelToCsv(workbook, job.settings.worksheet, path, signal)
  await fs.rm(workbook.path)
  const file = { path, bytes: (await fs.stat(path)).size, address: workbook.address }
  const settings = asWritten(job.settings)
  const found = await format.inspect(pool.engineFor(file.address), file, settings, null)
  // a cell of text is text, also when a number could be made of it
  const columns = found.columns.map((column, index) => (textColumns.includes(index) ? { ...column, type: 'VARCHAR' } : column))
  const inspection = { ...found, columns, notes: [...notes, ...found.notes] }
  return { piece: await prepared(format, { file, inspection, isFirst: true, linesBefore: 0 }), columns: readColumns(inspection, settings, job.columnNames), digest, worksheets }
}

/** Reads one worksheet of a workbook. */
export async function readWorkbook(context: ReadContext, object: ListedObject): Promise<ReadObject> {
  const { piece, columns, digest } = await workbookPiece(context, object)
  if (!columns.length) return { object, files: [], rows: 0, digest }
  const staged = await context.pool.use(piece.file.address, (engine) => stagePiece(engine, context.format, piece, columns, context.scratch.file('parquet')))
  await fs.rm(piece.file.path)
  foundIn(context, object, [staged], piece.inspection.notes)
  return { object, ...filesOfObject(context, object, [laidOut(staged)]), digest }
}
