import fs from 'node:fs/promises'
import type { ListedObject } from '@/lib/connectors/objects/object-access'
import type { Inspection, Piece, ReadColumn } from '@/lib/warehouse/formats/format'
import { verifyParquet } from '@/lib/warehouse/formats/parquet/verify-parquet'
import { keptType } from '@/lib/warehouse/types/kept-type'
import { fetchWhole } from './fetch-whole'
import { readColumns } from './read-columns'
import type { ReadContext } from './read-context'
import { filesOfObject, foundIn, laidOut, type ReadObject } from './read-object'
import { stagePiece } from './stage-piece'

/** A fetched Parquet file, looked through to its last page: a damaged one must fail now, and not when somebody asks for its rows. */
export async function inspectParquet(context: ReadContext, file: Piece['file']): Promise<{ piece: Piece; columns: ReadColumn[] }> {
  const { pool, format, job } = context
  const inspection = await pool.use(file.address, async (engine) => {
    const found = await format.inspect(engine, file, job.settings, context.last.like)
    await verifyParquet(engine, file, found)
    return found
  })
  return { piece: { file, inspection, isFirst: true, linesBefore: 0 }, columns: readColumns(inspection, job.settings, job.columnNames) }
}

/** Reads a Parquet object: as it is, byte by byte, when nothing in it has to change; else its rows are written anew. */
export async function readParquet(context: ReadContext, object: ListedObject): Promise<ReadObject> {
  const { digest, ...file } = await fetchWhole(context, object, 'parquet')
  const { piece, columns } = await inspectParquet(context, file)
  if (isKeptAsItIs(piece.inspection, columns)) {
    const kept = columns.map(({ name, physical, type }) => ({ source: name, name: physical, type }))
    foundIn(context, object, [{ path: file.path, rows: piece.inspection.rows ?? 0, columns }], piece.inspection.notes)
    return { object, ...filesOfObject(context, object, [{ path: file.path, rows: piece.inspection.rows ?? 0, columns: kept }]), digest }
  }
  const staged = await context.pool.use(file.address, (engine) => stagePiece(engine, context.format, piece, columns, context.scratch.file('parquet')))
  await fs.rm(file.path)
  foundIn(context, object, [staged], piece.inspection.notes)
  return { object, ...filesOfObject(context, object, [laidOut(staged)]), digest }
}

function isKeptAsItIs({ keptAsIs, rows }: Inspection, columns: ReadColumn[]): boolean {
  return keptAsIs?.ok === true && rows !== null && columns.length > 0 && columns.every(({ as, type, isChosen }) => (!isChosen || as === type) && keptType(type) === type)
}
