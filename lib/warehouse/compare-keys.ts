import { innerName } from './column-sql'
import type { Engine } from './duckdb'
import { count } from './merge'
import { livingSql } from './merge-sql'
import { distinctColumns } from './merge-tracked-sql'
import { dataFilesSql, numberedDataFilesSql, numberSql, placedDataFilesSql } from './parquet-sql'
import { deletedPlacesSql } from './scan-sql'
import { quoteLiteral, quotePath, quotePaths } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

/** A key column as the files of the former version have it, and as the staged ones do. */
export interface ComparedKey {
  former: VersionColumn
  staged: VersionColumn
}

/** The former version, and the local files that would take its place or be merged into it. */
export interface Compared {
  former: TableSnapshot
  staged: string[]
  keys: ComparedKey[]
  localPath(key: string): string
}

/** A row in texts, as it was and as it would be; `after` is null for one that would be gone. */
export interface ComparedRow {
  before: (string | null)[]
  after: (string | null)[] | null
}

export interface SampleOptions {
  /** The columns to show, as the former version and as the staged files have them; `staged` is null where these do not. */
  columns: { former: VersionColumn; staged: VersionColumn | null }[]
  rows: number
  letters: number
}

/** So many keys are held in memory at a time, some 30 bytes each; each part reads all keys, so that with more than these parts they get bigger, and what the engine has no room for is spilled. */
const KEYS_AT_ONCE = 2_000_000
const PARTS_MAX = 16

/** How many rows of the former version have a key that no staged row has. Reads the key columns alone, once for each part of the keys. */
export async function countMissing(engine: Engine, compared: Compared): Promise<number> {
  return withMissing(engine, compared, (missing) => count(engine, `SELECT count(*) FROM (${missing})`))
}

/** Some of the rows that `countMissing` counts. */
export async function sampleMissing(engine: Engine, compared: Compared, { columns, rows, letters }: SampleOptions): Promise<ComparedRow[]> {
  const { former, localPath } = compared
  const carried = columns.map((column) => column.former)
  const paths = former.dataFiles.map(({ path }) => localPath(path))
  const found = await withMissing(engine, compared, (missing) => engine.rows(`
    SELECT ${textsSql('v', carried, letters)} FROM ${numberedDataFilesSql(paths, carried)} AS v SEMI JOIN (${missing} LIMIT ${rows}) AS m ON m.file = v.file AND m.pos = v.pos`))
  return found.map((before) => ({ before: before.map(asText), after: null }))
}

/** `missing`: a SELECT of the places (number of the file, pos) of rows of the former version whose key did not come. */
async function withMissing<T>(engine: Engine, { former, staged, keys, localPath }: Compared, read: (missing: string) => Promise<T>): Promise<T> {
  const paths = former.dataFiles.map(({ path }) => localPath(path))
  const stagedRows = staged.length ? await count(engine, `SELECT count(*) FROM read_parquet(${quotePaths(staged)})`) : 0
  const parts = Math.min(Math.max(1, Math.ceil(stagedRows / KEYS_AT_ONCE)), PARTS_MAX)
  await engine.run('CREATE OR REPLACE TEMP TABLE missing (file INTEGER, pos BIGINT)')
  try {
    for (let part = 0; part < parts; part++) {
      const ofPart = (rows: string, side: keyof ComparedKey) => (parts > 1 ? ` WHERE hash(${keyValues(rows, side, keys).join(', ')}) % ${parts} = ${part}` : '')
      const before = `SELECT v.* FROM ${placedDataFilesSql(paths, keys.map((key) => key.former))} AS v${ofPart('v', 'former')}`
      const came = staged.length ? ` ANTI JOIN (SELECT s.* FROM ${dataFilesSql(staged, keys.map((key) => key.staged))} AS s${ofPart('s', 'staged')}) AS s ON ${sameKeySql('v', 's', keys)}` : ''
      await engine.run(`INSERT INTO missing SELECT ${numberSql(paths, 'file')}, pos FROM (SELECT v.file, v.pos FROM (${before}) AS v${came})`)
    }
    return await read(livingSql('missing', former, localPath))
  } finally {
    await engine.run('DROP TABLE IF EXISTS missing').catch(() => undefined)
  }
}

