import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { birthOf } from '@/lib/core/process-birth.mjs'
import { scratchFolder } from '../scratch'
import { EngineDied } from './engine-died'
import { openFileEngines, type FileEngines } from './file-engines'

const ENDLESS = `SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(100000000) b(i)`

let controller: AbortController
let files: FileEngines | undefined

beforeEach(() => {
  controller = new AbortController()
})

afterEach(async () => {
  await files?.close()
  files = undefined
})

async function open(count = 2, ceilingBytes?: number): Promise<FileEngines['engines']> {
  files = await openFileEngines(count, controller.signal, { ceilingBytes })
  return files.engines
}

/** The process of engines that this one, or the given one, has started. */
async function childOf(parent: number): Promise<number> {
  const threads = await readdir(`/proc/${parent}/task`)
  const texts = await Promise.all(threads.map((thread) => readFile(`/proc/${parent}/task/${thread}/children`, 'utf8')))
  const pids = texts.join(' ').split(' ').filter(Boolean).map(Number)
  const programs = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')))
  const engines = pids.filter((_, index) => programs[index]?.includes('file-engine/child.mjs'))
  expect(engines).toHaveLength(1)
  return engines[0]!
}

test('statements run, queries answer with exact numbers, and both connections work at once', async () => {
  const [one, two] = await open()
  await one!.run('CREATE TABLE t AS SELECT i FROM range(10) r(i)')
  const [written, rows] = await Promise.all([one!.run('INSERT INTO t SELECT i FROM range(5) r(i)'), two!.rows(`SELECT 9007199254740993::BIGINT, 1.10::DECIMAL(9, 2), TIMESTAMPTZ '2026-01-01 12:00:00+02', NULL`)])
  expect(written).toBe(5)
  expect(rows).toEqual([['9007199254740993', '1.10', '2026-01-01 10:00:00+00', null]])
})

test('rows are written in the order in which they are read, and only what is asked of the outside is there', async () => {
  const [engine] = await open(1)
  const settings = await engine!.rows(`SELECT current_setting('preserve_insertion_order'), current_setting('autoload_known_extensions'), current_setting('autoinstall_known_extensions'), current_setting('TimeZone')`)
  expect(settings).toEqual([[true, false, false, 'UTC']])
})

test('a statement that fails says why, and the next one runs', async () => {
  const [engine] = await open(1)
  await expect(engine!.rows('SELECT nothing')).rejects.toThrow(/Binder Error.*nothing/)
  expect(await engine!.rows('SELECT 1')).toEqual([[1]])
})

test('what needs more memory than the engine may use is refused in words', async () => {
  const [engine] = await open(1)
  await expect(engine!.rows(`SELECT length(list(i)::VARCHAR) FROM range(50000000) r(i)`)).rejects.toMatchObject({ title: 'The sync needs more memory than it may use' })
})

test.runIf(process.platform === 'linux')('a process that dies rejects what was under way, and the next statement starts another', async () => {
  const [one, two] = await open()
  const pid = await childOf(process.pid)
  const both = Promise.allSettled([one!.rows(ENDLESS), two!.rows(ENDLESS)])
  process.kill(pid, 'SIGSEGV')
  const died = (await both).map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
  expect(died).toEqual([expect.any(EngineDied), expect.any(EngineDied)])
  expect(died).toMatchObject([{ connection: 0, hadCompany: true, reason: 'crash', isRetryable: true }, { connection: 1, hadCompany: true }])
  expect(await two!.rows('SELECT 2')).toEqual([[2]])
  expect(await childOf(process.pid)).not.toBe(pid)
})

test.runIf(process.platform === 'linux')('a statement that was alone when the process died is told so', async () => {
  const [, two] = await open()
  const pid = await childOf(process.pid)
  const dying = two!.rows(ENDLESS)
  process.kill(pid, 'SIGKILL')
  await expect(dying).rejects.toMatchObject({ name: 'EngineDied', connection: 1, hadCompany: false })
})

test.runIf(process.platform === 'linux')('a process above its ceiling of memory is ended, and the error says so', async () => {
  const [engine] = await open(1, 190 * 1024 ** 2)
  await expect(engine!.rows(`SELECT count(*) FROM (SELECT DISTINCT i, i::VARCHAR FROM range(20000000) r(i))`)).rejects.toMatchObject({ name: 'EngineDied', reason: 'memory' })
})

test('an aborted signal interrupts what is under way, and refuses what comes after', async () => {
  const [one, two] = await open()
  const running = one!.rows(ENDLESS)
  // the answer of the other connection shows that the first has begun
  await two!.rows('SELECT 1')
  controller.abort()
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await expect(two!.run('SELECT 1')).rejects.toMatchObject({ code: 'cancelled' })
  await expect(openFileEngines(1, controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
})

test('closing ends the process, and leaves nothing that it spilled', async () => {
  const [engine] = await open(1)
  const pid = process.platform === 'linux' ? await childOf(process.pid) : 0
  const spilling = engine!.rows(`SELECT count(*) FROM (SELECT i, random() AS r FROM range(100000000) t(i) ORDER BY r)`)
  const outcomes = Promise.allSettled([spilling])
  await files!.close()
  expect(await outcomes).toMatchObject([{ status: 'rejected', reason: expect.any(EngineDied) }])
  expect((await readdir(scratchFolder())).filter((name) => name.startsWith('duckdb-'))).toEqual([])
  if (pid) expect(birthOf(pid)).toBeUndefined()
})

test.runIf(process.platform === 'linux')('the process does not outlive a parent that was killed, whatever it is doing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-engine-'))
  const program = path.join(folder, 'parent.ts')
  const address = pathToFileURL(path.join(process.cwd(), 'lib/warehouse/file-engine/file-engines.ts')).href
  await writeFile(program, `
    import { openFileEngines } from '${address}'
    void openFileEngines(2, new AbortController().signal).then(async ({ engines }) => {
      void engines[0].rows(\`${ENDLESS}\`)
      await engines[1].rows('SELECT 1')
      console.log('at work')
    })`)
  const parent = spawn(process.execPath, ['--import', 'tsx', program], { env: { ...process.env, TRIBUTARY_DATA: folder, TSX_TSCONFIG_PATH: path.join(process.cwd(), 'tsconfig.json') }, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(parent.stdout, 'data')
  const pid = await childOf(parent.pid!)
  expect(birthOf(pid)).toBeDefined()
  parent.kill('SIGKILL')
  await expect.poll(() => birthOf(pid), { timeout: 20_000 }).toBeUndefined()
})
