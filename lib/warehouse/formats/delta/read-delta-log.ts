import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Engine } from '../../duckdb'
import { quoteIdentifier } from '../../sql-text'
import { fieldKey, parseType } from '../../types/type-name'
import { readFooter } from '../parquet/footer'
import { readSql } from '../parquet/read-sql'
import { DeltaAction, DeltaState, type DeltaFile } from './delta-actions'
import { deltaProblem } from './delta-problem'
import { parseDeltaSchema, type DeltaField } from './delta-schema'

/** What a Delta table is now. */
export interface DeltaTable {
  version: number
  columns: DeltaField[]
  /** Names in the files of the columns whose values are in the log. */
  partitionColumns: string[]
  /** How a column is found in a file: by its name there, or by its id. */
  mapping: 'name' | 'id'
  files: DeltaFile[]
  notes: string[]
}

/** The objects of the log on this machine (`planDeltaLog`). */
export interface DeltaLogFiles {
  version: number
  checkpoint: { paths: string[]; /** Of a checkpoint of the second form (`readSidecarNames`). */ sidecars: string[] } | null
  /** In the order of their versions. */
  commits: { version: number; path: string }[]
}

/** Rows of a checkpoint that are taken at once. */
const ROWS_AT_ONCE = 20_000
/** The fields of an action that are read; statistics take most of a checkpoint and are not. */
const FIELDS: Record<string, string[]> = {
  add: ['path', 'partitionValues', 'size', 'modificationTime', 'deletionVector'],
  metaData: ['schemaString', 'partitionColumns', 'configuration', 'format'],
  protocol: ['minReaderVersion', 'readerFeatures'],
  sidecar: ['path'],
}

export async function readDeltaLog(engine: Engine, log: DeltaLogFiles): Promise<DeltaTable> {
  const state = new DeltaState()
  for (const path of [...(log.checkpoint?.paths ?? []), ...(log.checkpoint?.sidecars ?? [])]) await readCheckpoint(engine, path, state)
  if (state.sidecars.length !== (log.checkpoint?.sidecars.length ?? 0)) throw deltaProblem('A part of its checkpoint is missing')
  for (const { path } of log.commits) state.apply(await readLines(path))
  const metadata = state.checkProtocol()
  const mode = metadata.configuration?.['delta.columnMapping.mode'] ?? 'none'
  if (!['none', 'name', 'id'].includes(mode)) throw deltaProblem(`Its columns are mapped in a way that is not understood: ${mode}`)
  const columns = parseDeltaSchema(metadata.schemaString, mode !== 'none')
  const partitionColumns = (metadata.partitionColumns ?? []).map((name) => columns.find((column) => column.name === name)?.physical ?? name)
  return { version: log.version, columns, partitionColumns, mapping: mode === 'id' ? 'id' : 'name', files: state.current(), notes: notesOf(state.current()) }
}

/** The objects in `_delta_log/_sidecars/` that belong to a checkpoint; none of the classic form has any. */
export async function readSidecarNames(engine: Engine, checkpoint: string[]): Promise<string[]> {
  const state = new DeltaState()
  for (const path of checkpoint) await readCheckpoint(engine, path, state)
  for (const name of state.sidecars) if (name.includes('/') || name.includes('..')) throw deltaProblem(`A part of its checkpoint lies outside of the log: ${name.slice(0, 200)}`)
  return state.sidecars
}

function notesOf(files: DeltaFile[]): string[] {
  const deleted = files.reduce((sum, file) => sum + (file.deletionVector?.cardinality ?? 0), 0)
  return deleted ? [`${deleted} rows are left out, which deletion vectors name`] : []
}

async function readCheckpoint(engine: Engine, path: string, state: DeltaState): Promise<void> {
  if (path.endsWith('.json')) return state.apply(await readLines(path))
  const { rows } = await readFooter({ path, bytes: 0, address: 'The checkpoint in _delta_log' })
  const actions = await actionSql(engine, path)
  if (!actions.length) return
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const found = await engine.rows(`SELECT to_json({${actions.join(', ')}})::VARCHAR FROM ${readSql(path, true)} WHERE file_row_number >= ${from} AND file_row_number < ${from + ROWS_AT_ONCE}`)
    state.apply(found.map(([text]) => parseAction(String(text))))
  }
}

/** The columns of a checkpoint differ by who wrote it. */
async function actionSql(engine: Engine, path: string): Promise<string[]> {
  const columns = await engine.rows(`DESCRIBE SELECT * FROM ${readSql(path)}`)
  return columns.flatMap(([name, text]) => {
    const wanted = FIELDS[String(name)]
    if (!wanted) return []
    const type = parseType(String(text))
    if (type.kind !== 'struct') throw deltaProblem(`Its checkpoint holds ${String(name)} in a form that is not understood`)
    const known = new Set(type.fields.map(fieldKey))
    const column = quoteIdentifier(String(name))
    const fields = wanted.filter((field) => known.has(field.toLowerCase())).map((field) => `'${field}': ${column}.${quoteIdentifier(field)}`)
    return fields.length ? [`'${String(name)}': CASE WHEN ${column} IS NULL THEN NULL ELSE {${fields.join(', ')}} END`] : []
  })
}

async function readLines(path: string): Promise<DeltaAction[]> {
  const actions: DeltaAction[] = []
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity })
  for await (const line of lines) if (line.trim() !== '') actions.push(parseAction(line))
  return actions
}

function parseAction(line: string): DeltaAction {
  try {
    return DeltaAction.parse(JSON.parse(line))
  } catch (error) {
    throw deltaProblem(`Its log holds a line that is not understood: ${line.slice(0, 200)}`, undefined, error)
  }
}
