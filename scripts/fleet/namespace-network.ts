import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Launch, Line, Network, Places, Service } from './network'
import { diesWithUs, spawned } from './proxy-network'
import { Relay, type Place } from './relay'

const run = promisify(execFile)
const BRIDGE = 'fleet0'
const NET = '10.77'
const addressOf: Record<Service, string> = { database: `${NET}.0.1`, source: `${NET}.0.2`, bucket: `${NET}.0.3` }
const OWN_PORT = 3000
const START_MS = 10_000
/** The namespace is there, its end of the cable comes from outside: then it is plugged in, and the shell becomes the process. */
const PLUG_IN = 'read go; ip link set lo up; ip addr add "$1"/16 dev "$2"; ip link set "$2" up; shift 2; exec "$@"'

/** May this process give others a network of their own? */
export function hasNamespaces(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && [['ip', '-V'], ['setpriv', '--version'], ['unshare', '--net', 'true']].every(([program = '', ...args]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0)
}

/** A new network has nothing, not even itself: before anything listens in it. */
export function openLoopback(): Promise<void> {
  return ip('link', 'set', 'lo', 'up')
}

/**
 * Each process in a network namespace of its own, on a cable to a bridge that the servers are at: packets are dropped by the kernel, so that nobody is told anything.
 * For a process that is in a namespace of its own itself: what is made here is gone with it, however it ends, and the machine's network is not touched.
 */
export async function openNamespaceNetwork(targets: Places): Promise<Network> {
  await ip('link', 'add', BRIDGE, 'type', 'bridge')
  for (const address of Object.values(addressOf)) await ip('addr', 'add', `${address}/16`, 'dev', BRIDGE)
  await ip('link', 'set', BRIDGE, 'up')
  const [database, source, bucket] = await Promise.all([Relay.open(targets.database, addressOf.database), Relay.open(targets.source, addressOf.source), Relay.open(targets.bucket, addressOf.bucket)])
  const places = { database: database.place, source: source.place, bucket: bucket.place }
  let births = 0
  return {
    kind: 'a network namespace for each process, packets dropped by the kernel',
    source: places.source,
    cutsSource: true,
    newLine: async () => new NamespaceLine(places, () => ++births),
    close: async () => void (await Promise.all([database, source, bucket].map((relay) => relay.close()))),
  }
}

class NamespaceLine implements Line {
  /** The number of its cable and of its address: a process that is started again is a machine that comes anew. */
  private number = 0

  constructor(
    private readonly places: Places,
    private readonly next: () => number,
  ) {}

  get own(): Place {
    return { host: `${NET}.${1 + Math.floor(this.number / 200)}.${1 + (this.number % 200)}`, port: OWN_PORT }
  }

  async start({ command, environment, cwd, log }: Launch): Promise<ChildProcess> {
    this.number = this.next()
    const [outer, inner] = [`out${this.number}`, `in${this.number}`]
    const { host } = this.own
    const [program = '', ...args] = diesWithUs(['unshare', '--net', 'sh', '-c', PLUG_IN, 'sh', host, inner, ...command])
    const child = spawn(program, args, { cwd, env: environment(this.places, { host: '0.0.0.0', port: OWN_PORT }) as unknown as NodeJS.ProcessEnv, stdio: ['pipe', log, log] })
    child.stdin?.on('error', () => {}) // killed before it was plugged in
    await spawned(child)
    await this.hasOwnNamespace(child)
    await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner)
    await ip('link', 'set', outer, 'master', BRIDGE)
    await ip('link', 'set', outer, 'up')
    await ip('link', 'set', inner, 'netns', String(child.pid))
    child.stdin?.end('go\n')
    return child
  }

  /** Of a service: what it answers is dropped, so that it may have done what it was asked. Everything: the cable is pulled. */
  async cut(what: readonly Service[] | 'everything'): Promise<() => Promise<void>> {
    const { number, own: { host } } = this
    if (what === 'everything') {
      await quietly('link', 'set', `out${number}`, 'down')
      return () => quietly('link', 'set', `out${number}`, 'up')
    }
    const rules = what.map((service) => ['blackhole', 'from', addressOf[service], 'to', host])
    for (const rule of rules) await ip('rule', 'add', ...rule, 'pref', '100')
    return async () => {
      for (const rule of rules) await quietly('rule', 'del', ...rule, 'pref', '100')
    }
  }

  async close(): Promise<void> {}

  private async hasOwnNamespace(child: ChildProcess): Promise<void> {
    const ours = readlinkSync('/proc/self/ns/net')
    for (const deadline = Date.now() + START_MS; ; await wait(5)) {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (readlinkSync(`/proc/${child.pid}/ns/net`) !== ours) return
      if (Date.now() > deadline) throw new Error('A process got no network namespace of its own')
    }
  }
}

async function ip(...args: string[]): Promise<void> {
  await run('ip', args)
}

/** A cable goes with the process that it led to. */
async function quietly(...args: string[]): Promise<void> {
  await ip(...args).catch(() => {})
}
