import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bareEnvironment, projectFolder } from '@/lib/core/env'

const WATCH_EVERY_MS = 50
const LAST_WORDS = 4_000

export interface WatchedProgram {
  /** Path of the program in the project, TypeScript or plain JavaScript. */
  program: string
  arguments: string[]
  folder: string
  /** What JavaScript may hold. */
  heapMb: number
  /** What the whole process may hold: also Node, code, and buffers that the engine does not count. */
  ceilingBytes: number
  /** Beside the bare environment. */
  environment?: Record<string, string>
}

/** Why we ended a process; undefined when it ended by itself. */
export type EndReason = 'memory' | 'time' | 'cancelled' | 'done'

/**
 * A child process with an engine that reads what strangers wrote. It has an empty environment, and is watched: above its ceiling of
 * memory it is killed, whatever it is doing.
 */
export class WatchedProcess {
  readonly folder: string
  /** When the process was started. */
  readonly startedAt = Date.now()
  /** Resolves once the process is gone. */
  readonly ended: Promise<void>
  endReason: EndReason | undefined
  private readonly child: ChildProcess
  private readonly ceilingBytes: number
  private watch: NodeJS.Timeout | undefined
  private lastWords = ''
  private hasEnded = false

  constructor(given: WatchedProgram, onMessage: (message: unknown) => void) {
    this.folder = given.folder
    this.ceilingBytes = given.ceilingBytes
    const loader = given.program.endsWith('.ts') ? ['--import', pathToFileURL(path.join(projectFolder(), 'node_modules/tsx/dist/loader.mjs')).href] : []
    this.child = spawn(process.execPath, [`--max-old-space-size=${given.heapMb}`, ...loader, path.join(projectFolder(), given.program), ...given.arguments], {
      cwd: given.folder,
      env: { ...bareEnvironment(), ...given.environment } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.child.on('message', onMessage)
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS)
    })
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        clearInterval(this.watch)
        this.hasEnded = true
        resolve()
      }
      this.child.on('error', (error) => {
        this.lastWords += error.message
        end()
      })
      this.child.on('close', end)
    })
  }

  get isAlive(): boolean {
    return !this.hasEnded
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** What the process wrote to standard error, for the log. */
  get complaint(): string {
    return this.lastWords
  }

  /** A process that is gone hears nothing; `ended` tells of it. */
  tell(message: object): void {
    if (!this.isAlive || !this.child.connected) return
    this.child.send(message, () => {})
  }

  /** It does not keep its parent alive. */
  rest(): void {
    this.child.unref()
    this.child.channel?.unref()
  }

  /** From now on this process is at work: it keeps its parent alive, and its memory is watched. */
  beginWork(): void {
    this.child.ref()
    this.child.channel?.ref()
    this.watch ??= setInterval(() => {
      const bytes = residentBytes(this.child.pid)
      if (bytes !== null && bytes > this.ceilingBytes) this.kill('memory')
    }, WATCH_EVERY_MS)
  }

  kill(reason: EndReason): void {
    this.endReason ??= reason
    this.child.kill('SIGKILL')
  }
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
