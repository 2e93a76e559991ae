import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { postgres } from '@/lib/connectors/postgres/connector'
import { startEmbeddedPostgres, type EmbeddedServer } from '@/lib/db/embedded/server'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { LateTable } from '@/test/late-source'
import { makeSchema } from '@/test/sync-room'

let database: FreshDatabase
let primary: EmbeddedServer
let replica: EmbeddedServer
const clients: pg.Client[] = []
let a: pg.Client
let b: pg.Client
let late: pg.Client
let onReplica: pg.Client

/** A primary that lets transactions be prepared, and a replica of it. */
beforeAll(async () => {
  database = await freshDatabase()
  const folder = fs.mkdtempSync(path.join(inject('testServer').folder, 'late-'))
  fs.chmodSync(folder, 0o755)
  const [first, second] = [path.join(folder, 'primary'), path.join(folder, 'replica')]
  const fresh = await startEmbeddedPostgres(first)
  const setting = await clientOf(fresh)
  await setting.query('ALTER SYSTEM SET max_prepared_transactions = 4')
  await setting.end()
  await fresh.release()
  execFileSync('cp', ['-a', first, second])
  primary = await startEmbeddedPostgres(first)
  const cluster = path.join(second, 'postgres', 'cluster')
  fs.rmSync(path.join(second, 'postgres', 'port'))
  fs.appendFileSync(path.join(cluster, 'postgresql.auto.conf'), `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=tributary password=${primary.password}'\n`)
  fs.writeFileSync(path.join(cluster, 'standby.signal'), '')
  replica = await startEmbeddedPostgres(second)
  ;[a, b, late, onReplica] = await Promise.all([clientOf(primary), clientOf(primary), clientOf(primary), clientOf(replica)])
}, 120_000)

afterAll(async () => {
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  await replica?.release()
  await primary?.release()
  await database.drop()
})

beforeEach(async () => {
  for (const client of [b, late]) await client.query('ROLLBACK')
  await a.query('ROLLBACK; DROP TABLE IF EXISTS t; CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), note text)')
  await insert(b, 'first')
})

async function clientOf(server: EmbeddedServer): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.urlFor('postgres'), application_name: 'shop' })
  client.on('error', () => undefined)
  await client.connect()
  clients.push(client)
  return client
}

const configOf = ({ port, password }: EmbeddedServer) => PostgresConfig.parse({ host: '127.0.0.1', port, database: 'postgres', user: 'tributary', password })
const table = async (server: EmbeddedServer, key: string) => new LateTable(await makeSchema(), { config: configOf(server) }, 't', key)
const insert = (client: pg.Client, note: string) => client.query('INSERT INTO t (note) VALUES ($1)', [note])
const lookBack = 0

/** Until the replica has what the primary has committed, and knows the numbers that it gave out. */
async function replayed(): Promise<void> {
  const { rows } = await b.query<{ at: string }>('SELECT pg_current_wal_insert_lsn() AS at')
  await expect.poll(async () => (await onReplica.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done', [rows[0]?.at])).rows[0]?.done, { timeout: 20_000, interval: 20 }).toBe(true)
}

it.each(['at', 'id'])('a transaction that is prepared, and committed after a later one was synced, is not missed (by %s)', async (key) => {
  const t = await table(primary, key)
  await t.sync({ lookBack })
  await a.query('BEGIN')
  await insert(a, 'prepared')
  await late.query('BEGIN')
  await insert(late, 'prepared later')
  await a.query(`PREPARE TRANSACTION 'one'`)
  await insert(b, 'on time')
  await t.sync({ lookBack })
  await late.query(`PREPARE TRANSACTION 'two'`)
  await insert(b, 'next')
  // its session is gone, and it is not over
  await t.sync({ lookBack })
  await t.sync({ lookBack })
  await a.query(`COMMIT PREPARED 'one'`)
  await t.sync({ lookBack })
  expect(await t.values('note')).toEqual(['first', 'next', 'on time', 'prepared'])
  await a.query(`COMMIT PREPARED 'two'`)
  await t.sync({ lookBack })
  expect(await t.values('note')).toEqual(['first', 'next', 'on time', 'prepared', 'prepared later'])
  expect(await t.sync({ lookBack })).toMatchObject({ isChanged: false })
})

it.each(['at', 'id'])('read from a replica: what a transaction of the primary commits late is not missed, once it has written (by %s)', async (key) => {
  await replayed()
  const t = await table(replica, key)
  await t.sync({ lookBack })
  await late.query('BEGIN')
  await insert(late, 'very late')
  await a.query('BEGIN')
  await insert(a, 'late')
  await insert(b, 'on time')
  await replayed()
  await t.sync({ lookBack })
  await a.query('COMMIT')
  await insert(b, 'next')
  await replayed()
  // as fresh as can be, while the other is open
  await t.sync({ lookBack })
  expect(await t.values('note')).toEqual(['first', 'late', 'next', 'on time'])
  await late.query('COMMIT')
  await replayed()
  await t.sync({ lookBack })
  expect(await t.values('note')).toEqual(['first', 'late', 'next', 'on time', 'very late'])
})

it('the check of a replica says what it cannot see', async () => {
  const steps = []
  for await (const step of postgres.check(configOf(replica), new AbortController().signal)) steps.push(step)
  expect(steps).toContainEqual(expect.objectContaining({ label: 'Late commits', status: 'warning', detail: expect.stringContaining('look-back') }))
  expect(steps.every(({ status }) => status !== 'failed')).toBe(true)
})
