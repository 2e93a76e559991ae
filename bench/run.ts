import { apiLoadRace } from './api-load-race'
import { makeBenchTable } from './bench-table'
import { startBench } from './bench-workspace'
import { filesRace, listingRace } from './files-race'
import { fullLoadRace } from './full-load-race'
import { mergeRace } from './merge-race'
import { benchOptions, SIZES, tableSizes } from './options'
import { parallelRace } from './parallel-race'
import { peersRace } from './peers/peers-race'
import { queryRace } from './query-race'
import { reconcileRace } from './reconcile-race'
import { saveResult, type Peers } from './results'
import { sourcesPageRace } from './sources-page-race'
import { versionsRace } from './versions-race'
import { writeDocs } from './write-docs'
import type { Measure } from './measure'

const { only, size, keep, rounds } = benchOptions(process.argv.slice(2))
const sizes = SIZES[size]
if (only === 'write') {
  writeDocs()
  process.exit(0)
}

// Every number is a ratio of two things measured in this one run, on this machine, in turns.
const bench = await startBench(keep)
const races: Record<string, () => Promise<Measure[] | Peers>> = {
  full: () => fullLoadRace(bench, sizes.full),
  merge: () => mergeRace(bench, sizes.merge),
  reconcile: () => reconcileRace(bench, sizes.reconcile),
  query: () => queryRace(bench, sizes.query),
  versions: () => versionsRace(bench, sizes.versions),
  'sources-page': () => sourcesPageRace(),
  files: () => filesRace(bench),
  listing: () => listingRace(bench, sizes.objects),
  parallel: () => parallelRace(bench),
  api: () => apiLoadRace(bench, sizes.charges),
  peers: () => peersRace(bench, { ...sizes.peers, ...(rounds ? { rounds } : {}) }, (peers) => saveResult({ race: 'peers', size, at: new Date().toISOString(), measures: [], peers })),
}
/** Only when it is asked for: it needs other programs, which it installs. */
const ASKED_FOR = ['peers']

try {
  if (only === 'tables') for (const rows of tableSizes(sizes)) console.log(`made ${await makeBenchTable(bench.sourceUrl, rows)}`)
  for (const [race, run] of Object.entries(races)) {
    if (only ? !race.startsWith(only) : ASKED_FOR.includes(race)) continue
    const outcome = await run()
    const [measures, peers] = Array.isArray(outcome) ? [outcome, undefined] : [[], outcome]
    saveResult({ race, size, at: new Date().toISOString(), measures, peers })
    for (const measure of measures) print(measure)
  }
} finally {
  await bench.close()
}
process.exit(0)

function print({ name, value, unit, bar, detail }: Measure): void {
  const verdict = bar === null ? '' : value <= bar ? `  within ${bar}` : `  OVER ${bar}`
  console.log(`${name.padEnd(62)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)}${verdict}${detail ? `   (${detail})` : ''}`)
}
