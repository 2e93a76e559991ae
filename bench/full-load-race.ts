import { makeBenchTable } from './bench-table'
import type { Bench, SyncResult } from './bench-workspace'
import { median, seconds, WORKER_MEGABYTES, type Measure } from './measure'
import { findPsql, psqlSeconds } from './source-limit'

const ROUNDS = 3

/** The first load of a table against what psql needs to throw the same rows away, in turns; then once more over the table that is there, whose keys are compared. */
export async function fullLoadRace(bench: Bench, rows: number): Promise<Measure[]> {
  const psql = findPsql()
  if (!psql) throw new Error('The race needs psql: apt-get install postgresql-client')
  const table = await makeBenchTable(bench.sourceUrl, rows)
  const theirs: number[] = []
  const load = async (sourceId: string) => {
    theirs.push(await psqlSeconds(psql, bench.sourceUrl, table))
    const result = await bench.sync(sourceId, table, 'full')
    if (result.report?.rowsRead !== rows) throw new Error(`read ${result.report?.rowsRead} rows of ${rows}`)
    console.log(`psql ${seconds(theirs.at(-1) ?? 0)}, ours ${seconds(result.seconds)}, ${result.peakMegabytes} MB, ${JSON.stringify(result.report.seconds)}`)
    return result
  }
  const ours: SyncResult[] = []
  let sourceId = ''
  for (let round = 1; round <= ROUNDS; round++) {
    sourceId = await bench.link(table, `full_${round}`)
    ours.push(await load(sourceId))
  }
  const took = median(ours.map((result) => result.seconds))
  const limit = median(theirs)
  const again = await load(sourceId)
  return [
    { name: `full load of ${rows.toLocaleString('en')} rows against psql copy to /dev/null`, value: took / limit, unit: '×', bar: 1.2, detail: `${seconds(took)} against ${seconds(limit)}, ${Math.round(rows / took).toLocaleString('en')} rows/s` },
    { name: 'peak memory of that load', value: Math.max(...ours.map(({ peakMegabytes }) => peakMegabytes)), unit: 'MB', bar: WORKER_MEGABYTES, detail: 'the process that syncs, with its engine in it' },
    { name: 'the same load over the table that is there', value: again.seconds / limit, unit: '×', bar: null, detail: `${seconds(again.seconds)}; the keys of both are compared before it is published` },
    { name: 'peak memory of that one', value: again.peakMegabytes, unit: 'MB', bar: WORKER_MEGABYTES },
  ]
}
