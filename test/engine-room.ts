import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { openEngine, type Engine } from '@/lib/warehouse/duckdb'
import { writeDataSql, writeDeletesSql } from '@/lib/warehouse/parquet-sql'
import { quoteLiteral } from '@/lib/warehouse/sql-text'
import type { TableFile, TableSnapshot, VersionColumn } from '@/lib/warehouse/version'

/** A row that is deleted: the key of its file, and its number there. */
export type Place = [key: string, pos: number]

let engine: Engine
let folder: string

/** An engine and a folder of its own for each test of the file that calls this. */
export function makeEngineRoom(): void {
  beforeEach(async () => {
    engine = await openEngine(new AbortController().signal)
    folder = mkdtempSync(path.join(tmpdir(), 'engine-'))
  })
  afterEach(async () => {
    await engine.close()
    rmSync(folder, { recursive: true })
  })
}

export const theEngine = (): Engine => engine
export const localPath = (key: string): string => path.join(folder, key)
export const versionColumn = (fieldId: number, name: string, type: string): VersionColumn => ({ fieldId, name, sourceName: name, sourceType: type, type, isPresent: true })

export async function dataFile(key: string, sql: string, columns: VersionColumn[]): Promise<TableFile> {
  return { path: key, rows: await engine.run(writeDataSql(sql, localPath(key), columns)), bytes: 0 }
}

export async function deleteFile(key: string, places: Place[]): Promise<TableFile> {
  const values = places.map(([file, pos]) => `(${quoteLiteral(file)}, ${pos}::BIGINT)`).join(', ')
  return { path: key, rows: await engine.run(writeDeletesSql(`SELECT * FROM (VALUES ${values}) AS v(file_path, pos)`, localPath(key))), bytes: 0 }
}

export function snapshotOfFiles(columns: VersionColumn[], dataFiles: TableFile[], deleteFiles: TableFile[]): TableSnapshot {
  return { schemaId: 's', workspaceId: 'w', tableName: 't', version: 1, columns, cursor: null, rows: 0, bytes: 0, dataFiles, deleteFiles, manifest: null }
}
