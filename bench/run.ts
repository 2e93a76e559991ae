import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import { apiLoadRace } from './api-load-race'
import { startBench } from './bench-workspace'
import { filesRace, listingRace } from './files-race'
import { fullSyncRace } from './full-sync-race'
import { incrementalRace } from './incremental-race'
import { queryRace } from './query-race'
import { reconcileRace } from './reconcile-race'
import { sourcesPageRace } from './sources-page-race'
import { versionsRace } from './versions-race'
import type { Measure } from './measure'

const THREE_MILLION = 3_000_000
const isShort = process.argv.includes('--short')
const isLong = process.argv.includes('--long')
/** Only the races whose names begin so; without it, all. */
const only = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? ''

// Every number is a ratio of two things measured in this one run, on this machine, in turns.
const bench = await startBench()
const measures: Measure[] = []
try {
  const rows = isShort ? 300_000 : THREE_MILLION
  const races: Record<string, () => Promise<Measure[]>> = {
    full: () => fullSyncRace(bench, rows, isLong ? rows * 10 : null),
    incremental: () => incrementalRace(bench, rows, rows / 10),
    reconcile: () => reconcileRace(bench, isLong ? 10_000_000 : rows),
    query: () => queryRace(bench),
    versions: () => versionsRace(bench, rows),
    'sources-page': () => sourcesPageRace(),
    files: () => filesRace(bench),
    listing: () => listingRace(bench, isShort ? 10_000 : 100_000),
    api: () => apiLoadRace(bench, isShort ? 50_000 : 200_000),
  }
  for (const [name, race] of Object.entries(races)) if (name.startsWith(only)) measures.push(...(await race()))
} finally {
  await bench.close()
}

for (const { name, value, unit, bar, detail } of measures) {
  const verdict = bar === null ? '' : value <= bar ? `  within ${bar}` : `  OVER ${bar}`
  console.log(`${name.padEnd(62)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)}${verdict}${detail ? `   (${detail})` : ''}`)
}
const folder = path.join(projectFolder(), 'bench', 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(path.join(folder, 'latest.json'), JSON.stringify(measures, null, 2) + '\n')
process.exit(0)
