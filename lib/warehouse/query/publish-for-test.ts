import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { objectStore } from '../object-store'
import { writeDataSql, writeDeletesSql } from '../parquet-sql'
import { quoteLiteral } from '../sql-text'
import type { TableFile, VersionColumn } from '../version'
import type { NamedTable } from './types'

export interface TestTable {
  name: string
  dottedName?: string
  workspaceId?: string
  schemaId?: string
  /** A SELECT; one data file for each. */
  files: string[]
  columns: Record<string, string>
  /** Row numbers that are deleted, by data file. */
  deleted?: Record<number, number[]>
}

/** Real data and delete files of a table, put into the object store as a sync would; for tests. */
export async function publishForTest(table: TestTable): Promise<NamedTable> {
  const instance = await DuckDBInstance.create(':memory:')
  const engine = await instance.connect()
  const { name, workspaceId = newId(), schemaId = newId() } = table
  const columns = Object.entries(table.columns).map(([column, type], index): VersionColumn => ({ fieldId: index + 1, name: column, sourceName: column, sourceType: type, type, isPresent: true }))
  const folder = path.join(dataFolder(), 'made')
  await mkdir(folder, { recursive: true })
  const publish = async (kind: 'data' | 'deletes', statement: (file: string) => string): Promise<TableFile> => {
    const id = newId()
    const local = path.join(folder, `${id}.parquet`)
    const reader = await engine.runAndReadAll(statement(local))
    const key = `${workspaceId}/${schemaId}/${kind}/${id}.parquet`
    const bytes = await objectStore().put(key, local)
    return { path: key, rows: Number(reader.getRows()[0]?.[0]), bytes }
  }
  const dataFiles: TableFile[] = []
  for (const query of table.files) dataFiles.push(await publish('data', (file) => writeDataSql(query, file, columns)))
  const places = Object.entries(table.deleted ?? {}).flatMap(([file, rows]) => rows.map((row) => `(${quoteLiteral(dataFiles[Number(file)]?.path ?? '')}, ${row}::BIGINT)`))
  const deleteFiles = places.length > 0 ? [await publish('deletes', (file) => writeDeletesSql(`SELECT * FROM (VALUES ${places.join(', ')}) AS t(file_path, pos)`, file))] : []
  engine.closeSync()
  instance.closeSync()
  const rows = dataFiles.reduce((sum, file) => sum + file.rows, 0) - places.length
  const bytes = dataFiles.reduce((sum, file) => sum + file.bytes, 0)
  return { name, dottedName: table.dottedName ?? name.replace('_', '.'), snapshot: { schemaId, workspaceId, tableName: name, version: 1, columns, cursor: null, rows, bytes, dataFiles, deleteFiles, manifest: null } }
}
