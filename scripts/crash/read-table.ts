import { newId } from '@/lib/core/ids'
import { findSnapshot } from '@/lib/db/versions'
import { openEngine } from '@/lib/warehouse/duckdb'
import { scanSql } from '@/lib/warehouse/scan-sql'
import { makeScratch } from '@/lib/warehouse/scratch'
import type { History } from './generate'
import { columns, keyOf, textOf, type Row, type Table } from './source-model'

export interface Found {
  version: number
  table: Table
  /** What is wrong with the version beside its rows. */
  trouble: string[]
}

/** A version of a table as the product reads it, the current one unless told otherwise; null without one. */
export async function readTable(workspaceId: string, schemaId: string, key: History['key'], version?: number): Promise<Found | null> {
  const snapshot = await findSnapshot(workspaceId, schemaId, version)
  if (!snapshot) return null
  const [engine, scratch] = await Promise.all([openEngine(new AbortController().signal), makeScratch(newId())])
  try {
    const local = await scratch.hold([...snapshot.dataFiles, ...snapshot.deleteFiles])
    const select = columns.map((column) => (column === 'changed_at' ? 'epoch_us("changed_at")::VARCHAR' : `"${column}"::VARCHAR`)).join(', ')
    const rows = (await engine.rows(`SELECT ${select} FROM (${scanSql(snapshot, local)})`)).map(asRow)
    const table = new Map(rows.map((row) => [keyOf({ key }, row), textOf(row)]))
    const trouble = [
      ...(table.size === rows.length ? [] : [`${rows.length - table.size} keys are there more than once`]),
      ...(snapshot.rows === rows.length ? [] : [`the version says that it has ${snapshot.rows} rows, and it has ${rows.length}`]),
    ]
    return { version: snapshot.version, table, trouble }
  } finally {
    await engine.close()
    await scratch.remove()
  }
}

function asRow(values: unknown[]): Row {
  const text = (index: number) => (values[index] === null || values[index] === undefined ? null : String(values[index]))
  const [id, part, code, rev, changedAt, amount = null, flag = null, born = null, note = null] = columns.map((_, index) => text(index))
  return { id: id ?? '', part: part ?? '', code: code ?? '', rev: rev ?? '', changed_at: changedAt ?? '', amount, flag, born, note }
}
