import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'
import type { DeltaFile } from '@/lib/warehouse/formats/delta/delta-actions'
import { deltaColumns } from '@/lib/warehouse/formats/delta/delta-select'
import { planDeltaLog } from '@/lib/warehouse/formats/delta/plan-delta-log'
import { readDeltaLog, readSidecarNames, type DeltaTable } from '@/lib/warehouse/formats/delta/read-delta-log'
import type { FileColumn } from '@/lib/warehouse/formats/format'
import { csvLine } from '@/lib/warehouse/manifest'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { EnginePool } from './engine-pool'
import { fetchToFile } from './fetch/fetch-to-file'

/** A Delta table as its log has it, and the objects that it is made of. */
export interface DeltaRead {
  root: string
  table: DeltaTable
  /** Of the table, as its rows are selected. */
  columns: FileColumn[]
  /** The data files, by their keys. */
  files: Map<string, { entry: DeltaFile; object: ListedObject }>
  /** Everything below the table, by key. */
  objects: Map<string, ListedObject>
}

interface Tools {
  access: ObjectAccess
  scratch: Scratch
  pool: EnginePool
  signal: AbortSignal
}

/** Reads the log of a table: of all objects below it, those that are the table now. */
export async function openDelta(tools: Tools, onListed: (objects: number) => void): Promise<DeltaRead> {
  const { access, signal } = tools
  const objects = new Map<string, ListedObject>()
  for await (const page of access.list(signal)) {
    for (const object of page) objects.set(object.key, object)
    onListed(objects.size)
  }
  const plan = planDeltaLog(objects.keys())
  const fetchAll = async (keys: string[]) => {
    const paths: string[] = []
    for (const key of keys) paths.push(await fetchLog(tools, objects, key))
    return paths
  }
  const paths = await fetchAll(plan.checkpoint?.keys ?? [])
  const address = `${access.addressPrefix}${plan.root}_delta_log/`
  const names = paths.length ? await tools.pool.use(address, (engine) => readSidecarNames(engine, paths)) : []
  const sidecars = await fetchAll(names.map((name) => `${plan.root}_delta_log/_sidecars/${name}`))
  const commits = await fetchAll(plan.commits.map(({ key }) => key))
  const log = { version: plan.version, checkpoint: plan.checkpoint ? { paths, sidecars } : null, commits: plan.commits.map(({ version }, index) => ({ version, path: commits[index] ?? '' })) }
  const table = await tools.pool.use(address, (engine) => readDeltaLog(engine, log))
  const columns = await tools.pool.use(address, (engine) => deltaColumns(engine, table))
  await Promise.all([...paths, ...sidecars, ...commits].map((path) => fs.rm(path, { force: true })))
  return { root: plan.root, table, columns, files: filesOf(table, plan.root, objects, access), objects }
}

async function fetchLog({ access, scratch, signal }: Tools, objects: Map<string, ListedObject>, key: string): Promise<string> {
  const object = objects.get(key)
  if (!object) throw missing(`${access.addressPrefix}${key}`)
  const path = scratch.file(key.endsWith('.json') ? 'json' : 'parquet')
  await fetchToFile(access, object, path, signal)
  return path
}

function filesOf({ files }: DeltaTable, root: string, objects: Map<string, ListedObject>, access: ObjectAccess): DeltaRead['files'] {
  return new Map(files.map((entry) => {
    const key = `${root}${entry.path}`
    const object = objects.get(key)
    if (!object) throw missing(`${access.addressPrefix}${key}`)
    return [key, { entry, object }] as const
  }))
}

/** The data files as a listing: what is in the log of a file decides whether it is another one, and so do the columns of the table. */
export async function writeDeltaListing({ table, files }: DeltaRead, path: string): Promise<void> {
  const columns = createHash('sha256').update(JSON.stringify([table.columns, table.partitionColumns, table.mapping])).digest('base64url')
  const handle = await fs.open(path, 'w', 0o600)
  try {
    for (const [key, { entry }] of files) await handle.writeFile(csvLine([key, `${entry.fingerprint} ${columns}`, entry.bytes, entry.modifiedAt]))
  } finally {
    await handle.close()
  }
}

export function missing(address: string): AppError {
  return new AppError('conflict', { title: `${address} is not there`, detail: 'The log of the Delta table names it', advice: 'It was vacuumed, or the log changed while it was read: sync again' }, { isRetryable: true })
}
