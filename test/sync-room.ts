import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { findSnapshot } from '@/lib/db/versions'
import type { TablesConnector, DiscoveredSchema } from '@/lib/connectors/contract'
import type { SyncJob, SyncReport } from '@/lib/pipeline/types'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { openEngine } from '@/lib/warehouse/duckdb'
import { objectStore } from '@/lib/warehouse/object-store'
import { scanSql } from '@/lib/warehouse/scan-sql'
import { makeScratch } from '@/lib/warehouse/scratch'
import type { TableSnapshot } from '@/lib/warehouse/version'
import { makeSource } from './factories'

export type Schema = { workspaceId: string; sourceId: string; schemaId: string }

/** A schema as a row, with nothing synced yet. */
export async function makeSchema(): Promise<Schema> {
  const { workspaceId, sourceId, schemaIds } = await makeSource(1)
  return { workspaceId, sourceId, schemaId: String(schemaIds[0]) }
}

/** A run row with a lease that a worker holds; the run it replaces, if any, is over. */
export async function claimedRun(schema: Schema): Promise<{ runId: string; fence: number }> {
  await endRuns(schema)
  const runId = newId()
  await prisma().syncRun.create({ data: { ...schema, id: runId, status: 'running', trigger: 'manual', fence: 1, startedAt: new Date() } })
  return { runId, fence: 1 }
}

export async function endRuns({ schemaId }: Schema): Promise<void> {
  await prisma().syncRun.updateMany({ where: { schemaId, status: { in: ['queued', 'running'] } }, data: { status: 'completed' } })
}

/** What is upstream in a test. */
export interface SyncSource {
  connector: TablesConnector
  discovered: DiscoveredSchema
  primaryKey: string[]
}

export type JobChange = Partial<SyncJob>

/** A job that syncs a source, full table unless told otherwise. */
export function jobFor(schema: Schema, run: { runId: string; fence: number }, source: SyncSource, change: JobChange = {}): SyncJob {
  return {
    workspaceId: schema.workspaceId,
    schemaId: schema.schemaId,
    ...run,
    tableName: 'things',
    connector: source.connector,
    config: {},
    discovered: source.discovered,
    method: 'full',
    replicationKey: null,
    keyColumns: source.primaryKey,
    columnNames: null,
    isFull: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: () => undefined,
    ...change,
  }
}

/** Claim a run, do the work of it, end it. */
export async function inRun<T>(schema: Schema, work: (run: { runId: string; fence: number }) => Promise<T>): Promise<T> {
  const run = await claimedRun(schema)
  try {
    return await work(run)
  } finally {
    await endRuns(schema)
  }
}

/** Sync a source in a run of its own. */
export async function sync(schema: Schema, source: SyncSource, change: JobChange = {}): Promise<SyncReport> {
  return inRun(schema, (run) => runPipeline(jobFor(schema, run, source, change)))
}

export async function snapshotOf(schema: Schema, version?: number): Promise<TableSnapshot> {
  const snapshot = await findSnapshot(schema.workspaceId, schema.schemaId, version)
  if (!snapshot) throw new Error('There is no such version')
  return snapshot
}

/** The table's rows as texts, without our own columns, in the order of the given expression. */
export async function tableRows(schema: Schema, { version, select, order = 'ALL' }: { version?: number; select?: string; order?: string } = {}): Promise<(string | null)[][]> {
  const snapshot = await snapshotOf(schema, version)
  const [engine, scratch] = await Promise.all([openEngine(new AbortController().signal), makeScratch(newId())])
  try {
    const local = await scratch.hold([...snapshot.dataFiles, ...snapshot.deleteFiles])
    const columns = select ?? 'CAST(COLUMNS(* EXCLUDE (_synced_at, _run_id)) AS VARCHAR)'
    const rows = await engine.rows(`SELECT ${columns} FROM (${scanSql(snapshot, local)}) ORDER BY ${order}`)
    return rows.map((row) => row.map((value) => (value === null ? null : String(value))))
  } finally {
    await engine.close()
    await scratch.remove()
  }
}

/** The table's rows by the names of their columns upstream, as texts. */
export async function tableObjects(schema: Schema): Promise<Record<string, string | null>[]> {
  const names = (await snapshotOf(schema)).columns.flatMap(({ sourceName }) => sourceName ?? [])
  return (await tableRows(schema)).map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])))
}

/** Every file under the warehouse folder, by key. */
export async function storedKeys(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of objectStore().list()) keys.push(key)
  return keys.sort()
}
