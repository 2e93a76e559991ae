import { Command } from 'commander'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setEnv } from '../lib/core/env'
import { disconnect } from '../lib/db/client'
import { startEmbeddedPostgres } from '../lib/db/embedded/server'
import { migrate } from '../lib/db/migrate'
import { createDatabase } from '../lib/db/open-database'
import { runSimulation, shortSettings, type Settings } from './simulate/run-simulation'

// the real scheduling code and its SQL, on a clock that is turned: is anything starved, late or in a herd?
const program = new Command('simulate')
  .description('10,000 workspaces with 20 schemas each on a virtual clock; ends with 1 when a bar is missed')
  .option('--short', '200 small workspaces in a hurry, for ten minutes')
  .option('--seed <number>', 'the same seed, the same world', '1')
  .option('--workspaces <number>', 'how many')
  .option('--minutes <number>', 'of virtual time')
  .option('--utilisation <part>', 'how busy the workers are', '0.7')
  .parse()
const given = program.opts<{ short?: boolean; seed: string; workspaces?: string; minutes?: string; utilisation: string }>()
const size: Settings = given.short ? shortSettings : { ...shortSettings, workspaces: 10_000, meanSchemas: 20, mix: 'usual', minutes: 12 }
const settings: Settings = { ...size, seed: Number(given.seed), workspaces: Number(given.workspaces ?? size.workspaces), minutes: Number(given.minutes ?? size.minutes), utilisation: Number(given.utilisation) }

setEnv({ LOG_LEVEL: 'error' })
const folder = mkdtempSync(path.join(os.tmpdir(), 'tributary-simulation-'))
const server = await startEmbeddedPostgres(folder)
try {
  await createDatabase(server.urlFor('postgres'), 'simulation')
  const url = server.urlFor('simulation')
  await migrate(url)
  setEnv({ DATABASE_URL: url })
  const beganMs = performance.now()
  const bars = await runSimulation(url, settings, (words) => console.log(words))
  for (const { words, isMet } of bars) console.log(`${isMet ? 'ok    ' : 'MISSED'} ${words}`)
  console.log(`${Math.round((performance.now() - beganMs) / 1_000)} s of real time`)
  process.exitCode = bars.every((bar) => bar.isMet) ? 0 : 1
} finally {
  await disconnect()
  await server.release()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
