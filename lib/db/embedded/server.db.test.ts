import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { projectFolder } from '@/lib/core/env'
import { isAlive, readNumber, withProcessLock } from './process-lock'
import { leaveEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedServer } from './server'

let data: string
const children: ChildProcess[] = []

beforeEach(() => {
  data = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child)
  await leaveEmbeddedPostgres(data)
  fs.rmSync(data, { recursive: true, force: true })
})

const postmaster = () => readNumber(path.join(data, 'postgres', 'cluster', 'postmaster.pid'))

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** Another process that starts or joins the server, says its port, and stays until it is told to release or is killed. */
async function starter(): Promise<{ child: ChildProcess; port: number; release(): Promise<void> }> {
  const code = `import { startEmbeddedPostgres } from '@/lib/db/embedded/server'
    const server = await startEmbeddedPostgres(${JSON.stringify(data)})
    process.send!(server.port)
    process.once('message', async () => { await server.release(); process.exit(0) })`
  const file = path.join(data, `starter-${children.length}.mts`)
  fs.writeFileSync(file, code)
  const child = spawn(process.execPath, ['--import', 'tsx', file], { cwd: projectFolder(), env: { ...process.env, TSX_TSCONFIG_PATH: path.join(projectFolder(), 'tsconfig.json') }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.push(child)
  const [port] = (await once(child, 'message')) as [number]
  return { child, port, async release() { const gone = once(child, 'exit'); child.send('release'); await gone } }
}

async function query(server: EmbeddedServer, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.urlFor('postgres') })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('starters at once share one server, and the last one stops it', async () => {
  const [mine, a, b] = await Promise.all([startEmbeddedPostgres(data), starter(), starter()])
  expect([a.port, b.port]).toEqual([mine.port, mine.port])
  const pid = postmaster()
  await mine.release()
  await a.release()
  expect(isAlive(pid)).toBe(true)
  await b.release()
  expect(isAlive(pid)).toBe(false)
})

test('a user that was killed does not keep the server alive', async () => {
  const mine = await startEmbeddedPostgres(data)
  const other = await starter()
  const pid = postmaster()
  await kill(other.child)
  await mine.release()
  expect(isAlive(pid)).toBe(false)
})

test('after kill -9 of the server the next start recovers what was committed, on the same port', async () => {
  const first = await startEmbeddedPostgres(data)
  await query(first, 'create table kept (x int)')
  await query(first, 'insert into kept values (1)')
  process.kill(postmaster(), 'SIGKILL')
  const second = await startEmbeddedPostgres(data)
  expect(await query(second, 'select x from kept')).toEqual([{ x: 1 }])
  expect(second.port).toBe(first.port)
  await second.release()
})

test('after kill -9 of the starter its server is joined', async () => {
  const killed = await starter()
  const pid = postmaster()
  await kill(killed.child)
  const mine = await startEmbeddedPostgres(data)
  expect(postmaster()).toBe(pid)
  await mine.release()
  expect(isAlive(pid)).toBe(false)
})

test('an initialisation that was interrupted is done again', async () => {
  const cluster = path.join(data, 'postgres', 'cluster')
  fs.mkdirSync(cluster, { recursive: true })
  fs.writeFileSync(path.join(cluster, 'PG_VERSION'), 'half')
  const server = await startEmbeddedPostgres(data)
  expect(await query(server, 'select 1 as x')).toEqual([{ x: 1 }])
  await server.release()
})

test('a stale pid file that names another program is not believed, and that program is left alone', async () => {
  const server = await startEmbeddedPostgres(data)
  await server.release()
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
  children.push(stranger)
  fs.writeFileSync(path.join(data, 'postgres', 'cluster', 'postmaster.pid'), `${stranger.pid}\n${data}\n0\n${server.port}\n\n127.0.0.1\n`)
  await leaveEmbeddedPostgres(data)
  expect(isAlive(stranger.pid ?? 0)).toBe(true)
})

test('only the right password gets in, and it is no argument of any process', async () => {
  const server = await startEmbeddedPostgres(data)
  const client = new pg.Client({ connectionString: server.urlFor('postgres').replace(server.password, 'wrong') })
  await expect(client.connect()).rejects.toThrow('password authentication failed')
  const secret = path.join(data, 'postgres', 'password')
  expect(fs.statSync(secret).mode & 0o777).toBe(0o600)
  if (process.platform === 'linux') expect(fs.readFileSync(`/proc/${postmaster()}/cmdline`, 'utf8')).not.toContain(server.password)
  await server.release()
})

test('the data folder lets nobody else in', async () => {
  const server = await startEmbeddedPostgres(data)
  expect(fs.statSync(data).mode & 0o777).toBe(0o700)
  await server.release()
})

test.runIf(process.getuid?.() === 0)('root starts it below a folder that only root may enter', async () => {
  const inner = path.join(data, 'deep', 'data')
  fs.mkdirSync(path.dirname(inner), { mode: 0o700 })
  fs.chmodSync(data, 0o700)
  const words: string[] = []
  const server = await startEmbeddedPostgres(inner, (word) => words.push(word))
  expect(await query(server, 'select 1 as x')).toEqual([{ x: 1 }])
  const place = /kept in (\S+)/.exec(words.join(' '))?.[1] ?? ''
  expect(place).toMatch(/^\/var\/lib\/tributary-/)
  await server.release()
  fs.rmSync(place, { recursive: true, force: true })
})

test.runIf(process.getuid?.() === 0)('a strict umask of the one who starts changes nothing', async () => {
  const mask = process.umask(0o077)
  try {
    const server = await startEmbeddedPostgres(data)
    await server.release()
  } finally {
    process.umask(mask)
  }
})

test('a lock admits one at a time', async () => {
  const lock = path.join(data, 'x.lock')
  let inside = 0
  await Promise.all(Array.from({ length: 20 }, () => withProcessLock(lock, async () => {
    expect(++inside).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    inside--
  })))
  expect(fs.existsSync(lock)).toBe(false)
})

test("a dead holder's lock is taken over, also when its number lives again", async () => {
  const lock = path.join(data, 'x.lock')
  for (const holder of ['999999999 boot/1', `${process.pid} another-boot/1`]) {
    fs.writeFileSync(lock, holder)
    await expect(withProcessLock(lock, async () => 'in', 5)).resolves.toBe('in')
  }
})

test('a living holder is waited for, and named when it does not finish', async () => {
  const lock = path.join(data, 'x.lock')
  await withProcessLock(lock, async () => {
    await expect(withProcessLock(lock, async () => 'in', 0.2)).rejects.toMatchObject({ code: 'timeout', detail: expect.stringContaining(String(process.pid)) as string })
  })
})

test.runIf(process.platform === 'linux')('a killed server that nobody reaps does not hold up the next start', async () => {
  const parent = await starter()
  parent.child.kill('SIGSTOP') // it no longer waits for its children: the dead server stays as a zombie
  const killed = postmaster()
  const began = Date.now()
  process.kill(killed, 'SIGKILL')
  const again = await startEmbeddedPostgres(data)
  expect(fs.readFileSync(`/proc/${killed}/stat`, 'utf8')).toMatch(/\) Z/)
  expect(Date.now() - began).toBeLessThan(4_500)
  await kill(parent.child)
  await again.release()
})
