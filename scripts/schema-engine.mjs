#!/usr/bin/env node
// Offline stand-in for Prisma's native `schema-engine` binary.
// The Prisma 7 CLI spawns whatever PRISMA_SCHEMA_ENGINE_BINARY names and talks line-delimited
// JSON-RPC with it; this script answers with the WebAssembly build of the same engine,
// which is an ordinary npm package, over the same driver adapter the application uses.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { parse as parseUrl } from 'pg-connection-string'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'

const argv = process.argv.slice(2)
const arg = (name) => { const i = argv.indexOf(name); return i < 0 ? undefined : argv[i + 1] }
const all = (name) => argv.flatMap((a, i) => (a === name ? [argv[i + 1]] : []))

if (argv.includes('--version')) { console.log('schema-engine-cli (wasm shim)'); process.exit(0) }

const datasource = JSON.parse(arg('--datasource') ?? '{}')
const url = datasource.url
const log = (level, message, extra = {}) =>
  process.stderr.write(JSON.stringify({ timestamp: new Date().toISOString(), level, fields: { message, ...extra }, target: 'schema_engine::logger' }) + '\n')

// `schema-engine cli <can-connect-to-database|create-database>`
const cli = argv.indexOf('cli')
if (cli >= 0) process.exit(await runCli(argv[cli + 1]))

async function runCli(command) {
  log('INFO', 'Starting schema engine CLI') // the Prisma CLI drops the first stderr line
  const u = new URL(url)
  const db = decodeURIComponent(u.pathname.slice(1)) || 'postgres'
  const tryConnect = async (target) => {
    const c = new pg.Client({ connectionString: target.toString() })
    await c.connect()
    return c
  }
  try {
    if (command === 'can-connect-to-database') { await (await tryConnect(u)).end(); return 0 }
    if (command === 'create-database') {
      const admin = new URL(u); admin.pathname = '/postgres'
      const c = await tryConnect(admin)
      try { await c.query(`CREATE DATABASE ${pg.escapeIdentifier(db)}`) } finally { await c.end() }
      return 0
    }
    throw new Error(`unsupported command ${command}`)
  } catch (e) {
    const code = e.code === '3D000' ? 'P1003' : e.code === 'ECONNREFUSED' || e.code === 'ENOTFOUND' ? 'P1001' : e.code === '28P01' || e.code === '28000' ? 'P1000' : undefined
    log('ERROR', e.message, { is_panic: false, error_code: code ?? 'P0000' })
    return 1
  }
}

const require = createRequire(import.meta.url)
const gluePath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')
const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
const mod = new WebAssembly.Module(readFileSync(gluePath.replace(/\.js$/, '.wasm')))
const { exports: wasm } = new WebAssembly.Instance(mod, { './schema_engine_bg.js': glue })
glue.__wbg_set_wasm(wasm)
wasm.__wbindgen_start()

const datamodels = all('--datamodels').map((p) => [p, readFileSync(p, 'utf8')])

// --- driver adapter -------------------------------------------------------------------------
// @prisma/adapter-pg 7.10 needs four corrections before the schema engine can use it:
//  * it rejects columns of PostgreSQL's internal "char" type (OID 18), which the catalogs are full of;
//  * executeScript() splits on every ';', which breaks function bodies and string literals;
//  * connectToShadowDb() keeps `connectionString`, and pg lets that win over `database`,
//    so the "shadow" connection would be one to the REAL database;
//  * disposing of the shadow database drops it while still connected to it.
const CHAR_OID = 18, BPCHAR_OID = 1042
function poolConfig(database) {
  const c = parseUrl(url)
  return { host: c.host, port: c.port ? Number(c.port) : undefined, user: c.user, password: c.password, ssl: c.ssl, options: c.options, database: database ?? c.database, max: 4 }
}
function fixChars(q) {
  const perform = q.performIO.bind(q)
  q.performIO = async (query) => {
    const result = await perform(query)
    for (const f of result.fields ?? []) if (f.dataTypeID === CHAR_OID) f.dataTypeID = BPCHAR_OID
    return result
  }
  return q
}
function dress(adapter) {
  fixChars(adapter)
  const begin = adapter.startTransaction.bind(adapter)
  adapter.startTransaction = async (level) => fixChars(await begin(level))
  adapter.executeScript = async (script) => {
    try { await adapter.client.query(script) } catch (e) { adapter.onError(e) }
  }
  return adapter
}
class MigrationPg extends PrismaPg {
  async connect() { return dress(await super.connect()) }
  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
    const admin = new pg.Pool({ ...poolConfig(), max: 1 })
    await admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`)
    const shadow = await new PrismaPg(poolConfig(name), this.options).connect()
    const close = shadow.dispose.bind(shadow)
    shadow.dispose = async () => {
      await close()
      await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
      await admin.end()
    }
    return dress(shadow)
  }
}

let enginePromise
const getEngine = () => (enginePromise ??= glue.SchemaEngine.new(
  { datamodels: datamodels.length ? datamodels : undefined },
  (m) => process.env.DEBUG && process.stderr.write(m + '\n'),
  bindMigrationAwareSqlAdapterFactory(new MigrationPg(poolConfig(), { schema: new URL(url).searchParams.get('schema') ?? undefined })),
))

async function handle({ id, method, params }) {
  const send = (o) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...o }) + '\n')
  try {
    const engine = await getEngine()
    // The wasm engine can build the shadow schema only inside devDiagnostic, which caches it; after
    // applying pending migrations the cache misses, so warm it for the two calls that rely on it.
    if (method === 'evaluateDataLoss' || method === 'createMigration') {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters })
    }
    const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params)
    // the native engine prints a diff through a call in the other direction
    if (method === 'diff' && result?.stdout != null) send({ id: 1e6 + id, method: 'print', params: { content: result.stdout } })
    send({ id, result: result ?? {} })
  } catch (err) {
    const message = String(err?.message ?? err)
    send({ id, error: { code: 4466, message, data: { is_panic: false, message, error_code: err?.code, meta: null } } })
  }
}
const pending = new Set()
const rl = createInterface({ input: process.stdin })
rl.on('line', (line) => {
  const msg = JSON.parse(line)
  if (!msg.method) return // answer to our own `print` call
  const p = handle(msg).finally(() => pending.delete(p)); pending.add(p)
})
rl.on('close', async () => { await Promise.allSettled(pending); process.exit(0) })
