import { listSchemas } from '@/lib/db/schemas'
import { listTableVersionRows } from '@/lib/db/table-versions'
import { findSnapshot } from '@/lib/db/versions'
import { compareTableVersions } from '@/lib/tables/compare-table-versions'
import { coolDownQueries } from '@/lib/warehouse/query/query-queue'
import type { TableSnapshot } from '@/lib/warehouse/version'
import { changeRows, makeBenchTable } from './bench-table'
import type { Bench } from './bench-workspace'
import { seconds, type Measure } from './measure'

const TABLE = 'bench_versions'
const FEW = 100
/** Syncs of changes that end in compactions. */
const ROUNDS = 40

/** What a comparison of versions costs against what changed, and what compaction writes against what syncs did. */
export async function versionsRace(bench: Bench, rows: number): Promise<Measure[]> {
  await makeBenchTable(bench.sourceUrl, TABLE, rows)
  const sourceId = await bench.link(TABLE)
  await bench.sync(sourceId, TABLE, 'incremental')
  const [schema] = await listSchemas(bench.workspaceId, { sourceId })
  if (!schema) throw new Error(`no schema ${TABLE}`)
  await changeRows(bench.sourceUrl, TABLE, FEW, rows, 1)
  await bench.sync(sourceId, TABLE, 'incremental')
  const measures = [await comparison(bench, schema.id, rows)]
  for (let round = 2; round <= ROUNDS; round++) {
    await changeRows(bench.sourceUrl, TABLE, FEW, rows, round)
    await bench.sync(sourceId, TABLE, 'incremental')
  }
  await coolDownQueries()
  return [...measures, ...(await compactions(bench, schema.id))]
}

async function comparison(bench: Bench, schemaId: string, rows: number): Promise<Measure> {
  const table = await findSnapshot(bench.workspaceId, schemaId)
  const began = performance.now()
  const found = await compareTableVersions(bench.workspaceId, { schemaId, from: 1, to: 2 })
  const took = (performance.now() - began) / 1000
  if (found.updated !== FEW || found.inserted + found.deleted > 0) throw new Error(`${found.updated} rows differ, not ${FEW}`)
  return { name: `bytes read to compare versions of ${rows.toLocaleString('en')} rows that differ in ${FEW}`, value: (100 * (found.bytesRead ?? Number.NaN)) / (table?.bytes ?? 1), unit: '%', bar: null, detail: `of the table’s ${megabytes(table?.bytes ?? 0)}, in ${seconds(took)}` }
}

async function compactions(bench: Bench, schemaId: string): Promise<Measure[]> {
  const versions = (await listTableVersionRows(bench.workspaceId, schemaId)).reverse()
  const written = { sync: 0, compaction: 0 }
  let [most, last]: [number, TableSnapshot | null] = [0, null]
  for (const { number, kind } of versions) {
    const table = await findSnapshot(bench.workspaceId, schemaId, number)
    const before = new Set(filesOf(last).map(({ path }) => path))
    const bytes = filesOf(table).reduce((sum, file) => sum + (before.has(file.path) ? 0 : file.bytes), 0)
    if (last && kind !== 'rollback') written[kind] += bytes
    most = Math.max(most, filesOf(table).length)
    last = table
  }
  const count = versions.filter(({ kind }) => kind === 'compaction').length
  return [
    { name: `bytes written by syncs and ${count} compactions over ${ROUNDS} syncs of ${FEW} changes, against syncs alone`, value: (written.sync + written.compaction) / written.sync, unit: '×', bar: null, detail: `${megabytes(written.sync)} and ${megabytes(written.compaction)}` },
    { name: 'files of the table at most, and at the end', value: most, unit: '', bar: 200, detail: `${filesOf(last).length} at the end` },
  ]
}

function filesOf(table: TableSnapshot | null): { path: string; bytes: number }[] {
  return table ? [...table.dataFiles, ...table.deleteFiles] : []
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
