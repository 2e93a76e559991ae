import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bareEnvironment, dataFolder, projectFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { ChildReply, type ChildRequest } from './messages'

const MB = 1024 * 1024
const HEAP_MB = 384
const WATCH_EVERY_MS = 50
const LAST_WORDS = 4_000

export interface ProcessLimits {
  /** What the engine may hold by its own account; beyond it spills. */
  memoryBytes: number
  /** What the whole process may hold: also Node, code, and buffers that the engine does not count. */
  ceilingBytes: number
  spillBytes: number
  threads: number
}

const usualLimits: ProcessLimits = {
  memoryBytes: limits.queryMemoryBytes,
  ceilingBytes: limits.queryMemoryBytes + 512 * MB,
  spillBytes: limits.querySpillBytes,
  threads: limits.queryThreads,
}

/** Why we ended a process; undefined when it ended by itself. */
export type EndReason = 'memory' | 'time' | 'cancelled' | 'done'

/**
 * One child process for one query. It has an empty environment and a folder of its own, and is watched: above
 * its ceiling of memory it is killed, whatever it is doing.
 */
export class QueryProcess {
  readonly folder: string
  /** When the process was started. */
  readonly startedAt = Date.now()
  private readonly child: ChildProcess
  private readonly inbox: ChildReply[] = []
  private waiting: (() => void) | undefined
  private watch: NodeJS.Timeout | undefined
  private lastWords = ''
  private hasEnded = false
  endReason: EndReason | undefined

  private readonly ceilingBytes: number

  constructor(given: ProcessLimits = usualLimits) {
    this.ceilingBytes = given.ceilingBytes
    this.folder = path.join(queryFolder(), `${process.pid}-${newId()}`)
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const loader = pathToFileURL(path.join(projectFolder(), 'node_modules/tsx/dist/loader.mjs')).href
    const program = path.join(projectFolder(), 'lib/warehouse/query/child.ts')
    const sandboxLimits = [given.memoryBytes, given.spillBytes, given.threads].map(String)
    this.child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, '--import', loader, program, ...sandboxLimits], {
      cwd: this.folder,
      env: bareEnvironment() as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.listen()
    // a spare process must not keep a command from ending
    this.child.unref()
    this.child.channel?.unref()
  }

  get isAlive(): boolean {
    return !this.hasEnded
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  send(request: ChildRequest): void {
    if (!this.isAlive || !this.child.connected) return
    // a process that is gone is noticed by `next`
    this.child.send(request, () => {})
  }

  /** The next thing that the child says; undefined once it has ended. */
  async next(): Promise<ChildReply | undefined> {
    for (;;) {
      const reply = this.inbox.shift()
      if (reply) return reply
      if (this.hasEnded) return undefined
      await new Promise<void>((resolve) => {
        this.waiting = resolve
      })
    }
  }

  /** From now on this process is at work: it keeps its parent alive, and its memory is watched. */
  beginWork(): void {
    this.child.ref()
    this.child.channel?.ref()
    this.watch = setInterval(() => {
      const bytes = residentBytes(this.child.pid)
      if (bytes !== null && bytes > this.ceilingBytes) this.kill('memory')
    }, WATCH_EVERY_MS)
  }

  kill(reason: EndReason): void {
    this.endReason ??= reason
    this.child.kill('SIGKILL')
  }

  /** End the process, wait until it is gone, and remove its folder. */
  async close(): Promise<void> {
    this.kill('done')
    while (!this.hasEnded) await this.next()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** What the process wrote to standard error, for the log. */
  get complaint(): string {
    return this.lastWords
  }

  private listen(): void {
    this.child.on('message', (message) => {
      const reply = ChildReply.safeParse(message)
      if (reply.success) this.inbox.push(reply.data)
      else this.inbox.push({ kind: 'failed', failure: { type: 'Process', message: 'The query process said something unknown' } })
      this.wake()
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS)
    })
    const end = (): void => {
      if (this.watch) clearInterval(this.watch)
      this.hasEnded = true
      this.wake()
    }
    this.child.on('error', (error) => {
      this.lastWords += error.message
      end()
    })
    this.child.on('close', end)
  }

  private wake(): void {
    this.waiting?.()
    this.waiting = undefined
  }
}

/** Where the folders of query processes are: beside the warehouse, so that its files can be linked into them. */
export function queryFolder(): string {
  return path.join(dataFolder(), 'query')
}

function residentBytes(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || !pid) return null
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return pages * 4096
  } catch {
    // it has just ended
    return null
  }
}
