import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { bareEnvironment, dataFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { canReach, serverAccount, type Account } from './account'
import { postgresBinaries } from './binaries'
import { isAbandoned, isAlive, isPostmaster, livingUsers, readNumber, withProcessLock } from './process-lock'

const SUPERUSER = 'tributary'
const START_SECONDS = 30

interface Place {
  binaries: string
  /** Holds the cluster, its password, its port and its log. */
  home: string
  account: Account | undefined
}

export interface EmbeddedServer {
  port: number
  password: string
  /** A connection string of the superuser for a database of this server. */
  urlFor(database: string): string
  /** Leave the server; the last process that uses it stops it. */
  release(): Promise<void>
}

/** Start the private PostgreSQL of a data folder, or join it when it runs; safe in many processes at once. */
export async function startEmbeddedPostgres(data = dataFolder(), say: (words: string) => void = () => {}): Promise<EmbeddedServer> {
  const place = choosePlace(data, say)
  return withProcessLock(path.join(place.home, 'start.lock'), async () => {
    await initialise(place, say)
    const password = fs.readFileSync(path.join(place.home, 'password'), 'utf8').trim()
    const port = (await runningPort(place, password)) ?? (await startServer(place, password, say))
    const users = path.join(place.home, 'users')
    fs.mkdirSync(users, { recursive: true })
    fs.writeFileSync(path.join(users, String(process.pid)), '')
    return { port, password, urlFor: (database) => urlFor(port, password, database), release: () => release(place) }
  })
}

function urlFor(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

function choosePlace(data: string, say: (words: string) => void): Place {
  const account = serverAccount()
  const binaries = postgresBinaries()
  fs.mkdirSync(data, { recursive: true, mode: 0o700 })
  fs.chmodSync(data, 0o700)
  const home = path.join(data, 'postgres')
  if (!account) {
    fs.mkdirSync(home, { recursive: true, mode: 0o700 })
    return { binaries, home, account }
  }
  if (canReach(binaries, account) && canReach(path.dirname(data), account)) {
    fs.chownSync(data, account.uid, account.gid) // root passes everywhere; the server's account must pass here
    makeHome(home)
    return { binaries, home, account }
  }
  return outsidePlace(data, binaries, account, say)
}

/** Root keeps the project where no other account may look (a 0700 folder): the server lives beside the system's. */
function outsidePlace(data: string, binaries: string, account: Account, say: (words: string) => void): Place {
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 12)
  const outside = path.join('/var/lib', `tributary-${hash}`)
  say(`The account ${account.user} cannot enter ${data}; the database is kept in ${outside}`)
  const copy = path.join(outside, 'native')
  const copied = path.join(outside, 'native-copied')
  if (!fs.existsSync(copied)) {
    const mask = process.umask(0o022) // the server's account reads the copy, whatever ours lets others do
    try {
      fs.rmSync(copy, { recursive: true, force: true })
      fs.cpSync(binaries, copy, { recursive: true, verbatimSymlinks: true })
      fs.writeFileSync(copied, '')
    } finally {
      process.umask(mask)
    }
  }
  const home = path.join(outside, 'home')
  makeHome(home)
  return { binaries: copy, home, account }
}

/** The server's account walks through it to the cluster, whatever the umask of the one who starts. */
function makeHome(home: string): void {
  fs.mkdirSync(home, { recursive: true, mode: 0o711 })
  fs.chmodSync(home, 0o711)
}

async function initialise({ binaries, home, account }: Place, say: (words: string) => void): Promise<void> {
  const cluster = path.join(home, 'cluster')
  const done = path.join(home, 'initialised') // written last: an interrupted initdb leaves no usable cluster
  if (fs.existsSync(done)) return
  say('Making the database')
  fs.rmSync(cluster, { recursive: true, force: true })
  const secret = path.join(home, 'password')
  fs.writeFileSync(secret, randomBytes(24).toString('base64url') + '\n', { mode: 0o600 })
  fs.mkdirSync(cluster, { mode: 0o700 })
  if (account) for (const file of [cluster, secret]) fs.chownSync(file, account.uid, account.gid)
  const options = ['-D', cluster, '-U', SUPERUSER, '-A', 'scram-sha-256', '--pwfile', secret, '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  try {
    execFileSync(program(binaries, 'initdb'), options, { ...identity(account), env: environment(), stdio: ['ignore', 'pipe', 'pipe'], cwd: home })
  } catch (error) {
    throw startError(String((error as { stderr?: Buffer }).stderr ?? error), error)
  }
  fs.writeFileSync(done, '')
}

async function runningPort({ home }: Place, password: string): Promise<number | undefined> {
  const file = path.join(home, 'cluster', 'postmaster.pid')
  if (!fs.existsSync(file)) return undefined
  const [pid, , , port] = fs.readFileSync(file, 'utf8').split('\n').map(Number)
  return pid && port && isPostmaster(pid, path.join(home, 'cluster')) && (await answers(port, password)) ? port : undefined
}

async function startServer(place: Place, password: string, say: (words: string) => void): Promise<number> {
  say('Starting the database')
  const pidFile = path.join(place.home, 'cluster', 'postmaster.pid')
  const formerPid = readNumber(pidFile)
  const began = Date.now()
  // The children of a server that was just killed may hold the cluster for a moment: try again until the deadline.
  while (Date.now() - began < START_SECONDS * 1000) {
    if (isAbandoned(path.join(place.home, 'cluster'))) fs.rmSync(pidFile, { force: true })
    const port = await pickPort(path.join(place.home, 'port'))
    const child = spawnServer(place, port)
    while (child.exitCode === null && Date.now() - began < START_SECONDS * 1000) {
      if (await answers(port, password)) return port
      await wait(30)
    }
    await wait(250)
    // PostgreSQL clears a stale lock file itself, except when the dead server is a zombie; its backends are gone by now.
    if (formerPid && Date.now() - began > 5_000 && !isPostmaster(formerPid, path.join(place.home, 'cluster'))) fs.rmSync(pidFile, { force: true })
  }
  throw startError(lastLines(path.join(place.home, 'postgres.log')))
}

function spawnServer({ binaries, home, account }: Place, port: number): ChildProcess {
  const log = fs.openSync(path.join(home, 'postgres.log'), 'a')
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=64MB', 'max_connections=100', 'log_min_messages=warning'].flatMap((setting) => ['-c', setting])
  const child = spawn(program(binaries, 'postgres'), ['-D', path.join(home, 'cluster'), '-p', String(port), ...settings], { ...identity(account), env: environment(), cwd: home, detached: true, stdio: ['ignore', log, log] })
  child.on('error', () => {}) // seen as an exit code or a missing answer by the caller
  child.unref()
  fs.closeSync(log)
  return child
}

/** The port of the last start when it is free, so that pools in other processes reconnect by themselves. */
async function pickPort(file: string): Promise<number> {
  const former = readNumber(file)
  const port = (former && (await freePort(former))) || (await freePort(0))
  fs.writeFileSync(file, String(port))
  return port
}

function freePort(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', () => resolve(0))
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlFor(port, password, 'postgres'), connectionTimeoutMillis: 2000 })
  client.on('error', () => {}) // a server that goes away again is seen by the next try
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** Stop the server of a data folder when no living process uses it; for a start that was killed. */
export async function leaveEmbeddedPostgres(data = dataFolder()): Promise<void> {
  if (!fs.existsSync(data)) return
  const place = choosePlace(data, () => {})
  if (fs.existsSync(path.join(place.home, 'cluster'))) await release(place)
}

