import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { dataFolder } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { listSchemas } from '@/lib/db/schemas'
import { findSnapshot } from '@/lib/db/versions'
import { runQuery } from '@/lib/sql-editor/run-query'
import { coolDownQueries, warmUpQueries } from '@/lib/warehouse/query/query-queue'
import { objectStore } from '@/lib/warehouse/object-store'
import { scanSql } from '@/lib/warehouse/scan-sql'
import type { Bench } from './bench-workspace'
import { median, type Measure } from './measure'

const ROUNDS = 9
/** What a waiting process needs to get ready. */
const SPARE_MS = 1_000

/** An aggregate over a synced table, fresh and with deletes, against bare DuckDB on one Parquet file of the same rows. */
export async function queryRace(bench: Bench): Promise<Measure[]> {
  return [...(await raceTable(bench, 'bench_full', 'as synced')), ...(await raceTable(bench, 'bench_big', 'after three rounds of changes'))]
}

async function raceTable(bench: Bench, table: string, what: string): Promise<Measure[]> {
  const schema = (await listSchemas(bench.workspaceId, {})).find((each) => each.name === table && each.currentVersion !== null)
  const snapshot = schema && (await findSnapshot(bench.workspaceId, schema.id))
  if (!snapshot) throw new Error(`${table} is not synced`)
  const folder = path.join(dataFolder(), 'bench')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${table}.parquet`)
  const scan = scanSql(snapshot, await objectStore().hold([...snapshot.dataFiles, ...snapshot.deleteFiles], folder))
  const connection = await bareDuckdb()
  await connection.run(`copy (${scan}) to '${file}' (format parquet, compression zstd)`)
  const theirs: number[] = []
  const inEngine: number[] = []
  const endToEnd: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await queryMs(connection, aggregate(`'${file}'`)))
    inEngine.push(await queryMs(connection, aggregate(`(${scan})`)))
    // as in the program that runs the pages, a process waits for the next query; people pause between two
    warmUpQueries()
    await wait(SPARE_MS)
    const began = performance.now()
    await runQuery(bench.workspaceId, { sql: aggregate(snapshot.tableName), rowLimit: 1000 }, AbortSignal.timeout(60_000))
    endToEnd.push(performance.now() - began)
  }
  await coolDownQueries()
  const detail = (ms: number[]) => `${Math.round(median(ms))} ms against ${Math.round(median(theirs))} ms`
  return [
    { name: `aggregate over the table, ${what}, against one Parquet file`, value: median(inEngine) / median(theirs), unit: '×', bar: 1.3, detail: detail(inEngine) },
    { name: `the same through the query sandbox, ${what}`, value: median(endToEnd) / median(theirs), unit: '×', bar: 1.3, detail: detail(endToEnd) },
  ]
}

function aggregate(from: string): string {
  return `select status, is_paid, count(*), sum(amount), avg(weight), max(updated_at), min(ordered_on), max(length(note)) from ${from} group by all order by all`
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
