import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { prisma } from '@/lib/db/client'
import { CommandLine, endOf } from '@/test/command-line'
import { freshDatabase, freshServerDatabase, type FreshDatabase, type FreshServerDatabase } from '@/test/database'

let database: FreshDatabase
let server: FreshServerDatabase
let client: pg.Client
let folder: string
let config: string
let commandLine: CommandLine

beforeAll(async () => {
  database = await freshDatabase()
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`
    CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(20,4), updated_at timestamptz NOT NULL);
    INSERT INTO orders SELECT g, g * 1.5, '2026-01-01T00:00:00Z'::timestamptz + g * interval '1 minute' FROM generate_series(1, 1000) g;
    INSERT INTO orders VALUES (9007199254740993, 1234567890123456.7891, '2026-06-01');
    CREATE TABLE "odd=na.me x" (id int PRIMARY KEY, "v=1" text); INSERT INTO "odd=na.me x" VALUES (1, 'one'), (2, NULL);
    CREATE TABLE nokey (a int, b int, at timestamptz); INSERT INTO nokey VALUES (1, 1, now()), (1, 2, now());
    CREATE TABLE slow_base (id int); INSERT INTO slow_base SELECT generate_series(1, 1000);
    CREATE VIEW slow AS SELECT id, repeat('x', 20000) AS note, CASE WHEN id > 400 THEN pg_sleep(0.2)::text END AS pause FROM slow_base`)
  folder = mkdtempSync(path.join(dataFolder(), 'cli-'))
  config = path.join(folder, 'config.json')
  commandLine = new CommandLine(folder, database.url)
  writeFileSync(config, JSON.stringify(fields()))
}, 60_000)
afterAll(async () => {
  await client.end()
  await server.drop()
  await database.drop()
})

const fields = () => ({ host: server.host, port: server.port, database: server.database, user: server.user, password: server.password, schema: 'public', sslmode: 'disable' })

const begin = (args: string[]) => commandLine.begin(args)
const tributary = (...args: string[]) => commandLine.run(...args)
const json = <T = never>(...args: string[]) => commandLine.json<T>(...args)

interface Failure {
  error: { code: string; title: string; detail: string | null; advice: string | null }
}

interface SchemaReport {
  schema: string
  table: string
  method: string
  status: string
  rowsRead: number
  inserted: number
  updated: number
  deleted: number
  bytes: number
  seconds: Record<string, number> | null
  version: number | null
  error: { code: string; title: string } | null
}

describe('a command line that cannot mean anything', () => {
  test.each([[['bogus']], [['check', 'postgres']], [['query', 'select 1', '--format', 'xml']], [['set', 'shop', '--schema', 'orders']], [['set', 'shop', '--schema', 'orders', '--enable', '--disable']], [['unlink', 'shop']], [['link', 'postgres', '--config', 'x', '--frequency', '2h']], [[]]])('%j: exit code 2, and nothing on standard output', async (args) => {
    const { code, out, err } = await tributary(...args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).not.toBe('')
  })

  test('with --json is one document too', async () => {
    expect(await json<Failure>('bogus')).toMatchObject({ code: 2, document: { error: { code: 'invalid' } } })
  })
})

