import { execFile } from 'node:child_process'
import { existsSync, lstatSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { missingPrograms } from '../../test/servers/ceph/programs'

const run = promisify(execFile)
const INSTALL_SECONDS = 300
const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd']
const UNITS = '/etc/systemd/system'

/** Make sure that a real object store (Ceph's gateway) is there for the tests of S3. Undefined, or in words what is lost without it. */
export async function installObjectStore(say: (words: string) => void): Promise<string | undefined> {
  if (!missingPrograms().length) return undefined
  if (process.platform !== 'linux') return lost('Ceph runs on Linux only')
  if (process.getuid?.() !== 0) return lost('only root may install packages')
  say('Installing an object store (Ceph, 270 MB, about half a minute)')
  keepServicesOff()
  try {
    await apt('update', '-qq')
    await apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
  } catch (error) {
    return lost(String(error).split('\n')[0] ?? 'unknown')
  }
  const missing = missingPrograms()
  return missing.length ? lost(`${missing.join(', ')} did not come with the packages`) : undefined
}

/** The packages start a service that collects crashes, where systemd runs: masked before they come, it never does. */
function keepServicesOff(): void {
  if (!existsSync(UNITS)) return
  for (const unit of ['ceph-crash.service', 'rbdmap.service']) {
    const file = path.join(UNITS, unit)
    if (!lstatSync(file, { throwIfNoEntry: false })) symlinkSync('/dev/null', file)
  }
}

function apt(...args: string[]): Promise<unknown> {
  const options = { timeout: INSTALL_SECONDS * 1000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 }
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], options)
}

function lost(reason: string): string {
  return `THE TESTS OF S3 ARE SKIPPED: there is no object store on this machine (${reason}).\nOn Debian or Ubuntu: apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`
}
