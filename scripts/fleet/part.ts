import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { bareEnvironment, projectFolder } from '@/lib/core/env'
import type { Line, Places } from './network'
import type { Place } from './relay'

const RESTART_MS = 2_000
/** Requests and leases that were lost come back after a while. */
const RECOVERS_MS = 30_000
const END_MS = 40_000

export type Kind = 'worker' | 'web'

export interface Shared {
  databaseOf(place: Place): string
  /** The rest of the environment, the same for all. */
  environment: Record<string, string>
}

/** A machine of the fleet: one process, with a folder of its own, on a line of its own. */
export class Part {
  /** How it ended by itself, while nothing was done to it. */
  readonly deaths: string[] = []
  starts = 0
  /** As long as something is wrong with it, or was a moment ago, it need not answer. */
  private troubles = 0
  private troubledUntil = 0
  private child: ChildProcess | undefined
  private isWanted = false

  constructor(
    readonly kind: Kind,
    readonly name: string,
    readonly line: Line,
    private readonly folder: string,
    private readonly shared: Shared,
  ) {}

  get data(): string {
    return path.join(this.folder, this.name)
  }

  get logFile(): string {
    return path.join(this.folder, `${this.name}.log`)
  }

  get url(): string {
    const { host, port } = this.line.own
    return `http://${host}:${port}`
  }

  get isTroubled(): boolean {
    return this.troubles > 0
  }

  /** Was anything wrong with it at some time since then? */
  wasTroubledSince(ms: number): boolean {
    return this.isTroubled || this.troubledUntil > ms
  }

  beginTrouble(): void {
    this.troubles++
  }

  endTrouble(): void {
    this.troubles--
    this.troubledUntil = Date.now() + RECOVERS_MS
  }

  async start(): Promise<void> {
    this.isWanted = true
    this.starts++
    mkdirSync(this.data, { recursive: true, mode: 0o700 })
    const log = openSync(this.logFile, 'a', 0o600)
    const environment = (places: Places, own: Place) => ({ ...bareEnvironment(), ...this.environment(places), HOST: own.host, PORT: String(own.port) })
    try {
      const child = await this.line.start({ command: [process.execPath, 'scripts/part.mjs', this.kind], environment, cwd: projectFolder(), log })
      this.child = child
      child.once('exit', (code, signal) => void this.onExit(child, String(signal ?? code)))
    } finally {
      closeSync(log)
    }
  }

  /** Waits until it answers; for ever, since it may be cut off. */
  async isUp(signal: AbortSignal): Promise<void> {
    if (this.kind === 'worker') return
    while (!(await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(2_000) }).then((response) => response.ok, () => false))) await wait(200, undefined, { signal })
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal)
  }

  /** Ended, by force or in order; gives the code or the signal that it ended with, and after how long. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ code: string; ms: number }> {
    this.isWanted = false
    const { child } = this
    const began = Date.now()
    if (!child || child.exitCode !== null || child.signalCode !== null) return { code: 'was gone', ms: 0 }
    const exit = once(child, 'exit')
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), END_MS)
    const [code, by] = await exit as [number | null, NodeJS.Signals | null] // as Node documents the event
    clearTimeout(late)
    return { code: String(by ?? code), ms: Date.now() - began }
  }

  /** Its disk is another one. */
  loseData(): void {
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5 })
  }

  /** What looks after machines starts again what ended by itself. */
  private async onExit(child: ChildProcess, code: string): Promise<void> {
    if (!this.isWanted || this.child !== child) return
    if (!this.wasTroubledSince(Date.now())) this.deaths.push(`${this.name} ended with ${code}`)
    this.beginTrouble()
    await wait(RESTART_MS)
    if (this.isWanted && this.child === child) await this.start().catch((error: unknown) => this.deaths.push(`${this.name} could not be started: ${String(error)}`))
    this.endTrouble()
  }

  private environment(places: Places): Record<string, string> {
    return { ...this.shared.environment, DATABASE_URL: this.shared.databaseOf(places.database), S3_ENDPOINT: `http://${places.bucket.host}:${places.bucket.port}`, TRIBUTARY_DATA: this.data }
  }
}
