import { listSchemas } from '@/lib/db/schemas'
import { listTableVersionRows } from '@/lib/db/table-versions'
import { findSnapshot } from '@/lib/db/versions'
import { compareTableVersions } from '@/lib/tables/compare-table-versions'
import { coolDownQueries } from '@/lib/warehouse/query/query-queue'
import type { TableFile, TableSnapshot } from '@/lib/warehouse/version'
import { changeRows, makeBenchTable } from './bench-table'
import type { Bench } from './bench-workspace'
import { seconds, type Measure } from './measure'
import { syncHere } from './sync-here'

const FEW = 100
/** One of a hundred rows: after so many syncs, half of them were replaced. */
const MANY = 0.01
const SYNCS = 50

/** What a comparison of versions costs against what changed; and over many syncs, what is written against what changed, with the files that a reader opens. */
export async function versionsRace(bench: Bench, rows: number): Promise<Measure[]> {
  const table = await makeBenchTable(bench.sourceUrl, rows)
  return [...(await amplification(bench, table, rows, FEW, comparison)), ...(await amplification(bench, table, rows, rows * MANY))]
}

async function amplification(bench: Bench, table: string, rows: number, changed: number, afterFirst?: typeof comparison): Promise<Measure[]> {
  const sourceId = await bench.link(table, `versions_${changed}`)
  await bench.sync(sourceId, table, 'incremental')
  const schema = (await listSchemas(bench.workspaceId, { sourceId })).find(({ name }) => name === table)
  if (!schema) throw new Error(`no schema ${table}`)
  const measures: Measure[] = []
  for (let round = 1; round <= SYNCS; round++) {
    await changeRows(bench.sourceUrl, table, changed, rows, round)
    // no time of these is a figure: they need no process of their own
    const { outcome, error } = await syncHere(bench.workspaceId, sourceId, table, 'incremental')
    if (outcome !== 'completed') throw new Error(`the sync ended as ${outcome}: ${JSON.stringify(error)}`)
    if (round === 1 && afterFirst) measures.push(await afterFirst(bench, schema.id, rows))
  }
  await coolDownQueries()
  return [...measures, ...(await written(bench, schema.id, changed))]
}

async function comparison(bench: Bench, schemaId: string, rows: number): Promise<Measure> {
  const table = await findSnapshot(bench.workspaceId, schemaId)
  const began = performance.now()
  const found = await compareTableVersions(bench.workspaceId, { schemaId, from: 1, to: 2 })
  const took = (performance.now() - began) / 1000
  if (found.updated !== FEW || found.inserted + found.deleted > 0) throw new Error(`${found.updated} rows differ, not ${FEW}`)
  return { name: `bytes read to compare versions of ${rows.toLocaleString('en')} rows that differ in ${FEW}`, value: (100 * (found.bytesRead ?? Number.NaN)) / (table?.bytes ?? 1), unit: '%', bar: null, detail: `of the table’s ${megabytes(table?.bytes ?? 0)}, in ${seconds(took)}` }
}

/** Everything that was put into the store after the first version, against the data files that held the changed rows when they were synced. */
async function written(bench: Bench, schemaId: string, changed: number): Promise<Measure[]> {
  const versions = (await listTableVersionRows(bench.workspaceId, schemaId)).reverse()
  const bytes = { rows: 0, deletes: 0, compactions: 0 }
  let [most, last]: [number, TableSnapshot | null] = [0, null]
  for (const { number, kind } of versions) {
    const table = await findSnapshot(bench.workspaceId, schemaId, number)
    if (!table) throw new Error(`the version ${number} is not kept: the figures need all of them`)
    if (last) {
      const known = new Set([...last.dataFiles, ...last.deleteFiles].map(({ path }) => path))
      const [data, deletes] = [table.dataFiles, table.deleteFiles].map((files) => sizeOf(files.filter(({ path }) => !known.has(path))))
      if (kind === 'compaction') bytes.compactions += (data ?? 0) + (deletes ?? 0)
      else {
        bytes.rows += data ?? 0
        bytes.deletes += deletes ?? 0
      }
    }
    most = Math.max(most, table.dataFiles.length + table.deleteFiles.length)
    last = table
  }
  const all = bytes.rows + bytes.deletes + bytes.compactions
  const compactions = versions.filter(({ kind }) => kind === 'compaction').length
  return [
    { name: `bytes written over ${SYNCS} syncs of ${changed.toLocaleString('en')} changed rows, against those of the changed rows`, value: all / bytes.rows, unit: '×', bar: null, detail: `rows ${megabytes(bytes.rows)}, deletes ${megabytes(bytes.deletes)}, ${compactions} compactions ${megabytes(bytes.compactions)}; the table has ${megabytes(last?.bytes ?? 0)}` },
    { name: `files of the table at most over those syncs`, value: most, unit: '', bar: null, detail: `${last?.dataFiles.length} of rows and ${last?.deleteFiles.length} of deletes at the end` },
  ]
}

function sizeOf(files: TableFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
