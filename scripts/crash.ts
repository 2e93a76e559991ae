import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { setEnv } from '@/lib/core/env'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { leaveEmbeddedPostgres } from '@/lib/db/embedded/server'
import { runHistories } from './crash/run-histories'
import { tableOf, type Outcome } from './crash/tally'
import { runCommand } from './serve/failure'

const PREFIX = 'tributary-crash-'

// processes, databases and disks that fail in the middle of everything, a history for each seed; after each the warehouse is held against a model
const program = new Command('crash')
  .description('Histories in which processes, databases, disks and sources fail; ends with 1 when a table is not what it has to be')
  .option('--seed <number>', 'this history alone, step by step in words')
  .option('--from <number>', 'the first seed', '1')
  .option('--histories <number>', 'how many; 500, unless minutes are given')
  .option('--extra <number>', 'and so many more, of seeds that are drawn today', '0')
  .option('--minutes <number>', 'no more than there is time for')
  .option('--lanes <number>', 'how many at once', '2')
  .option('--report <file>', 'how many were as they have to be, as JSON')
  .parse()
const given = program.opts<{ seed?: string; from: string; histories?: string; extra: string; minutes?: string; lanes: string; report?: string }>()

function* seeds(): Generator<number, undefined> {
  if (given.seed !== undefined) yield Number(given.seed)
  if (given.seed !== undefined) return
  const [from, endMs] = [Number(given.from), Date.now() + Number(given.minutes ?? Infinity) * 60_000]
  const last = from + Number(given.histories ?? (given.minutes === undefined ? 500 : Infinity))
  for (let seed = from; seed < last && Date.now() < endMs; seed++) yield seed
  for (let number = 0; number < Number(given.extra); number++) yield 100_000 + Math.floor(Math.random() * 2 ** 30)
}

async function crash(): Promise<void> {
  if (process.platform === 'win32') {
    console.log('No history was run: a process cannot be frozen on Windows')
    if (given.report) writeFileSync(given.report, JSON.stringify({ passed: 0, failed: 0 }))
    return
  }
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())
  await sweepDeadOnes()
  for (const name of ['DATABASE_URL', 'WAREHOUSE_URL', 'TRIBUTARY_DATA', 'TRIGGER_SECRET_KEY', 'EGRESS']) delete process.env[name]
  const folder = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`))
  chmodSync(folder, 0o711) // the accounts of the databases pass through it
  setEnv({ LOG_LEVEL: 'silent', ENCRYPTION_KEY: '0'.repeat(64) })
  const outcomes: Outcome[] = []
  const beganMs = Date.now()
  const told = (outcome: Outcome) => {
    outcomes.push(outcome)
    if (given.seed !== undefined) for (const step of outcome.steps) console.log(step)
    for (const words of outcome.differences) console.log(`seed ${outcome.seed}: ${words}`)
    if (outcomes.length % 50 === 0) console.log(`${((Date.now() - beganMs) / 1_000).toFixed(0)} s: ${outcomes.length} histories`)
  }
  try {
    const lost = await runHistories(folder, { seeds: seeds(), lanes: given.seed === undefined ? Number(given.lanes) : 1, told, signal: ending.signal })
    report(outcomes, lost, (Date.now() - beganMs) / 1_000)
    if (ending.signal.aborted) process.exitCode = 1
  } finally {
    unmountBelow(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function report(outcomes: Outcome[], lost: string[], seconds: number): void {
  const red = outcomes.filter((outcome) => outcome.differences.length)
  for (const line of ['', ...tableOf(outcomes), '', ...lost]) console.log(line)
  const drawn = outcomes.filter(({ seed }) => seed >= 100_000).map(({ seed }) => seed)
  if (drawn.length) console.log(`Seeds that were drawn today: ${drawn.join(', ')}`)
  console.log(`${outcomes.length} histories in ${seconds.toFixed(0)} s, ${outcomes.reduce((sum, { resumed }) => sum + resumed, 0)} interrupted loads were gone on with; ${red.length} ended otherwise than they had to`)
  for (const { seed } of red) console.log(`  npm run crash -- --seed ${seed}`)
  if (given.report) writeFileSync(given.report, JSON.stringify({ passed: outcomes.length - red.length, failed: red.length }))
  process.exitCode = red.length || !outcomes.length ? 1 : 0
}

/** One that was killed leaves its folder, its disks and its databases behind. */
async function sweepDeadOnes(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0
    if (!owner || isAlive(owner)) continue
    const folder = path.join(os.tmpdir(), name)
    for (const data of ['customers', ...readdirSync(folder).filter((each) => each.startsWith('lane-')).map((lane) => `${lane}/own`)]) await leaveEmbeddedPostgres(path.join(folder, data)).catch(() => {}) // another account's: not ours to sweep
    unmountBelow(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function unmountBelow(folder: string): void {
  if (!existsSync('/proc/mounts')) return
  const places = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '').filter((place) => place.startsWith(`${folder}/`))
  for (const place of places.toReversed()) execFileSync('umount', ['-l', place])
}

void runCommand(() => os.tmpdir(), crash)
