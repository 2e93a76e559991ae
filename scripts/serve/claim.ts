import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '@/lib/core/errors'
import { withProcessLock } from '@/lib/db/embedded/process-lock'
import { livingProcess, removePidFile, writePidFile } from '../pid-file.mjs'
import { killGroup } from './child'

const END_SECONDS = 12

/** Make this process the one start of the data folder, and end what a killed former start left behind. */
export async function claimDataFolder(data: string, say: (words: string) => void): Promise<void> {
  fs.mkdirSync(path.join(data, 'run'), { recursive: true, mode: 0o700 })
  await withProcessLock(path.join(data, 'run', 'claim.lock'), async () => {
    const running = livingProcess(data, 'serve')
    if (running && running.pid !== process.pid) {
      throw new AppError('conflict', {
        title: running.url ? `Tributary is already running at ${running.url}` : 'Tributary is already starting',
        detail: `Process ${running.pid} uses the data folder ${data}`,
        advice: 'Open that address, or end it first with: npm stop',
      })
    }
    await Promise.all(['web', 'worker'].map((name) => endOrphan(data, name, say)))
    writePidFile(data, 'serve', process.pid, '')
  })
}

/** End a process that outlived its start; one that merely has its number is left alone. */
export async function endOrphan(data: string, name: string, say: (words: string) => void): Promise<void> {
  const orphan = livingProcess(data, name)
  if (orphan) {
    say(`Ending the ${name} process of a start that was killed`)
    signal(orphan.pid, 'SIGTERM')
    const deadline = Date.now() + END_SECONDS * 1000
    while (livingProcess(data, name) && Date.now() < deadline) await wait(50)
    if (livingProcess(data, name)) killGroup(orphan.pid)
  }
  removePidFile(data, name)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
