import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { setEnv } from '@/lib/core/env'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { leaveEmbeddedPostgres } from '@/lib/db/embedded/server'
import { hasNamespaces, openLoopback, openNamespaceNetwork } from './fleet/namespace-network'
import { openProxyNetwork } from './fleet/proxy-network'
import { runFleet } from './fleet/run-fleet'
import { placesOf, startServers } from './fleet/servers'
import { usual, type Settings } from './fleet/settings'
import { buildPages } from './serve/build'
import { runCommand } from './serve/failure'
import { installObjectStore } from './test/debian-packages'

// the real program on many machines that share a database and a bucket, in trouble: do all tables end equal to their sources?
const PREFIX = 'tributary-fleet-'
const program = new Command('fleet')
  .description('workers and pages as processes without a shared disk, killed, frozen and cut off; ends with 1 when a bar is missed')
  .option('--seed <number>', 'the same seed, the same trouble', String(usual.seed))
  .option('--minutes <number>', 'of trouble', String(usual.minutes))
  .option('--schemas <number>', 'of all sources together', String(usual.schemas))
  .option('--workspaces <number>', 'with two sources each', String(usual.workspaces))
  .option('--workers <number>', 'processes that sync', String(usual.workers))
  .option('--webs <number>', 'processes that serve the pages', String(usual.webs))
  .option('--keep', 'leave the logs of all processes where they are')
  .option('--relays', 'relays in place of network namespaces')
  .option('--inside', 'this process is in a network of its own already')
  .parse()
const given = program.opts<Record<'seed' | 'minutes' | 'schemas' | 'workspaces' | 'workers' | 'webs', string> & Partial<Record<'keep' | 'relays' | 'inside', boolean>>>()
const settings: Settings = { ...usual, ...Object.fromEntries((['seed', 'minutes', 'schemas', 'workspaces', 'workers', 'webs'] as const).map((name) => [name, Number(given[name])])) }

const ending = new AbortController()

async function fleet(): Promise<void> {
  if (given.inside) return inside()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())
  await sweepDeadOnes()
  const lost = await installObjectStore(console.log)
  if (lost) throw new Error(lost)
  const folder = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`))
  chmodSync(folder, 0o711) // the account of the database passes through it
  try {
    if (settings.webs) await buildPages(folder, console.log, ending.signal)
    if (hasNamespaces() && !given.relays) process.exitCode = await again(folder)
    else await run(folder)
  } finally {
    if (given.keep) console.log(`The logs are in ${folder}`)
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The same command in a network of its own, which ends with it. */
function again(folder: string): Promise<number> {
  setEnv({ TRIBUTARY_FLEET: folder })
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'unshare', '--net', process.execPath, 'scripts/fleet.mjs', ...process.argv.slice(2), '--inside'], { stdio: 'inherit' })
  ending.signal.addEventListener('abort', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)))
}

async function inside(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())
  await openLoopback()
  await run(String(process.env.TRIBUTARY_FLEET))
}

async function run(folder: string): Promise<void> {
  setEnv({ LOG_LEVEL: 'error' })
  const servers = await startServers(folder)
  try {
    const network = given.inside ? await openNamespaceNetwork(placesOf(servers)) : await openProxyNetwork(placesOf(servers))
    try {
      const bars = await runFleet(servers, network, folder, settings, console.log, ending.signal)
      for (const { words, isMet } of bars) console.log(`${isMet ? 'ok    ' : 'MISSED'} ${words}`)
      process.exitCode = bars.length && bars.every((bar) => bar.isMet) ? 0 : 1
    } finally {
      await network.close()
    }
  } finally {
    await servers.close()
  }
}

/** One that was killed leaves its folder and its databases behind. */
async function sweepDeadOnes(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0
    if (!owner || isAlive(owner)) continue
    const folder = path.join(os.tmpdir(), name)
    for (const data of ['own', 'customers']) await leaveEmbeddedPostgres(path.join(folder, data)).catch(() => {}) // another account's: not ours to sweep
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

void runCommand(() => os.tmpdir(), fleet)
