import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { countMissing, sampleMissing, type Compared } from './compare-keys'
import { openEngine, type Engine } from './duckdb'
import { writeDataSql, writeDeletesSql } from './parquet-sql'
import type { TableFile, VersionColumn } from './version'

const column = (fieldId: number, name: string, type: string): VersionColumn => ({ fieldId, name, sourceName: name, sourceType: type, type, isPresent: true })
const ID = column(1, 'id', 'BIGINT')
const NAME = column(2, 'name', 'VARCHAR')
const MILLION = 1_000_000

let engine: Engine
let folder: string
beforeEach(async () => {
  engine = await openEngine(new AbortController().signal)
  folder = mkdtempSync(path.join(tmpdir(), 'keys-'))
})
afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const localPath = (key: string) => path.join(folder, key)

async function file(key: string, sql: string, columns: VersionColumn[]): Promise<TableFile> {
  return { path: key, rows: await engine.run(writeDataSql(sql, localPath(key), columns)), bytes: 0 }
}

it('rows whose key did not come are counted and shown, of millions in parts of the keys, of another type too, but not those that were deleted before', async () => {
  const rows = (from: number, to: number) => `SELECT range AS id, 'row ' || range AS name FROM range(${from}, ${to})`
  const dataFiles = [await file('b', rows(0, 3 * MILLION), [ID, NAME]), await file('a', rows(3 * MILLION, 4.5 * MILLION), [ID, NAME])]
  const deletes = { path: 'deletes', rows: 3, bytes: 0 }
  await engine.run(writeDeletesSql(`SELECT * FROM (VALUES ('b', 1007::BIGINT), ('b', 5::BIGINT), ('a', 7::BIGINT)) AS v(file_path, pos)`, localPath('deletes')))
  const former = { schemaId: 's', workspaceId: 'w', tableName: 't', version: 1, columns: [ID, NAME], cursor: null, rows: 0, bytes: 0, dataFiles, deleteFiles: [deletes], manifest: null }
  for (const type of ['BIGINT', 'INTEGER']) {
    const staged = column(1, 'id', type)
    const came = await file(`staged-${type}`, `SELECT range::${type} AS id FROM range(5000000) WHERE range % 1000 <> 7`, [staged])
    const compared: Compared = { former, staged: [localPath(came.path)], keys: [{ former: ID, staged }], localPath }
    expect([type, await countMissing(engine, compared)]).toEqual([type, 4_500 - 2])
    const shown = await sampleMissing(engine, compared, { columns: [{ former: ID, staged }, { former: NAME, staged: null }], rows: 5_000, letters: 120 })
    const ids = shown.map(({ before: [id] }) => Number(id)).sort((one, other) => one - other)
    expect(ids).toEqual(Array.from({ length: 4_500 }, (_, number) => number * 1_000 + 7).filter((id) => id !== 1_007 && id !== 3 * MILLION + 7))
    expect(shown.every(({ before: [id, name], after }) => name === `row ${id}` && after === null)).toBe(true)
  }
})
