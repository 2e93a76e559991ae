import type { Bench } from './bench-workspace'
import { makeBenchTable } from './bench-table'
import { median, seconds, type Measure } from './measure'
import { findPsql, psqlSeconds } from './source-limit'

const ROUNDS = 3

/** A full sync against what psql needs to throw the same rows away, in turns; then the memory at more rows. */
export async function fullSyncRace(bench: Bench, rows: number, manyRows: number | null): Promise<Measure[]> {
  const psql = findPsql()
  if (!psql) throw new Error('The race needs psql: apt-get install postgresql-client')
  await makeBenchTable(bench.sourceUrl, 'bench_full', rows)
  const sourceId = await bench.link('bench_full')
  const theirs: number[] = []
  const ours: number[] = []
  let peak = 0
  let steps = ''
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await psqlSeconds(psql, bench.sourceUrl, 'bench_full'))
    const result = await bench.sync(sourceId, 'bench_full', 'full')
    if (result.report?.rowsRead !== rows) throw new Error(`read ${result.report?.rowsRead} rows of ${rows}`)
    ours.push(result.seconds)
    peak = Math.max(peak, result.peakMegabytes)
    steps = JSON.stringify(result.report.seconds)
  }
  const measures: Measure[] = [
    { name: `full sync of ${rows.toLocaleString('en')} rows against psql copy to /dev/null`, value: median(ours) / median(theirs), unit: '×', bar: 1.3, detail: `${seconds(median(ours))} against ${seconds(median(theirs))}, ${Math.round(rows / median(ours)).toLocaleString('en')} rows/s, ${steps}` },
    { name: 'peak memory of that sync', value: peak, unit: 'MB', bar: 450 },
  ]
  if (manyRows) {
    await makeBenchTable(bench.sourceUrl, 'bench_many', manyRows)
    const many = await bench.sync(await bench.link('bench_many'), 'bench_many', 'full')
    measures.push({ name: `peak memory at ${manyRows.toLocaleString('en')} rows`, value: many.peakMegabytes, unit: 'MB', bar: 450, detail: seconds(many.seconds) })
  }
  return measures
}