/** Some of the rows that a file of position deletes takes out of the former version, each with the staged row of its key. */
export async function sampleReplaced(engine: Engine, compared: Compared, deletes: { file: string; replacesFormer: boolean }, { columns, rows, letters }: SampleOptions): Promise<ComparedRow[]> {
  const { former, staged, keys, localPath } = compared
  const places = await engine.rows(`SELECT file, pos FROM ${newPlacesSql(former, deletes, localPath)} LIMIT ${rows}`)
  if (!places.length) return []
  const files = [...new Set(places.map(([file]) => String(file)))]
  const atPlaces = `(f.file, f.pos) IN (${places.map(([file, pos]) => `(${quoteLiteral(String(file))}, ${Number(pos)})`).join(', ')})`
  const own = columns.map((column) => column.former)
  const before = `(SELECT * FROM ${placedDataFilesSql(files, distinctColumns([...keys.map((key) => key.former), ...own]))} AS f WHERE ${atPlaces})`
  if (!staged.length || !keys.length) return (await engine.rows(`SELECT ${textsSql('b', own, letters)} FROM ${before} AS b`)).map((row) => ({ before: row.map(asText), after: null }))
  const theirs = columns.flatMap((column) => column.staged ?? [])
  const after = placedDataFilesSql(staged, distinctColumns([...keys.map((key) => key.staged), ...theirs]))
  const shown = columns.map((column) => (column.staged ? textSql('a', column.staged, letters) : 'NULL')).join(', ')
  const found = await engine.rows(`SELECT ${textsSql('b', own, letters)}, a.pos IS NOT NULL, ${shown} FROM ${before} AS b LEFT JOIN ${after} AS a ON ${sameKeySql('b', 'a', keys)} LIMIT ${rows}`)
  return found.map((row) => {
    const texts = row.map(asText)
    return { before: texts.slice(0, own.length), after: row[own.length] === true ? texts.slice(own.length + 1) : null }
  })
}

function sameKeySql(former: string, staged: string, keys: ComparedKey[]): string {
  const theirs = keyValues(staged, 'staged', keys)
  return keyValues(former, 'former', keys).map((ours, index) => `${ours} IS NOT DISTINCT FROM ${theirs[index]}`).join(' AND ')
}

/** A key may have got another type: then its texts are compared. */
function keyValues(rows: string, side: keyof ComparedKey, keys: ComparedKey[]): string[] {
  return keys.map((key) => {
    const value = `${rows}.${innerName(key[side])}`
    return key.former.type === key.staged.type ? value : `CAST(${value} AS VARCHAR)`
  })
}

/** The places of a new delete file that the former ones do not name, as (file: local path, pos). */
function newPlacesSql(former: TableSnapshot, { file, replacesFormer }: { file: string; replacesFormer: boolean }, localPath: (key: string) => string): string {
  const keys = `[${former.dataFiles.map(({ path }) => quoteLiteral(path)).join(', ')}]`
  const paths = `[${former.dataFiles.map(({ path }) => quoteLiteral(localPath(path))).join(', ')}]`
  const places = `(SELECT ${paths}[list_position(${keys}, file_path)] AS file, pos FROM read_parquet(${quotePath(file)}))`
  return replacesFormer ? `${places} AS p ANTI JOIN ${deletedPlacesSql(former, localPath)} AS d ON d.file = p.file AND d.pos = p.pos` : `${places} AS p`
}

function textsSql(from: string, columns: VersionColumn[], letters: number): string {
  return columns.map((column) => textSql(from, column, letters)).join(', ')
}

function textSql(from: string, column: VersionColumn, letters: number): string {
  return `left(CAST(${from}.${innerName(column)} AS VARCHAR), ${letters})`
}

function asText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
