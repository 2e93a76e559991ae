import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import type { Launch, Line, Network, Places, Service } from './network'
import { Relay, type Place } from './relay'

/** All on one network: each process has relays of its own in front of the database and the bucket, which can hang. The source has one for all. */
export async function openProxyNetwork(targets: Places): Promise<Network> {
  const source = await Relay.open(targets.source)
  const lines: ProxyLine[] = []
  return {
    kind: 'relays of its own for each process (no network namespaces)',
    source: source.place,
    cutsSource: false,
    async newLine() {
      const [database, bucket] = await Promise.all([Relay.open(targets.database), Relay.open(targets.bucket)])
      const line = new ProxyLine({ database, bucket }, source.place, { host: '127.0.0.1', port: await freePort() })
      lines.push(line)
      return line
    },
    close: async () => void (await Promise.all([source.close(), ...lines.map((line) => line.close())])),
  }
}

class ProxyLine implements Line {
  constructor(
    private readonly relays: Record<'database' | 'bucket', Relay>,
    private readonly source: Place,
    readonly own: Place,
  ) {}

  async start({ command, environment, cwd, log }: Launch): Promise<ChildProcess> {
    const { database, bucket } = this.relays
    const [program = '', ...args] = diesWithUs(command)
    const child = spawn(program, args, { cwd, env: environment({ database: database.place, bucket: bucket.place, source: this.source }, this.own) as unknown as NodeJS.ProcessEnv, stdio: ['ignore', log, log] })
    await spawned(child)
    return child
  }

  async cut(what: readonly Service[] | 'everything'): Promise<() => Promise<void>> {
    const cut = Object.entries(this.relays).flatMap(([service, relay]) => (what === 'everything' || what.includes(service as Service) ? [relay] : []))
    for (const relay of cut) relay.stall()
    return async () => cut.forEach((relay) => relay.mend())
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.relays).map((relay) => relay.close()))
  }
}

/** It has begun, or will never. */
export function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => void child.once('spawn', () => resolve()).once('error', reject))
}

/** However this process ends, those that it started end too. */
export function diesWithUs(command: string[]): string[] {
  return process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', ...command] : command
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const taken = createServer().once('error', reject)
    taken.listen(0, '127.0.0.1', () => {
      const { port } = taken.address() as AddressInfo // it listens at a port, not at a pipe
      taken.close(() => resolve(port))
    })
  })
}
