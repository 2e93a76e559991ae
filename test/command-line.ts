import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** The command line as a person runs it: a process of its own, in another folder than the project's. */
export class CommandLine {
  private readonly program = path.resolve('cli/tributary.mjs')

  constructor(
    private readonly folder: string,
    private readonly databaseUrl: string,
  ) {}

  begin(args: string[], env: Record<string, string | undefined> = {}): ChildProcess {
    return spawn(process.execPath, [this.program, ...args], { cwd: this.folder, env: { ...process.env, DATABASE_URL: this.databaseUrl, TRIBUTARY_DATA: dataFolder(), LOG_LEVEL: 'error', VITEST: undefined, NODE_OPTIONS: undefined, ...env } })
  }

  run(...args: string[]): Promise<Ended> {
    return endOf(this.begin(args))
  }

  /** One JSON document on standard output, and nothing else. */
  async json<T = never>(...args: string[]): Promise<{ code: number | null; document: T; err: string }> {
    const { code, out, err } = await this.run(...args, '--json')
    return { code, document: JSON.parse(out), err }
  }
}

export function endOf(child: ChildProcess, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    let out = ''
    let err = ''
    child.stdout?.on('data', (chunk) => (out += chunk))
    child.stderr?.on('data', (chunk) => (err += chunk))
    child.stdin?.end(input)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}
