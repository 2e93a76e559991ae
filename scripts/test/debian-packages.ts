import { execFile } from 'node:child_process'
import { existsSync, lstatSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { missingPrograms } from '../../test/servers/ceph/programs'
import { missingOf } from '../../test/servers/programs'
import { PROGRAMS as POOLER_PROGRAMS } from '../../test/servers/pgbouncer-programs'

const run = promisify(execFile)
const INSTALL_SECONDS = 300
const UNITS = '/etc/systemd/system'

interface Wanted {
  /** What is installed, in words. */
  what: string
  packages: string[]
  /** Services that they would start. */
  units: string[]
  /** The programs that are not there. */
  missing(): string[]
  /** What is lost without it. */
  lost: string
}

const OBJECT_STORE: Wanted = {
  what: 'an object store (Ceph, 270 MB, about half a minute)',
  packages: ['radosgw', 'ceph-mon', 'ceph-osd'],
  units: ['ceph-crash.service', 'rbdmap.service'],
  missing: missingPrograms,
  lost: 'THE TESTS OF S3 ARE SKIPPED: there is no object store on this machine',
}

const POOLER: Wanted = {
  what: 'a connection pooler (PgBouncer, 1 MB)',
  packages: ['pgbouncer'],
  units: ['pgbouncer.service'],
  missing: () => missingOf(POOLER_PROGRAMS),
  lost: 'THE TESTS OF A CONNECTION POOLER ARE SKIPPED: there is no PgBouncer on this machine',
}

/** Make sure that what the tests use of Debian is there. In words what is lost; empty when nothing is. */
export async function installPackages(say: (words: string) => void): Promise<string[]> {
  return [await install(OBJECT_STORE, say), await install(POOLER, say)].flatMap((lost) => lost ?? [])
}

/** Make sure that a real object store (Ceph's gateway) is there. Undefined, or in words what is lost without it. */
export function installObjectStore(say: (words: string) => void): Promise<string | undefined> {
  return install(OBJECT_STORE, say)
}

async function install(wanted: Wanted, say: (words: string) => void): Promise<string | undefined> {
  const { what, packages, units, missing } = wanted
  if (!missing().length) return undefined
  if (process.platform !== 'linux') return lost(wanted, 'its packages are for Linux')
  if (process.getuid?.() !== 0) return lost(wanted, 'only root may install packages')
  say(`Installing ${what}`)
  keepServicesOff(units)
  try {
    await apt('update', '-qq')
    await apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  } catch (error) {
    return lost(wanted, String(error).split('\n')[0] ?? 'unknown')
  }
  return missing().length ? lost(wanted, `${missing().join(', ')} did not come with the packages`) : undefined
}

/** Where systemd runs, packages start services: masked before they come, they never do. */
function keepServicesOff(units: string[]): void {
  if (!existsSync(UNITS)) return
  for (const unit of units) {
    const file = path.join(UNITS, unit)
    if (!lstatSync(file, { throwIfNoEntry: false })) symlinkSync('/dev/null', file)
  }
}

function apt(...args: string[]): Promise<unknown> {
  const options = { timeout: INSTALL_SECONDS * 1000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 }
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], options)
}

function lost({ lost: words, packages }: Wanted, reason: string): string {
  return `${words} (${reason}).\nOn Debian or Ubuntu: apt-get install -y --no-install-recommends ${packages.join(' ')}`
}
