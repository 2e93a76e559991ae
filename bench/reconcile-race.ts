import type { Bench } from './bench-workspace'
import { makeBenchTable, withClient } from './bench-table'
import { seconds, WORKER_MEGABYTES, type Measure } from './measure'
import { findPsql, psqlSeconds } from './source-limit'

const DELETED = 100
const ROUNDS = 3

interface Proven {
  /** Seconds of psql, of the load and of its proof. */
  theirs: number | null
  load: number
  proof: number
  ranges: number
  bytes: number
  peakMegabytes: number
}

/** A proof of a whole table against its load; and what it takes to find a hundred deleted rows, as part of the bytes of the table. */
export async function reconcileRace(bench: Bench, rows: number): Promise<Measure[]> {
  const table = await makeBenchTable(bench.sourceUrl, rows)
  const sourceId = await bench.link(table, 'reconcile')
  await bench.prove(sourceId, true)
  const psql = findPsql()
  const rounds: Proven[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const theirs = psql ? await psqlSeconds(psql, bench.sourceUrl, table) : null
    rounds.push({ theirs, ...(await proven(bench, sourceId, table)) })
  }
  const { proof, load, theirs, ranges, bytes } = rounds.toSorted((one, other) => one.proof / one.load - other.proof / other.load)[Math.floor(ROUNDS / 2)] as Proven

  await withClient(bench.sourceUrl, async (client) => {
    const step = Math.floor(rows / DELETED)
    const { rowCount } = await client.query(`delete from ${table} where id % $1 = 7 and id / $1 < $2`, [step, DELETED])
    if (rowCount !== DELETED) throw new Error(`${rowCount} rows were deleted`)
  })
  const found = await bench.sync(sourceId, table, 'repair')
  const reconciled = found.report
  if (reconciled?.deleted !== DELETED || reconciled.proof?.outcome !== 'verified') throw new Error(`the reconciliation said ${JSON.stringify(reconciled)}`)
  const shown = rows.toLocaleString('en')
  return [
    { name: `proof of ${shown} rows against their full load`, value: proof / load, unit: '×', bar: 1, detail: `${seconds(proof)} against ${seconds(load)}${theirs === null ? '' : `, psql copy ${seconds(theirs)}`}, ${ranges} ranges; rounds ${rounds.map((each) => (each.proof / each.load).toFixed(2)).join(', ')}` },
    { name: 'peak memory of load and proof', value: Math.max(...rounds.map((each) => each.peakMegabytes)), unit: 'MB', bar: WORKER_MEGABYTES },
    { name: `${DELETED} deletes found in ${shown} rows: bytes over the wire against the table's`, value: (100 * reconciled.proof.bytes) / bytes, unit: '%', bar: 1, detail: `${reconciled.proof.bytes.toLocaleString('en')} bytes, ${reconciled.proof.ranges} ranges compared, ${reconciled.proof.rangesRead} read, ${seconds(reconciled.proof.seconds)}` },
  ]
}

async function proven(bench: Bench, sourceId: string, table: string): Promise<Omit<Proven, 'theirs'>> {
  const { report, peakMegabytes } = await bench.sync(sourceId, table, 'full')
  if (report?.proof?.outcome !== 'verified') throw new Error(`the proof said ${JSON.stringify(report?.proof)}`)
  const proof = report.seconds.compare ?? 0
  return { proof, load: report.totalSeconds - proof, ranges: report.proof.ranges, bytes: report.bytes, peakMegabytes }
}
