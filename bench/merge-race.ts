import { changeRows, makeBenchTable } from './bench-table'
import type { Bench } from './bench-workspace'
import { median, seconds, WORKER_MEGABYTES, type Measure } from './measure'
import { findPsql, psqlSeconds, settleDisk } from './source-limit'

const ROUNDS = 3

/** How many rows change, and of how many: of a table, and of a bigger one where that is raced too. */
export interface MergeSizes {
  changed: number
  rows: number
  more: number | null
}

/** The same number of changed rows merged into a table and into a bigger one, in turns; and syncs with nothing to do. */
export async function mergeRace(bench: Bench, { changed, rows, more }: MergeSizes): Promise<Measure[]> {
  const table = await loaded(bench, rows, changed)
  const bigger = more === null ? null : await loaded(bench, more, changed)
  for (let round = 1; round <= ROUNDS; round++) {
    await table.merge(round)
    await bigger?.merge(round)
  }
  const shown = changed.toLocaleString('en')
  const { merges, nothing, peak } = table.took
  const limit = ({ took }: typeof table) => (took.theirs.length ? `; psql copies the same rows in ${seconds(median(took.theirs))}` : '')
  const measures: Measure[] = [
    { name: `${shown} changed rows merged into ${rows.toLocaleString('en')}`, value: median(merges), unit: 's', bar: 1.2, detail: `${seconds(Math.min(...merges))} to ${seconds(Math.max(...merges))}${limit(table)}` },
    { name: 'peak memory of that sync', value: peak, unit: 'MB', bar: WORKER_MEGABYTES },
    { name: 'sync of it with nothing new', value: median(nothing), unit: 's', bar: 0.3 },
  ]
  if (bigger && more) {
    measures.push(
      { name: `the same merged into ${more.toLocaleString('en')} rows, against into ${rows.toLocaleString('en')}`, value: median(bigger.took.merges) / median(merges), unit: '×', bar: 1.5, detail: `${seconds(median(bigger.took.merges))} against ${seconds(median(merges))}${limit(bigger)}` },
      { name: 'peak memory of that sync into the bigger table', value: bigger.took.peak, unit: 'MB', bar: WORKER_MEGABYTES },
    )
  }
  return measures
}

async function loaded(bench: Bench, rows: number, changed: number) {
  const table = await makeBenchTable(bench.sourceUrl, rows)
  const sourceId = await bench.link(table, `merge_${rows}`)
  await bench.sync(sourceId, table, 'incremental')
  const psql = findPsql()
  const took = { theirs: [] as number[], merges: [] as number[], nothing: [] as number[], peak: 0 }
  return {
    took,
    async merge(round: number) {
      await changeRows(bench.sourceUrl, table, changed, rows, round)
      await settleDisk()
      // what was just written is warm then, as it is in a server that serves
      if (psql) took.theirs.push(await psqlSeconds(psql, bench.sourceUrl, `(select * from ${table} where updated_at > (select max(updated_at) from ${table}) - interval '1 day')`))
      await settleDisk() // the first to read changed rows prunes their pages, and logs each of them whole
      const result = await bench.sync(sourceId, table, 'incremental')
      if (result.report?.updated !== changed) throw new Error(`${table}: ${result.report?.updated} rows were updated, not ${changed}`)
      console.log(`${changed} into ${rows}: psql ${seconds(took.theirs.at(-1) ?? Number.NaN)}, ours ${seconds(result.seconds)}, ${result.peakMegabytes} MB, read ${result.report.rowsRead}, ${JSON.stringify(result.report.seconds)}`)
      took.merges.push(result.seconds)
      took.peak = Math.max(took.peak, result.peakMegabytes)
      const again = await bench.sync(sourceId, table, 'incremental')
      if (again.report?.isChanged) throw new Error(`${table}: a sync with nothing new changed the table`)
      took.nothing.push(again.seconds)
    },
  }
}
