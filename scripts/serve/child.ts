import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '@/lib/core/env'
import { removePidFile, writePidFile } from '../pid-file.mjs'
import { openLog } from './data-folder'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A process that lived this long was well; the next restart begins with the shortest pause again. */
const HEALTHY_MS = 60_000

export interface ChildPlan {
  name: 'web' | 'worker'
  /** Arguments for node. */
  args: string[]
  environment: NodeJS.ProcessEnv
  data: string
  /** After a request to end, this long until it is killed. */
  endSeconds: number
}

/** A process that is kept alive until it is ended. */
export class Child {
  readonly logFile: string
  /** How often it ended unasked since it was last well. */
  deaths = 0
  private process: ChildProcess | undefined
  private isEnding = false
  private exit: Promise<void> = Promise.resolve()
  private readonly log: number
  private restart: NodeJS.Timeout | undefined

  constructor(private readonly plan: ChildPlan, private readonly say: (words: string) => void) {
    const { file, descriptor } = openLog(plan.data, plan.name)
    this.logFile = file
    this.log = descriptor
  }

  start(): void {
    const { name, args, environment, data } = this.plan
    const preload = pathToFileURL(path.join(projectFolder(), 'scripts/serve/end-with-parent.mjs')).href
    const began = Date.now()
    // a group of its own: Ctrl-C in the terminal reaches only us, and we end things in order
    const child = spawn(process.execPath, ['--import', preload, ...args], { cwd: projectFolder(), env: environment, detached: true, stdio: ['ignore', this.log, this.log, 'ipc'] })
    this.process = child
    if (child.pid) writePidFile(data, name, child.pid)
    this.exit = new Promise((resolve) => {
      child.once('error', (error) => this.say(`The ${name} process could not be started: ${error.message}`))
      child.once('exit', (code, signal) => {
        resolve()
        if (!this.isEnding) this.startAgain(signal ?? `exit code ${code}`, Date.now() - began)
      })
    })
  }

  private startAgain(reason: string, livedMs: number): void {
    this.deaths = livedMs > HEALTHY_MS ? 1 : this.deaths + 1
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.deaths - 1), LONGEST_PAUSE_MS)
    this.say(`The ${this.plan.name} process ended unexpectedly (${reason}); starting it again in ${pauseMs / 1000} s. Its log: ${this.logFile}`)
    this.restart = setTimeout(() => this.start(), pauseMs)
  }

  /** End it and start it with other values in its environment. */
  async restartWith(values: Record<string, string>): Promise<void> {
    Object.assign(this.plan.environment, values)
    await this.end()
    this.isEnding = false
    this.start()
  }

  /** Ask it to end, and kill it when it does not. */
  async end(): Promise<void> {
    this.isEnding = true
    clearTimeout(this.restart)
    const { process: child, plan } = this
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const deadline = new AbortController()
      await Promise.race([this.exit, wait(plan.endSeconds * 1000, undefined, { signal: deadline.signal }).catch(() => {})])
      deadline.abort()
      killGroup(child.pid)
    }
    removePidFile(plan.data, plan.name)
  }

  /** End it now. */
  kill(): void {
    this.isEnding = true
    clearTimeout(this.restart)
    if (this.process?.pid) killGroup(this.process.pid)
  }
}

/** The process and what it started itself. */
export function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // gone already
    }
  }
}
