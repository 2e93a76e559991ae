import type { Bench } from './bench-workspace'
import { changeRows, makeBenchTable } from './bench-table'
import { median, seconds, type Measure } from './measure'

const ROUNDS = 3
const CHANGED = 10_000

/** The same number of changed rows in a big and in a small table, and a sync with nothing to do. */
export async function incrementalRace(bench: Bench, bigRows: number, smallRows: number): Promise<Measure[]> {
  const changed = Math.min(CHANGED, smallRows / 10)
  const [big, small] = [await incrementalSeconds(bench, 'bench_big', bigRows, changed), await incrementalSeconds(bench, 'bench_small', smallRows, changed)]
  return [
    { name: `incremental sync of ${changed.toLocaleString('en')} changes: ${bigRows.toLocaleString('en')} rows against ${smallRows.toLocaleString('en')}`, value: big.changed / small.changed, unit: '×', bar: 1.5, detail: `${seconds(big.changed)} against ${seconds(small.changed)}, ${big.steps}` },
    { name: 'incremental sync with nothing new', value: big.nothing, unit: 's', bar: 0.3 },
  ]
}

async function incrementalSeconds(bench: Bench, table: string, rows: number, changed: number): Promise<{ changed: number; nothing: number; steps: string }> {
  await makeBenchTable(bench.sourceUrl, table, rows)
  const sourceId = await bench.link(table)
  await bench.sync(sourceId, table, 'incremental')
  const withChanges: number[] = []
  const withNothing: number[] = []
  let steps = ''
  for (let round = 1; round <= ROUNDS; round++) {
    await changeRows(bench.sourceUrl, table, changed, rows, round)
    const result = await bench.sync(sourceId, table, 'incremental')
    if (result.report?.updated !== changed) throw new Error(`${table}: ${result.report?.updated} rows were updated, not ${changed}`)
    withChanges.push(result.seconds)
    steps = JSON.stringify(result.report.seconds)
    const again = await bench.sync(sourceId, table, 'incremental')
    if (again.report?.isChanged) throw new Error(`${table}: a sync with nothing new changed the table`)
    withNothing.push(again.seconds)
  }
  return { changed: median(withChanges), nothing: median(withNothing), steps }
}
