import { makeBenchTable } from './bench-table'
import type { Bench } from './bench-workspace'
import { median, seconds, WORKER_MEGABYTES, type Measure } from './measure'
import { findPsql, psqlSeconds } from './source-limit'

const ROUNDS = 3

/** A full sync against what psql needs to throw the same rows away, in turns. */
export async function fullLoadRace(bench: Bench, rows: number): Promise<Measure[]> {
  const psql = findPsql()
  if (!psql) throw new Error('The race needs psql: apt-get install postgresql-client')
  const table = await makeBenchTable(bench.sourceUrl, rows)
  const sourceId = await bench.link(table, 'full')
  const theirs: number[] = []
  const ours: number[] = []
  let peak = 0
  let steps = ''
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await psqlSeconds(psql, bench.sourceUrl, table))
    const result = await bench.sync(sourceId, table, 'full')
    if (result.report?.rowsRead !== rows) throw new Error(`read ${result.report?.rowsRead} rows of ${rows}`)
    ours.push(result.seconds)
    peak = Math.max(peak, result.peakMegabytes)
    steps = JSON.stringify(result.report.seconds)
  }
  const all = (times: number[]) => times.map((time) => time.toFixed(1)).join(', ')
  console.log(`full load: psql ${all(theirs)}; ours ${all(ours)}; ${steps}`)
  return [
    { name: `full load of ${rows.toLocaleString('en')} rows against psql copy to /dev/null`, value: median(ours) / median(theirs), unit: '×', bar: 1.2, detail: `${seconds(median(ours))} against ${seconds(median(theirs))}, ${Math.round(rows / median(ours)).toLocaleString('en')} rows/s` },
    { name: 'peak memory of that load', value: peak, unit: 'MB', bar: WORKER_MEGABYTES, detail: 'the process that syncs, with its engine in it' },
  ]
}
