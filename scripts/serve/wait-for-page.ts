import fs from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '@/lib/core/errors'
import type { Child } from './child'
import { lastLines } from './data-folder'
import { portError } from './port'

const WAIT_SECONDS = 90
const DEATHS_ALLOWED = 3

/** Wait until the first page answers; says why when it does not. */
export async function waitForPage(url: string, web: Child, ending: AbortSignal): Promise<void> {
  const deadline = Date.now() + WAIT_SECONDS * 1000
  let status = 0
  while (Date.now() < deadline) {
    ending.throwIfAborted()
    if (web.deaths) throwWhenHopeless(url, web)
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([ending, AbortSignal.timeout(30_000)]) })
      await answer.arrayBuffer()
      status = answer.status
      if (status < 500) return
    } catch {
      // not listening yet
    }
    await wait(40, undefined, { signal: ending })
  }
  throw new AppError('timeout', {
    title: status ? `The first page answers with an error (${status})` : `The pages do not answer at ${url}`,
    detail: `The end of ${web.logFile}:\n${lastLines(web.logFile)}`,
  })
}

function throwWhenHopeless(url: string, web: Child): void {
  const log = fs.existsSync(web.logFile) ? fs.readFileSync(web.logFile, 'utf8') : ''
  const { hostname, port } = new URL(url)
  if (/EADDRINUSE/.test(log)) throw portError(Object.assign(new Error('in use'), { code: 'EADDRINUSE' }), hostname, Number(port))
  if (/ENOSPC/.test(log)) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
  if (web.deaths >= DEATHS_ALLOWED) throw new AppError('internal', { title: 'The pages cannot be started', detail: `The end of ${web.logFile}:\n${lastLines(web.logFile)}` })
}
