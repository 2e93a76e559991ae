import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '@/lib/core/errors'
import { birthOf } from '@/lib/core/process-birth.mjs'

/** Is the process there and no zombie? A killed process that nobody reaps still answers signal 0. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true // no /proc on this system: signal 0 has to do
  }
}

/** Is the process the server of this cluster, and not another program that got its number after a crash? */
export function isPostmaster(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false
  try {
    if (process.platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster)
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().includes(cluster)
  } catch {
    return false // ended just now
  }
}

/**
 * Is nobody of a killed server left in the cluster? PostgreSQL finds that out by itself, except where the dead server is
 * a zombie: there its lock would hold for ever. Only where the system tells each process's folder; else false.
 */
export function isAbandoned(cluster: string): boolean {
  const pid = readNumber(path.join(cluster, 'postmaster.pid'))
  if (process.platform !== 'linux' || !pid || isPostmaster(pid, cluster)) return false
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).every((name) => {
    try {
      return fs.readlinkSync(`/proc/${name}/cwd`) !== cluster
    } catch {
      return true // gone, a zombie, or of another account, as the server's processes never are to us
    }
  })
}

/**
 * Run `body` while no other process of this machine is inside the same lock; a dead holder's lock is taken over.
 * Waits up to `waitSeconds`, then throws an AppError.
 */
export async function withProcessLock<T>(file: string, body: () => Promise<T>, waitSeconds = 60): Promise<T> {
  const deadline = Date.now() + waitSeconds * 1000
  while (!take(file)) {
    const holder = readHolder(file)
    if (holder && !isSameProcess(holder)) removeDead(file, holder)
    else if (Date.now() > deadline) throw new AppError('timeout', { title: 'Another process holds a lock and does not finish', detail: `Process ${holder?.split(' ')[0] ?? 'unknown'} holds ${file}`, advice: 'End it, then start again' })
    else await wait(50)
  }
  try {
    return await body()
  } finally {
    fs.rmSync(file, { force: true })
  }
}

/** A lock appears whole, with its holder inside, or not at all: a process killed while it locks leaves no riddle. */
function take(file: string): boolean {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  fs.writeFileSync(draft, `${process.pid} ${birthOf(process.pid) ?? ''}`)
  try {
    fs.linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    fs.rmSync(draft, { force: true })
  }
}

function readHolder(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined // released just now
  }
}

/** Process numbers are used again (in containers soon): the holder lives only when it was also born at the same time. */
function isSameProcess(holder: string): boolean {
  const [pid, ...birth] = holder.split(' ')
  return birthOf(Number(pid)) === birth.join(' ')
}

/** Of two processes that find the same dead holder, the second may meet the lock of the first: it puts that back. */
function removeDead(file: string, holder: string): void {
  const taken = `${file}.${process.pid}.dead`
  try {
    fs.renameSync(file, taken)
    if (fs.readFileSync(taken, 'utf8') !== holder) fs.linkSync(taken, file)
    fs.rmSync(taken, { force: true })
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code))) throw error
  }
}

export function readNumber(file: string): number {
  try {
    return Number(fs.readFileSync(file, 'utf8').split('\n')[0]) || 0
  } catch {
    return 0 // not there (any more)
  }
}

/** The living processes that registered themselves in the folder; entries of dead ones are removed. */
export function livingUsers(folder: string): number[] {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder).map(Number).filter((pid) => {
    const isUser = pid === process.pid || isAlive(pid)
    if (!isUser) fs.rmSync(path.join(folder, String(pid)), { force: true })
    return isUser
  })
}
