import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { objectStore } from './object-store'
import type { LocalPath, StoredFile } from './object-store/store'

/** A private folder for one run's temporary files; its name tells which run it belongs to. */
export interface Scratch {
  folder: string
  /** The path of a new temporary file. */
  file(ending: string): string
  /** Make files of the warehouse readable until `remove`. */
  hold(files: readonly StoredFile[]): Promise<LocalPath>
  remove(): Promise<void>
}

/** Where temporary files live; nothing in it is needed after a crash. */
export function scratchFolder(): string {
  return path.join(dataFolder(), 'scratch')
}

/** Make the scratch folder of a run. A killed process leaves it behind; sweepScratch removes it. */
export async function makeScratch(runId: string, signal?: AbortSignal): Promise<Scratch> {
  const folder = path.join(scratchFolder(), `run-${runId}-${randomUUID().slice(0, 8)}`)
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  let files = 0
  return {
    folder,
    file: (ending) => path.join(folder, `${files++}.${ending}`),
    hold: (stored) => objectStore().hold(stored, folder, signal),
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  }
}

/**
 * Remove the scratch folders of runs that are not among `activeRunIds`, and spill folders of processes
 * that are gone. Gives the number of folders removed.
 */
export async function sweepScratch(activeRunIds: ReadonlySet<string>): Promise<number> {
  const names = await fs.readdir(scratchFolder()).catch(() => [])
  let removed = 0
  for (const name of names) {
    const runId = /^run-([0-9a-f-]{36})-/.exec(name)?.[1]
    const pid = /^duckdb-(\d+)(?:-[0-9a-f]{8})?$/.exec(name)?.[1]
    const isDead = runId ? !activeRunIds.has(runId) : pid ? !isAlive(Number(pid)) : false
    if (!isDead) continue
    await fs.rm(path.join(scratchFolder(), name), { recursive: true, force: true })
    removed++
  }
  return removed
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
