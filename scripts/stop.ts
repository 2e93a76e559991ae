import { setTimeout as wait } from 'node:timers/promises'
import { dataFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { leaveEmbeddedPostgres } from '@/lib/db/embedded/server'
import { livingProcess, removePidFile } from './pid-file.mjs'
import { endOrphan } from './serve/claim'
import { runCommand } from './serve/failure'

const END_SECONDS = 30

/** `npm stop`: ask the running start to end, and tidy up after one that was killed. */
async function stop(): Promise<void> {
  const data = dataFolder()
  const running = livingProcess(data, 'serve')
  if (running) {
    console.log(`Ending Tributary${running.url ? ` at ${running.url}` : ''}`)
    process.kill(running.pid, 'SIGTERM')
    const deadline = Date.now() + END_SECONDS * 1000
    while (livingProcess(data, 'serve')) {
      if (Date.now() > deadline) throw new AppError('timeout', { title: 'Tributary does not end', detail: `Process ${running.pid}`, advice: `End it by force: kill -9 ${running.pid}` })
      await wait(50)
    }
  }
  removePidFile(data, 'serve')
  await Promise.all(['web', 'worker'].map((name) => endOrphan(data, name, console.log)))
  await leaveEmbeddedPostgres(data)
  console.log(running ? 'Tributary has ended' : 'Tributary is not running')
}

void runCommand(dataFolder, stop)
