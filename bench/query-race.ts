import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { dataFolder } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { listSchemas } from '@/lib/db/schemas'
import { findSnapshot } from '@/lib/db/versions'
import { runQuery } from '@/lib/sql-editor/run-query'
import { findDeletionVector, makeDeletionVector } from '@/lib/warehouse/query/deletion-vectors'
import { coolDownQueries, warmUpQueries } from '@/lib/warehouse/query/query-queue'
import { objectStore } from '@/lib/warehouse/object-store'
import { scanSql } from '@/lib/warehouse/scan-sql'
import type { TableSnapshot } from '@/lib/warehouse/version'
import { changeRows, makeBenchTable } from './bench-table'
import type { Bench } from './bench-workspace'
import { median, type Measure } from './measure'

const ROUNDS = 9
/** What a waiting process needs to get ready. */
const SPARE_MS = 1_000
/** Of a hundred rows, how many are deleted positions. */
const DELETED_OF_HUNDRED = 5

const LIGHT = { name: 'light aggregate', sql: (from: string) => `select count(*), sum(amount) from ${from}` }
const HEAVY = {
  name: 'heavy aggregate',
  sql: (from: string) => `select status, is_paid, count(*), sum(amount), avg(weight), max(updated_at), min(ordered_on), max(length(note)) from ${from} group by all order by all`,
}

/** Aggregates over a synced table, fresh and with deleted positions, against bare DuckDB on one Parquet file of the same rows. */
export async function queryRace(bench: Bench, rows: number): Promise<Measure[]> {
  const table = await makeBenchTable(bench.sourceUrl, rows)
  const sourceId = await bench.link(table, 'query')
  await bench.sync(sourceId, table, 'full')
  const schema = (await listSchemas(bench.workspaceId, { sourceId })).find(({ name }) => name === table)
  const snapshot = async () => {
    const found = schema && (await findSnapshot(bench.workspaceId, schema.id))
    if (!found) throw new Error(`${table} is not synced`)
    return found
  }
  const fresh = await raceTable(bench, await snapshot(), 'as synced', 1.3)
  const changed = (rows * DELETED_OF_HUNDRED) / 100
  await changeRows(bench.sourceUrl, table, changed, rows, 1)
  const { report } = await bench.sync(sourceId, table, 'incremental')
  if (report?.updated !== changed) throw new Error(`${report?.updated} rows were updated, not ${changed}`)
  const worn = await snapshot()
  const deleted = worn.deleteFiles.reduce((sum, file) => sum + file.rows, 0)
  if (deleted !== changed) throw new Error(`${deleted} positions are deleted, not ${changed}`)
  return [...fresh, ...(await raceTable(bench, worn, `${DELETED_OF_HUNDRED} % deleted`, 1.5))]
}

async function raceTable(bench: Bench, snapshot: TableSnapshot, what: string, bar: number): Promise<Measure[]> {
  const folder = path.join(dataFolder(), 'bench')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `version-${snapshot.version}.parquet`)
  const localPath = await objectStore().hold([...snapshot.dataFiles, ...snapshot.deleteFiles], folder)
  const connection = await bareDuckdb()
  await connection.run(`copy (${scanSql(snapshot, localPath)}) to '${file}' (format parquet, compression zstd)`)
  // the first query of a version has none yet, and has it made for the others
  await aPause()
  const first = await sandboxMs(bench, snapshot, LIGHT.sql)
  await makeDeletionVector(snapshot)
  const scan = scanSql(snapshot, localPath, (await findDeletionVector(snapshot)) ?? undefined)
  const measures: Measure[] = []
  for (const { name, sql } of [LIGHT, HEAVY]) {
    const theirs: number[] = []
    const inEngine: number[] = []
    const endToEnd: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await aPause()
      theirs.push(await queryMs(connection, sql(`'${file}'`)))
      inEngine.push(await queryMs(connection, sql(`(${scan})`)))
      endToEnd.push(await sandboxMs(bench, snapshot, sql))
    }
    const detail = (ms: number[]) => `${Math.round(median(ms))} ms against ${Math.round(median(theirs))} ms`
    measures.push(
      { name: `${name} of ${snapshot.rows.toLocaleString('en')} rows, ${what}, against bare DuckDB on one file`, value: median(inEngine) / median(theirs), unit: '×', bar, detail: detail(inEngine) },
      { name: `the same through the query sandbox`, value: median(endToEnd) / median(theirs), unit: '×', bar, detail: `${detail(endToEnd)}${sql === LIGHT.sql && snapshot.deleteFiles.length ? `; ${Math.round(first)} ms the first time` : ''}` },
    )
  }
  await coolDownQueries()
  return measures
}

/** As in the program that runs the pages, a process waits for the next query; people pause between two. */
async function aPause(): Promise<void> {
  warmUpQueries()
  await wait(SPARE_MS)
}

async function sandboxMs(bench: Bench, snapshot: TableSnapshot, sql: (from: string) => string): Promise<number> {
  const began = performance.now()
  await runQuery(bench.workspaceId, { sql: sql(snapshot.tableName), rowLimit: 1000 }, AbortSignal.timeout(60_000))
  return performance.now() - began
}

/** An engine with the threads that a query of the product has. */
async function bareDuckdb(): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(':memory:', { threads: String(limits.queryThreads) })).connect()
}

async function queryMs(connection: DuckDBConnection, sql: string): Promise<number> {
  const began = performance.now()
  await connection.runAndReadAll(sql)
  return performance.now() - began
}