async function release({ home }: Place): Promise<void> {
  await withProcessLock(path.join(home, 'start.lock'), async () => {
    const users = path.join(home, 'users')
    fs.rmSync(path.join(users, String(process.pid)), { force: true })
    const pid = readNumber(path.join(home, 'cluster', 'postmaster.pid'))
    if (livingUsers(users).length || !pid || !isPostmaster(pid, path.join(home, 'cluster'))) return
    process.kill(pid, 'SIGINT') // fast shutdown: sessions are ended, the cluster is closed cleanly
    for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 20) await wait(20)
  })
}

function program(binaries: string, name: string): string {
  return path.join(binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {}
}

function environment(): NodeJS.ProcessEnv {
  return { ...bareEnvironment(), LC_ALL: 'C', TZ: 'UTC' } as unknown as NodeJS.ProcessEnv
}

function lastLines(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n') : ''
}

function startError(output: string, cause?: unknown): AppError {
  const isFull = /No space left on device|could not extend file|Disk quota exceeded/i.test(output)
  return new AppError(isFull ? 'storage_full' : 'internal', {
    title: isFull ? 'The disk is full: the database cannot start' : 'The embedded PostgreSQL did not start',
    detail: output.split('\n').findLast((line) => /FATAL|error|could not/i.test(line))?.trim(),
    advice: isFull ? 'Free some space, then start again' : 'The file postgres.log beside the database says more',
  }, { cause })
}
