import type { ListedObject } from '@/lib/connectors/objects/object-access'
import type { FileLayout } from '@/lib/warehouse/version'
import type { StagedFile } from '../stage'
import { addressOf, type ReadContext } from './read-context'
import { layoutColumns, type StagedPiece } from './stage-piece'

/** An object that was read to its end, in one state. */
export interface ReadObject {
  object: ListedObject
  files: StagedFile[]
  rows: number
  /** SHA-256 of its bytes, where the store has no fingerprint. */
  digest: string | null
}

/** The data files of one object, in the order of its rows. */
export function filesOfObject(context: ReadContext, { key, modifiedAt }: ListedObject, pieces: (Pick<StagedPiece, 'path' | 'rows'> & { columns: FileLayout['columns'] })[]): { files: StagedFile[]; rows: number } {
  const address = addressOf(context, key)
  let rowsBefore = 0
  const files: StagedFile[] = []
  for (const { path, rows, columns } of pieces) {
    const layout: FileLayout = { columns, object: { key, address, modifiedAt, syncedAt: context.syncedAt, runId: context.job.runId, rowsBefore } }
    if (rows > 0) files.push({ path, rows, layout })
    rowsBefore += rows
  }
  return { files, rows: rowsBefore }
}

/** Tells the run which columns the pieces have, as what they were read, and what is to be known of the file. */
export function foundIn(context: ReadContext, object: ListedObject, pieces: StagedPiece[], notes: string[]): void {
  context.found.addNotes(notes, addressOf(context, object.key))
  for (const { columns } of pieces) context.found.add(columns.map((column) => ({ ...column, type: column.as })), addressOf(context, object.key))
}

export function laidOut({ path, rows, columns }: StagedPiece) {
  return { path, rows, columns: layoutColumns(columns) }
}