test('without DATABASE_URL the embedded database is started, and ended again', async () => {
  const data = path.join(folder, 'embedded')
  const { code, out, err } = await endOf(commandLine.begin(['status', '--json'], { DATABASE_URL: undefined, TRIBUTARY_DATA: data }))
  expect({ code, document: JSON.parse(out) }).toEqual({ code: 0, document: [] })
  expect(err).toContain('Starting the database')
  expect(existsSync(path.join(data, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false)
}, 60_000)

test('help comes on standard output with code 0, without loading what only commands need', async () => {
  const seconds = { help: [] as number[], nothing: [] as number[] }
  for (let round = 0; round < 3; round++) {
    seconds.help.push(await timed(async () => expect(await tributary('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: tributary'), err: '' })))
    seconds.nothing.push(await timed(() => endOf(spawn(process.execPath, ['--import', 'tsx', '-e', '0']))))
  }
  // against a TypeScript program that does nothing, since the machine may be busy with other tests
  expect(Math.min(...seconds.help) / Math.min(...seconds.nothing)).toBeLessThan(3)
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return (performance.now() - beganMs) / 1000
}

describe('check and discover', () => {
  test('check answers {ok, steps} and 0; a wrong password is {ok: false}, 1 and a sentence', async () => {
    expect(await json('check', 'postgres', '--config', config)).toMatchObject({ code: 0, document: { ok: true } })
    const wrong = await endOf(begin(['check', 'postgres', '--config', '-', '--json']), JSON.stringify({ ...fields(), password: 'wrong-swordfish' }))
    expect(wrong.code).toBe(1)
    const document = JSON.parse(wrong.out) as { ok: boolean; steps: { status: string; error?: { code: string } }[] }
    expect(document).toMatchObject({ ok: false })
    expect(document.steps.at(-1)).toMatchObject({ status: 'failed', error: { code: 'credentials' } })
    expect(wrong.err.trim().split('\n').at(-1)).toMatch(/\.$/)
    expect(wrong.out + wrong.err).not.toContain('swordfish')
  })

  test('a connection string in the config fills the fields', async () => {
    const { code, out } = await endOf(begin(['check', 'postgres', '--config', '-', '--json']), JSON.stringify({ connection_string: server.url, sslmode: 'disable' }))
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true })
  })

  test('discover lists schemas with the types of the warehouse', async () => {
    const { document } = await json<{ schema: string; columns: { name: string; type: string; sourceType: string; nullable: boolean }[]; primaryKey: string[]; replicationKeys: { name: string; ok: boolean; reason: string | null }[] }[]>('discover', 'postgres', '--config', config)
    const orders = document.find((schema) => schema.schema === 'orders')!
    expect(orders.primaryKey).toEqual(['id'])
    expect(orders.columns.slice(0, 2)).toMatchObject([{ name: 'id', type: 'BIGINT', sourceType: 'bigint', nullable: false }, { name: 'amount', type: 'DECIMAL(20,4)', nullable: true }])
    expect(orders.replicationKeys).toContainEqual(expect.objectContaining({ name: 'updated_at', ok: true, reason: null }))
  })

  test('a config that is missing, no JSON or incomplete is one sentence, without any of its text', async () => {
    const broken = path.join(folder, 'broken.json')
    writeFileSync(broken, '{"password": "hunter2-swordfish", ')
    for (const args of [['--config', broken], ['--config', path.join(folder, 'nowhere.json')]]) {
      const { code, document, err } = await json<Failure>('check', 'postgres', ...args)
      expect(code).toBe(1)
      expect(document.error.code).toBe('invalid')
      expect(err.trim().split('\n')).toHaveLength(1)
      expect(err + JSON.stringify(document)).not.toContain('swordfish')
    }
    expect(await json<Failure>('check', 'oracle', '--config', config)).toMatchObject({ code: 1, document: { error: { code: 'not_found' } } })
  })
})

