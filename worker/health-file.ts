import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { isAlive } from '@/lib/db/embedded/process-lock'

/** `workers/<pid>.json` in the data folder: which workers there are, and when each was last well. */
export class HealthFile {
  private readonly folder = path.join(dataFolder(), 'workers')
  private readonly file = path.join(this.folder, `${process.pid}.json`)
  private readonly startedAt = new Date().toISOString()

  /** Files of workers that were killed are removed on the way. */
  write(owner: string, runs: number): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(this.folder)) {
      if (!isAlive(Number.parseInt(name, 10))) rmSync(path.join(this.folder, name), { force: true })
    }
    writeFileSync(this.file, JSON.stringify({ pid: process.pid, owner, startedAt: this.startedAt, wellAt: new Date().toISOString(), runs }) + '\n', { mode: 0o600 })
  }

  remove(): void {
    rmSync(this.file, { force: true })
  }
}
