import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '@/lib/core/errors'

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

/** Run `body` while no other process of this machine is inside the same lock; a dead holder's lock is taken over. */
export async function withProcessLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readNumber(file)
    if (holder && !isAlive(holder)) fs.rmSync(file, { force: true })
    else if (Date.now() > deadline) throw new AppError('timeout', { title: 'Another process is starting the database and does not finish', detail: `Process ${holder}`, advice: 'End it, then start again' })
    else await wait(50)
  }
  try {
    return await body()
  } finally {
    fs.rmSync(file, { force: true })
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
