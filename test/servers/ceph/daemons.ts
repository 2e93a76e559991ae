import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { bareEnvironment } from '@/lib/core/env'

const run = promisify(execFile)
/** A command that waits for a daemon that is not there would wait for ever. */
const COMMAND_SECONDS = 30

/** One small Ceph in a folder: its settings, its daemons, the commands that speak to it. */
export class Daemons {
  private children: ChildProcess[] = []
  private readonly death = new AbortController()
  private readonly config: string

  constructor(
    readonly folder: string,
    settings: string,
  ) {
    for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(path.join(folder, name))
    this.config = path.join(folder, 'ceph.conf')
    writeFileSync(this.config, settings)
  }

  /** Run a command to its end, or to that of a daemon. */
  async command(program: string, args: string[], input?: string): Promise<string> {
    const running = run(program, ['-c', this.config, ...args], { env: this.environment(), cwd: this.folder, timeout: COMMAND_SECONDS * 1000, signal: this.death.signal })
    if (input !== undefined) running.child.stdin?.end(input)
    return (await running).stdout
  }

  /** Start a daemon. It dies with this process, however this process ends. */
  start(program: string, args: string[]): void {
    const log = openSync(this.logOf(program), 'a')
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, '-c', this.config, '-f', ...args], { env: this.environment(), cwd: this.folder, stdio: ['ignore', log, log] })
    child.once('error', () => this.death.abort())
    child.once('exit', () => this.children.includes(child) && this.death.abort())
    closeSync(log)
    this.children.push(child)
  }

  /** End a daemon that is to be started again. */
  async end(program: string): Promise<void> {
    const ended = this.children.filter((child) => child.spawnargs.includes(program))
    this.children = this.children.filter((child) => !ended.includes(child))
    await Promise.all(ended.map((child) => end(child)))
  }

  /** The daemons that are there no more, with what they said last. */
  ended(): string | undefined {
    const dead = this.children.filter((child) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return dead.length ? dead.map((child) => this.lastWords(child)).join('\n') : undefined
  }

  /** What they hold is gone anyway: nothing is closed in order. */
  async kill(): Promise<void> {
    await Promise.all(this.children.map((child) => end(child)))
  }

  private lastWords(child: ChildProcess): string {
    const program = child.spawnargs[3] ?? ''
    return `${program}: ${readFileSync(this.logOf(program), 'utf8').trim().split('\n').slice(-3).join('\n')}`
  }

  private logOf(program: string): string {
    return path.join(this.folder, 'log', `${program}.out`)
  }

  private environment(): NodeJS.ProcessEnv {
    return { ...bareEnvironment(), LC_ALL: 'C.UTF-8', TZ: 'UTC', HOME: this.folder } as unknown as NodeJS.ProcessEnv
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
