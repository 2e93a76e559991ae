import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { bareEnvironment } from '@/lib/core/env'
import { canBeReached, freePort } from './free-port'
import { PROGRAMS } from './pgbouncer-programs'
import { missingOf } from './programs'

const START_SECONDS = 20
/** It refuses to run as root, and its own switch of users would take the tie to its parent off. */
const NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups']

/** For `describe.skipIf`: is there no PgBouncer on this machine? `npm test` installs it where it may. */
export const hasNoPgbouncer = missingOf(PROGRAMS).length > 0

export interface Pooled {
  mode: 'session' | 'transaction' | 'statement'
  server: { host: string; port: number; database: string }
  /** By their names. */
  passwords: Record<string, string>
  /** Of its own, beside those that every one of a test has. */
  settings?: Record<string, string | number>
}

export interface PgBouncer {
  port: number
  stop(): Promise<void>
}

/** A real pooler before a database, on a free port of this machine. It dies with the process that started it. */
export async function startPgbouncer({ mode, server, passwords, settings = {} }: Pooled): Promise<PgBouncer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tributary-pgbouncer-'))
  const port = await freePort()
  const users = path.join(folder, 'users.txt')
  const config = path.join(folder, 'pgbouncer.ini')
  const all = { listen_addr: '127.0.0.1', listen_port: port, unix_socket_dir: '', auth_type: 'scram-sha-256', auth_file: users, pool_mode: mode, default_pool_size: 10, ...settings }
  writeFileSync(users, Object.entries(passwords).map(([name, password]) => `"${name}" "${password}"\n`).join(''))
  writeFileSync(config, `[databases]\n${server.database} = host=${server.host} port=${server.port}\n[pgbouncer]\n${Object.entries(all).map(([name, value]) => `${name} = ${value}\n`).join('')}`)
  chmodSync(folder, 0o755)
  const as = process.getuid?.() === 0 ? NOBODY : []
  const child = spawn('setpriv', [...as, '--pdeathsig', 'KILL', 'pgbouncer', config], { env: { ...bareEnvironment() } as unknown as NodeJS.ProcessEnv, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (words) => (said += String(words)))
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + START_SECONDS * 1000; !(await canBeReached(port)); await wait(10)) {
    if (child.exitCode === null && Date.now() < deadline) continue
    await stop()
    throw new Error(`PgBouncer did not start. ${said}`)
  }
  return { port, stop }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
