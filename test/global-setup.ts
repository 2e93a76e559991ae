import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { isAlive, readNumber } from '@/lib/db/embedded/process-lock'
import { startEmbeddedPostgres } from '@/lib/db/embedded/server'
import { createDatabase } from '@/lib/db/open-database'
import { migrate } from '@/lib/db/migrate'

const PREFIX = 'tributary-test-'
const TEMPLATE = 'tributary_template'

export interface TestServer {
  host: string
  port: number
  user: string
  password: string
  /** The migrated database that `freshDatabase` clones. */
  template: string
  /** A folder that is removed after the run; the data folders of the test files are inside. */
  folder: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer
    /** A Trigger.dev that the tests may use; null when its variables are not set. */
    realTrigger: { secretKey: string; apiUrl: string } | null
  }
}

/** One PostgreSQL for the whole run, in a temp folder, with a migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  sweepDeadRuns()
  const { TRIGGER_SECRET_KEY: secretKey, TRIGGER_API_URL: apiUrl } = process.env
  project.provide('realTrigger', secretKey && apiUrl ? { secretKey, apiUrl } : null)
  // Nothing of the developer's own installation may be reached by a test.
  for (const name of ['DATABASE_URL', 'WAREHOUSE_URL', 'WAREHOUSE_CACHE_BYTES', 'S3_ENDPOINT', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'ENCRYPTION_KEY', 'NEXTAUTH_SECRET', 'NEXTAUTH_URL', 'TRIGGER_SECRET_KEY', 'TRIGGER_API_URL', 'WORKER_PORT', 'METRICS_TOKEN', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) delete process.env[name]
  const folder = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`))
  const server = await startEmbeddedPostgres(path.join(folder))
  const url = new URL(server.urlFor('postgres'))
  await makeFast(url.href)
  await createDatabase(url.href, TEMPLATE)
  await migrate(server.urlFor(TEMPLATE))
  mkdirSync(path.join(folder, 'files'))
  project.provide('testServer', { host: url.hostname, port: server.port, user: url.username, password: server.password, template: TEMPLATE, folder: path.join(folder, 'files') })
  return async () => {
    await server.release()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The data of a test server need not outlive the machine's power. */
async function makeFast(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) await client.query(`alter system set ${setting} = off`)
    await client.query('select pg_reload_conf()')
  } finally {
    await client.end()
  }
}

/** A run that was killed leaves its server and its folder behind. */
function sweepDeadRuns(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0
    if (!owner || isAlive(owner)) continue
    const folder = path.join(os.tmpdir(), name)
    const postmaster = readNumber(path.join(folder, 'postgres', 'cluster', 'postmaster.pid'))
    try {
      if (postmaster && isAlive(postmaster)) process.kill(postmaster, 'SIGINT')
      else rmSync(folder, { recursive: true, force: true })
    } catch {
      // another account's run: not ours to sweep
    }
  }
}
