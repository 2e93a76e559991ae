import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dataFolder } from '@/lib/core/env'
import { findSnapshot } from '@/lib/db/versions'
import { startSync } from '@/lib/syncs/start-sync'
import { closeJobs } from '@/lib/jobs/enqueue'
import { freshDatabase, freshServerDatabase } from '@/test/database'
import { linkedTable } from './linked-table'
import { TriggerServer } from './trigger-server'

const ROOT = process.cwd()
const isWanted = Boolean(process.env.TRIGGER_CLI)

const Manifest = z.object({ files: z.array(z.object({ entry: z.string(), out: z.string() })), externals: z.array(z.object({ name: z.string(), version: z.string() })) })
const Installed = z.object({ dependencies: z.record(z.string(), z.string()) })

let server: TriggerServer
let build: string

/** `npm run trigger -- deploy --dry-run` with the real command line; gives what it says. */
async function dryRun(): Promise<string> {
  const child = spawn(process.execPath, ['scripts/trigger.mjs', 'deploy', '--dry-run', '--plain', '--skip-telemetry'], {
    cwd: ROOT,
    env: { ...process.env, TRIGGER_API_URL: server.url, TRIGGER_ACCESS_TOKEN: 'tr_pat_of_nobody', TRIGGER_PROJECT_REF: 'proj_test', VITEST: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  await new Promise((resolve) => child.once('exit', resolve))
  return said
}

// The command line weighs 160 MB and comes through npx: whoever touches trigger/ or trigger.config.ts runs this with TRIGGER_CLI=1.
describe.skipIf(!isWanted)(`trigger deploy --dry-run${isWanted ? '' : ' (left out: TRIGGER_CLI is not set)'}`, () => {
  beforeAll(async () => {
    server = await TriggerServer.start()
    const said = await dryRun()
    const [, folder] = /View the built project at (\S+)/.exec(said) ?? []
    if (!folder) throw new Error(`no bundle was made: ${said}`)
    build = folder
  }, 300_000)
  afterAll(async () => {
    await server.stop()
    if (build) await rm(build, { recursive: true, force: true })
    rmSync(path.join(ROOT, '.trigger'), { recursive: true, force: true })
  })

  const manifest = () => Manifest.parse(JSON.parse(readFileSync(path.join(build, 'build.json'), 'utf8')))
  const locally = (out: string) => path.join(build, path.relative('/app', out))

  test('bundles every task', () => {
    expect(manifest().files.map((file) => file.entry).toSorted()).toEqual(['prune-history', 'run-sync', 'start-due-syncs', 'sweep-warehouse', 'take-over-dead-runs'].map((name) => `trigger/${name}.ts`))
  })

  test('leaves the native engine, and what loads files of its own, to npm, in our versions', () => {
    const ours = Installed.parse(JSON.parse(readFileSync('package.json', 'utf8'))).dependencies
    const theirs = Installed.parse(JSON.parse(readFileSync(path.join(build, 'package.json'), 'utf8'))).dependencies
    for (const name of ['@duckdb/node-api', 'pg', 'pino', 'zstddec']) expect([name, theirs[name]]).toEqual([name, ours[name]])
  })

  test('takes along the programs that are started by their path', () => {
    for (const program of ['lib/warehouse/file-engine/child.mjs', 'lib/warehouse/keep-marks.mjs', 'lib/pipeline/files/fetch/zstd-thread.mjs', 'lib/pipeline/files/fetch/zstd-frames.mjs']) expect([program, existsSync(path.join(build, program))]).toEqual([program, true])
  })

  test('the built task syncs a table in plain Node: the database client and the engine are there', async () => {
    const database = await freshDatabase()
    const source = await freshServerDatabase()
    try {
      const client = new pg.Client({ connectionString: source.url })
      await client.connect()
      await client.query('CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 500) g')
      await client.end()
      const { workspaceId, schemaId } = await linkedTable(source, 'orders')
      const { runIds } = await startSync(workspaceId, [schemaId], { isFull: false, trigger: 'manual', isEnqueued: false })
      const task = locally(manifest().files.find((file) => file.entry === 'trigger/run-sync.ts')!.out)
      const environment: NodeJS.ProcessEnv = { NODE_ENV: 'production', PATH: process.env.PATH, DATABASE_URL: database.url, TRIBUTARY_DATA: dataFolder(), LOG_LEVEL: 'warn' }
      const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'test/servers/trigger/built-machine.mjs'), task, 'run-sync', JSON.stringify({ runId: runIds[0] })], { cwd: build, env: environment })
      expect(JSON.parse(stdout)).toMatchObject({ answer: { outcome: 'completed' }, progress: { rowsRead: 500 } })
      expect((await findSnapshot(workspaceId, schemaId))!.rows).toBe(500)
    } finally {
      await closeJobs()
      await source.drop()
      await database.drop()
    }
  })

  test('every built task loads in plain Node', async () => {
    for (const { out } of manifest().files) {
      const script = `const task = Object.values(await import(${JSON.stringify(pathToFileURL(locally(out)).href)}))[0]; console.log(task.id)`
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT })
      expect(stdout.trim()).toBe(path.basename(out, '.mjs'))
    }
  })
})
