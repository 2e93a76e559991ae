import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import { startBench } from './bench-workspace'
import { fullSyncRace } from './full-sync-race'
import { incrementalRace } from './incremental-race'
import { queryRace } from './query-race'
import { sourcesPageRace } from './sources-page-race'
import type { Measure } from './measure'

const THREE_MILLION = 3_000_000
const isShort = process.argv.includes('--short')
const isLong = process.argv.includes('--long')

// Every number is a ratio of two things measured in this one run, on this machine, in turns.
const bench = await startBench()
const measures: Measure[] = []
try {
  const rows = isShort ? 300_000 : THREE_MILLION
  measures.push(...(await fullSyncRace(bench, rows, isLong ? rows * 10 : null)))
  measures.push(...(await incrementalRace(bench, rows, rows / 10)))
  measures.push(...(await queryRace(bench)))
  measures.push(...(await sourcesPageRace()))
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
