import fs from 'node:fs/promises'
import type { ListedObject } from '@/lib/connectors/objects/object-access'
import { deltaSelectSql, writeDeletedRows } from '@/lib/warehouse/formats/delta/delta-select'
import type { DeltaFile } from '@/lib/warehouse/formats/delta/delta-actions'
import type { ReadColumn } from '@/lib/warehouse/formats/format'
import { writeLaidOutSql } from '@/lib/warehouse/parquet-sql'
import { missing, type DeltaRead } from './delta'
import { fetchToFile } from './fetch/fetch-to-file'
import { fetchWhole } from './fetch-whole'
import { addressOf, type ReadContext } from './read-context'
import { filesOfObject, foundIn, laidOut, type ReadObject } from './read-object'
import { inspectParquet } from './read-parquet'
import { numbered } from './stage-piece'

/** A SELECT of the rows of one data file of a Delta table that are not deleted, and what it needs of this machine. */
export async function deltaRows(context: ReadContext, { table, columns: all, root, objects }: DeltaRead, entry: DeltaFile, object: ListedObject): Promise<{ select: string; address: string; columns: ReadColumn[]; files: string[] }> {
  const { digest: _, ...file } = await fetchWhole(context, object, 'parquet')
  const { piece } = await inspectParquet(context, file)
  const files = [file.path]
  let deletedRows: string | null = null
  if (entry.deletionVector) {
    const { place } = entry.deletionVector
    const vector = place.kind === 'object' ? await fetchVector(context, objects.get(`${root}${place.path}`), `${root}${place.path}`) : null
    deletedRows = context.scratch.file('csv')
    await writeDeletedRows(entry, vector, deletedRows)
    files.push(deletedRows, ...(vector ? [vector] : []))
  }
  const columns = all.filter(({ name }) => context.job.columnNames === null || context.job.columnNames.includes(name)).map((column) => ({ ...column, as: column.type, isChosen: false }))
  return { select: deltaSelectSql(entry, { file, inspection: piece.inspection, deletedRows }, table), address: file.address, columns, files }
}

async function fetchVector(context: ReadContext, object: ListedObject | undefined, key: string): Promise<string> {
  if (!object) throw missing(addressOf(context, key))
  const path = context.scratch.file('bin')
  await fetchToFile(context.access, object, path, context.signal)
  return path
}

/** Reads a data file of a Delta table: its columns are those of the table, whatever the file calls them. */
export async function readDelta(context: ReadContext, delta: DeltaRead, entry: DeltaFile, object: ListedObject): Promise<ReadObject> {
  const { select, address, columns, files } = await deltaRows(context, delta, entry, object)
  const path = context.scratch.file('parquet')
  const rows = await context.pool.use(address, (engine) => engine.run(writeLaidOutSql(numbered(select, columns), path)))
  await Promise.all(files.map((file) => fs.rm(file, { force: true })))
  const staged = { path, rows, columns }
  foundIn(context, object, [staged], delta.table.notes)
  return { object, ...filesOfObject(context, object, [laidOut(staged)]), digest: null }
}
