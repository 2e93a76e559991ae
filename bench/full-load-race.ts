import { makeBenchTable } from './bench-table'
import type { Bench, SyncResult } from './bench-workspace'
import { median, seconds, WORKER_MEGABYTES, type Measure } from './measure'
import { findPsql, psqlSeconds, settleDisk } from './source-limit'

const ROUNDS = 5

/** The first load of a table against what psql needs to throw the same rows away, in turns. */
export async function fullLoadRace(bench: Bench, rows: number): Promise<Measure[]> {
  const psql = findPsql()
  if (!psql) throw new Error('The race needs psql: apt-get install postgresql-client')
  const table = await makeBenchTable(bench.sourceUrl, rows)
  const theirs: number[] = []
  const ours: SyncResult[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const sourceId = await bench.link(table, `full_${round}`)
    await settleDisk()
    theirs.push(await psqlSeconds(psql, bench.sourceUrl, table))
    const result = await bench.sync(sourceId, table, 'full')
    if (result.report?.rowsRead !== rows) throw new Error(`read ${result.report?.rowsRead} rows of ${rows}`)
    console.log(`psql ${seconds(theirs.at(-1) ?? 0)}, ours ${seconds(result.seconds)}, ${result.peakMegabytes} MB, ${JSON.stringify(result.report.seconds)}`)
    ours.push(result)
  }
  const took = median(ours.map((result) => result.seconds))
  const limit = median(theirs)
  // of the two of each round, since a machine is not as fast in every minute
  const ratio = median(ours.map((result, round) => result.seconds / (theirs[round] ?? Number.NaN)))
  return [
    { name: `full load of ${rows.toLocaleString('en')} rows against psql copy to /dev/null`, value: ratio, unit: '×', bar: 1.2, detail: `${seconds(took)} against ${seconds(limit)}, ${Math.round(rows / took).toLocaleString('en')} rows/s` },
    { name: 'peak memory of that load', value: Math.max(...ours.map(({ peakMegabytes }) => peakMegabytes)), unit: 'MB', bar: WORKER_MEGABYTES, detail: 'the process that syncs, with its engine in it' },
  ]
}
