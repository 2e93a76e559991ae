import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { queryFolder } from './query-process'

/** Remove the folders of query processes whose program is gone: it was killed before it could. */
export function sweepQueryFolders(): void {
  for (const name of foldersThere()) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1])
    if (pid && !isRunning(pid)) rmSync(path.join(queryFolder(), name), { recursive: true, force: true })
  }
}

function foldersThere(): string[] {
  try {
    return readdirSync(queryFolder())
  } catch (error) {
    // no query has been run yet
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
