import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { Daemons } from './ceph/daemons'
import { fillBucket } from './ceph/fill-bucket'
import { missingPrograms } from './ceph/programs'
import type { NewObject } from './ceph/put-objects'
import { cephSettings } from './ceph/settings'
import { freePort } from './free-port'

const PREFIX = 'tributary-radosgw-'
const START_SECONDS = 30
const STARTS = 3
const GATEWAY = ['-n', 'client.rgw.a']

export interface S3Keys {
  accessKey: string
  secretKey: string
}

/** A real object store: Ceph's S3 gateway. Any signing region is good, `auto` too; buckets are addressed by path. */
export interface RadosGateway extends S3Keys {
  endpoint: string
  /** Another account. It owns nothing, and sees of other accounts what a bucket's policy lets it see. */
  createUser(name: string): Promise<S3Keys & { arn: string }>
  /** Put many small objects with plain keys into a bucket of the owner, faster than `putObjects`. */
  fill(bucket: string, objects: Iterable<NewObject>): Promise<void>
  /** The gateway dies and comes back at the same address; what the bucket holds stays. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** For `describe.skipIf`: is there no Ceph on this machine? `npm test` installs it where it may. */
export const hasNoRadosgw = missingPrograms().length > 0

/**
 * A gateway of one's own, on free ports of this machine, with all it holds in memory. It takes some 1.2 seconds, and dies with
 * the process that started it.
 */
export async function startRadosgw(): Promise<RadosGateway> {
  sweepDeadOnes()
  for (let tries = 1; ; tries++) {
    const folder = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`))
    const [monitorPort, gatewayPort] = await Promise.all([freePort(), freePort()])
    const fsid = randomUUID()
    const daemons = new Daemons(folder, cephSettings({ folder, fsid, monitorPort, gatewayPort }))
    const stop = async () => {
      await daemons.kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
    try {
      const keys = await start(daemons, fsid, monitorPort)
      const endpoint = `http://127.0.0.1:${gatewayPort}`
      await answers(endpoint, daemons)
      return { endpoint, ...keys, createUser: (name) => createUser(daemons, name), fill: (bucket, objects) => fillBucket(daemons, endpoint, bucket, objects), restart: () => restart(daemons, endpoint), stop }
    } catch (error) {
      const words = daemons.ended()
      await stop()
      // another process may have taken a port between the choice and the start
      if (tries === STARTS) throw new Error(`The object store did not start. ${words ?? ''}`, { cause: error })
    }
  }
}

async function start(daemons: Daemons, fsid: string, monitorPort: number): Promise<S3Keys> {
  const store = randomUUID()
  const map = path.join(daemons.folder, 'monmap')
  await daemons.command('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${monitorPort}]`, map])
  await daemons.command('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map])
  daemons.start('ceph-mon', ['-i', 'a'])
  await daemons.command('ceph', [], `osd new ${store}\nosd crush add osd.0 1 root=default host=here\n`)
  await daemons.command('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', store])
  daemons.start('ceph-osd', ['-i', '0'])
  const keys = await createUser(daemons, 'owner')
  daemons.start('radosgw', GATEWAY)
  return keys
}

async function restart(daemons: Daemons, endpoint: string): Promise<void> {
  await daemons.end('radosgw')
  daemons.start('radosgw', GATEWAY)
  await answers(endpoint, daemons)
}

async function createUser(daemons: Daemons, name: string): Promise<S3Keys & { arn: string }> {
  const accessKey = randomBytes(10).toString('hex').toUpperCase()
  const secretKey = randomBytes(20).toString('hex')
  await daemons.command('radosgw-admin', ['user', 'create', `--uid=${name}`, `--display-name=${name}`, `--access-key=${accessKey}`, `--secret-key=${secretKey}`])
  return { accessKey, secretKey, arn: `arn:aws:iam:::user/${name}` }
}

async function answers(endpoint: string, daemons: Daemons): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000
  while (Date.now() < deadline) {
    const isThere = await fetch(endpoint).then((response) => response.body?.cancel().then(() => true), () => false)
    if (isThere) return
    if (daemons.ended()) break
    await wait(20)
  }
  throw new Error(daemons.ended() ?? `nothing answers at ${endpoint}`)
}

/** A process that was killed leaves its folder behind; its daemons died with it. */
function sweepDeadOnes(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0
    if (owner && !isAlive(owner)) rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true, maxRetries: 5 })
  }
}