describe('the whole way', () => {
  test('link, sync, query, change, sync again, set, status', async () => {
    const linked = await json<{ sourceId: string; schemas: { name: string; table: string; method: string }[] }>('link', 'postgres', '--config', config, '--name', 'shop', '--prefix', 'shop', '--schemas', 'orders,nokey', '--schemas', 'odd=na.me x', '--method', 'orders=incremental:updated_at', '--method', 'nokey=incremental:at', '--key', 'nokey=a,b', '--frequency', 'daily')
    expect(linked.code).toBe(0)
    expect(linked.document.schemas.map(({ name, method }) => [name, method]).sort()).toEqual([['nokey', 'incremental'], ['odd=na.me x', 'full'], ['orders', 'incremental']])
    const table = linked.document.schemas.find((schema) => schema.name === 'orders')!.table

    const first = await json<SchemaReport[]>('sync', linked.document.sourceId)
    expect(first.code).toBe(0)
    expect(first.document.find((report) => report.schema === 'orders')).toMatchObject({ table, method: 'incremental', status: 'completed', rowsRead: 1001, inserted: 1001, version: 1, error: null })
    expect(first.document.every((report) => report.bytes > 0 && report.seconds !== null)).toBe(true)

    const again = await json<SchemaReport[]>('sync', 'shop', '--schema', 'orders')
    expect(again.document).toMatchObject([{ inserted: 0, updated: 0, deleted: 0, version: 1 }])

    const rows = await json<Record<string, unknown>[]>('query', `select id, amount from ${table} where id > 5000`)
    expect(rows.document).toEqual([{ id: '9007199254740993', amount: '1234567890123456.7891' }])

    await client.query('UPDATE orders SET amount = 0, updated_at = \'2026-07-01\' WHERE id = 1; DELETE FROM orders WHERE id = 2')
    expect((await json<SchemaReport[]>('sync', 'shop', '--schema', 'orders')).document).toMatchObject([{ inserted: 0, updated: 1, version: 2 }])
    expect((await json<SchemaReport[]>('sync', 'shop', '--schema', 'orders', '--full')).document).toMatchObject([{ rowsRead: 1000, version: 3 }])

    expect(await json('set', 'shop', '--schema', 'odd=na.me x', '--disable', '--frequency', 'weekly')).toMatchObject({ code: 0, document: [{ schema: 'odd=na.me x', enabled: false, frequency: 'week' }] })
    expect(await json<Failure>('set', 'shop', '--schema', 'orders', '--method', 'incremental:amount')).toMatchObject({ code: 1, document: { error: { code: 'invalid' } } })

    const status = await json<{ name: string; schemas: { schema: string; status: string; rows: number; enabled: boolean; error: unknown }[] }[]>('status')
    expect(status.document).toHaveLength(1)
    expect(status.document[0]!.schemas).toContainEqual(expect.objectContaining({ schema: 'orders', status: 'up_to_date', rows: 1000, error: null }))
    expect(status.document[0]!.schemas).toContainEqual(expect.objectContaining({ schema: 'odd=na.me x', status: 'off', enabled: false }))
  }, 120_000)

  test('query writes CSV and Parquet, and an error has its place', async () => {
    const csv = await tributary('query', 'select * from (values (1, \'a,b\'), (2, NULL)) t(n, s)', '--format', 'csv')
    expect(csv).toMatchObject({ code: 0, out: 'n,s\n1,"a,b"\n2,\n' })
    const parquet = await json('query', 'select 1 as n', '--format', 'parquet', '--output', 'one.parquet')
    expect(parquet).toMatchObject({ code: 0, document: { format: 'parquet', rows: 1 } })
    expect(readFileSync(path.join(folder, 'one.parquet')).subarray(0, 4).toString()).toBe('PAR1')
    const wrong = await json<Failure & { error: { position: { line: number } } }>('query', 'select\n  nothing_here')
    expect(wrong).toMatchObject({ code: 1, document: { error: { code: 'query', position: { line: 2 } } } })
    expect(await tributary('query', 'select 1 as n')).toMatchObject({ out: '[\n{"n":1}\n]\n' })
  }, 60_000)

  test('a failed schema fails alone: the others are synced, the code is 1, and the reason is everywhere', async () => {
    await client.query('ALTER TABLE nokey RENAME TO away')
    const { code, document, err } = await json<SchemaReport[]>('sync', 'shop')
    expect(code).toBe(1)
    expect(document.map((report) => [report.schema, report.status]).sort()).toEqual([['nokey', 'failed'], ['orders', 'completed']])
    expect(document.find((report) => report.schema === 'nokey')!.error).toMatchObject({ code: 'missing_table' })
    expect(err).toContain('nokey')
    const status = await json<{ schemas: { schema: string; status: string; error: { code: string } | null }[] }[]>('status', 'shop')
    expect(status.document[0]!.schemas.find((schema) => schema.schema === 'nokey')).toMatchObject({ status: 'paused', error: { code: 'missing_table' } })
    await client.query('ALTER TABLE away RENAME TO nokey')
    expect((await json<SchemaReport[]>('sync', 'shop', '--schema', 'nokey')).code).toBe(0)
  }, 60_000)

  test('Ctrl-C cancels the run within seconds, with code 1, and the process list never shows the secret', async () => {
    await json('set', 'shop', '--schema', 'slow', '--enable', '--method', 'full')
    const child = begin(['sync', 'shop', '--schema', 'slow', '--json'])
    const ended = endOf(child)
    const step = async () => (await prisma().syncRun.findFirst({ where: { status: 'running' } }))?.step
    for (const deadline = Date.now() + 20_000; (await step()) !== 'extract'; await wait(50)) if (Date.now() > deadline) throw new Error('the sync never began')
    expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).not.toContain(server.password)
    const beganMs = performance.now()
    child.kill('SIGINT')
    const { code, out } = await ended
    expect(performance.now() - beganMs).toBeLessThan(8_000)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject([{ schema: 'slow', status: 'cancelled', version: null }])
    expect(await prisma().syncRun.count({ where: { status: { in: ['queued', 'running'] } } })).toBe(0)
  }, 60_000)

  test('unlink deletes the source and its tables', async () => {
    expect(await json<Failure>('sync', 'nothing')).toMatchObject({ code: 1, document: { error: { code: 'not_found' } } })
    expect(await json('unlink', 'shop', '--yes')).toMatchObject({ code: 0, document: { name: 'shop', schemas: 5 } })
    expect((await json<unknown[]>('status')).document).toEqual([])
  }, 60_000)
})
