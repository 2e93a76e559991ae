import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import type { Batch, ReadRequest } from '../contract'
import { beginJoined } from './begin-snapshot'
import { PostgresConfig } from './config'
import { openPostgresSnapshot, type PostgresSnapshot } from './snapshot'
import { refuseIfScarce } from './spare-connections'

let source: FreshServerDatabase
let client: pg.Client
let config: PostgresConfig
let role: string

beforeAll(async () => {
  source = await freshServerDatabase()
  role = `reader_${randomBytes(6).toString('hex')}`
  client = new pg.Client({ connectionString: source.url })
  await client.connect()
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw-of-reader'; CREATE TABLE t (id int, pad text); GRANT SELECT ON t TO ${role}`)
  config = PostgresConfig.parse({ ...source, user: role, password: 'pw-of-reader' })
})

afterAll(async () => {
  await client?.end()
  await source?.drop()
  await asSuperuser(`DROP ROLE IF EXISTS ${role}`)
})

beforeEach(() => client.query(`TRUNCATE t; INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 20000) g`))

const request: ReadRequest = { location: { namespace: 'public', table: 't' }, columns: [{ name: 'id', sourceType: '', type: 'INTEGER', encoding: 'plain', nullable: true }, { name: 'pad', sourceType: '', type: 'VARCHAR', encoding: 'plain', nullable: true }], batchBytes: 1024 * 1024 }
const open = (signal = new AbortController().signal, pulseSeconds?: number) => openPostgresSnapshot(config, signal, undefined, pulseSeconds)
const sessions = async () => asSuperuser<{ query: string; state: string }>(`SELECT query, state FROM pg_stat_activity WHERE usename = $1`, [role])
async function freed(): Promise<void> {
  await expect.poll(sessions, { timeout: 10_000, interval: 20 }).toEqual([])
}

async function rowsOf(batches: AsyncIterable<Batch>): Promise<number> {
  let rows = 0
  for await (const batch of batches) rows += batch.kind === 'bytes' ? batch.rows : 0
  return rows
}

const first = async (snapshot: PostgresSnapshot) => {
  const batches = snapshot.read(request)
  return { batches, rows: (await batches.next()).value?.rows ?? 0 }
}

test('every read of a snapshot has the same rows, one after the other and at the same time, whatever is committed meanwhile', async () => {
  const snapshot = await open()
  await client.query('DELETE FROM t WHERE id > 10')
  const { batches, rows } = await first(snapshot)
  expect(await Promise.all([rowsOf(snapshot.read(request)), rowsOf(snapshot.read(request))])).toEqual([20_000, 20_000])
  expect(rows + (await rowsOf(batches))).toBe(20_000)
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await freed()
})

test('reads one after the other need one session, which is kept between them', async () => {
  const snapshot = await open()
  for (let read = 0; read < 3; read++) {
    expect(await rowsOf(snapshot.read(request))).toBe(20_000)
    expect(await sessions()).toHaveLength(1)
  }
  await snapshot.close()
  await freed()
})

test('a session that only holds its snapshot shows now and then that it is alive, and can be used at any time', async () => {
  const snapshot = await open(undefined, 0.005)
  await expect.poll(async () => (await sessions())[0]?.query, { timeout: 10_000, interval: 10 }).toBe('SELECT 1')
  for (let read = 0; read < 20; read++) expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await freed()
})

test('closing frees the source while reads are going on, and so does an abort between two of them', async () => {
  const snapshot = await open()
  const some = await Promise.all([first(snapshot), first(snapshot)])
  expect(await sessions()).toHaveLength(2)
  await snapshot.close()
  await freed()
  for (const { batches } of some) await expect(rowsOf(batches)).rejects.toMatchObject({ code: 'unreachable' })
  const abort = new AbortController()
  await rowsOf((await open(abort.signal)).read(request))
  abort.abort()
  await freed()
})

test('a read that ends early beside another leaves the snapshot to the other', async () => {
  const snapshot = await open()
  const { batches, rows } = await first(snapshot)
  const other = await first(snapshot)
  await other.batches.return(undefined)
  expect(rows + (await rowsOf(batches))).toBe(20_000)
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
})

test('once the session that held it is gone, the snapshot is never mistaken for another one', async () => {
  const snapshot = await open()
  await (await first(snapshot)).batches.return(undefined)
  await expect(rowsOf(snapshot.read(request))).rejects.toMatchObject({ code: 'source', title: 'Two sessions cannot see the same moment of the database', isRetryable: true })
  await snapshot.close()
  await freed()
})

test('a server that does not let us name a snapshot is read all the same, by one session', async () => {
  await client.query('REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC')
  const snapshot = await open()
  const { batches, rows } = await first(snapshot)
  await expect(rowsOf(snapshot.read(request))).rejects.toMatchObject({ code: 'source', detail: expect.stringContaining('pg_export_snapshot') })
  expect(rows + (await rowsOf(batches))).toBe(20_000)
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await client.query('GRANT EXECUTE ON FUNCTION pg_export_snapshot() TO PUBLIC')
  await freed()
})

test('who joins reads the same moment again and again over one session of its own, beside the other reads', async () => {
  const snapshot = await open()
  const joined = await snapshot.join(new AbortController().signal)
  await client.query('DELETE FROM t WHERE id > 10')
  expect(await Promise.all([rowsOf(snapshot.read(request)), rowsOf(joined.read(request))])).toEqual([20_000, 20_000])
  expect(await rowsOf(joined.read(request))).toBe(20_000)
  expect(await sessions()).toHaveLength(2)
  await joined.close()
  await expect.poll(sessions, { timeout: 10_000, interval: 20 }).toHaveLength(1)
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await freed()
})

test('one that joined is freed in the middle of its read by its own end and by that of the snapshot', async () => {
  const snapshot = await open()
  const [one, other] = [await snapshot.join(new AbortController().signal), await snapshot.join(new AbortController().signal)]
  for (const each of [one, other]) await each.read(request)[Symbol.asyncIterator]().next()
  await one.close()
  await expect.poll(sessions, { timeout: 10_000, interval: 20 }).toHaveLength(2)
  await snapshot.close()
  await freed()
  await other.close()
})

test('one that joined refuses rows of some megabytes, which the snapshot itself reads', async () => {
  await client.query(`UPDATE t SET pad = repeat('x', 9000000) WHERE id = 7`)
  const snapshot = await open()
  const joined = await snapshot.join(new AbortController().signal)
  await expect(rowsOf(joined.read(request))).rejects.toMatchObject({ title: 'A row of t is longer than 8.4 MB' })
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await freed()
})

test('a server that lets no more sessions in says so to who wants to join, and the snapshot is as it was', async () => {
  await client.query(`ALTER ROLE ${role} CONNECTION LIMIT 1`)
  const snapshot = await open()
  await expect(snapshot.join(new AbortController().signal)).rejects.toMatchObject({ code: 'source', title: 'The server has no free connection' })
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await client.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`)
})

test('who waits too long to join is not waited for', async () => {
  const snapshot = await open()
  const abort = new AbortController()
  const joining = snapshot.join(abort.signal)
  abort.abort()
  await expect(joining).rejects.toMatchObject({ code: 'cancelled' })
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
  await freed()
})

test('a read that ends early over one that joined frees its session at once, and leaves the snapshot as it is', async () => {
  const snapshot = await open()
  const batches = (await snapshot.join(new AbortController().signal)).read(request)[Symbol.asyncIterator]()
  await batches.next()
  await batches.return?.()
  await expect.poll(sessions, { timeout: 10_000, interval: 20 }).toHaveLength(1)
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await snapshot.close()
})

test('who is on the way in when the snapshot is closed does not stay', async () => {
  const snapshot = await open()
  const joining = snapshot.join(new AbortController().signal)
  await Promise.all([snapshot.close(), expect(joining).rejects.toMatchObject({ detail: 'The snapshot was closed meanwhile' })])
  await freed()
})

test('the last connections of a server are left to others', async () => {
  await expect(refuseIfScarce(client, 0)).resolves.toBeUndefined()
  await expect(refuseIfScarce(client, 1)).rejects.toMatchObject({ title: 'The server has few free connections', detail: expect.stringMatching(/^\d+ of its \d+ connections are used$/) })
})

test('a snapshot of the same name that shows something else is another one', async () => {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const { rows: [named] } = await client.query<{ name: string; shows: string }>('SELECT pg_export_snapshot() AS name, txid_current_snapshot()::text AS shows')
  const other = new pg.Client({ connectionString: source.url })
  await other.connect()
  expect(await beginJoined(other, named!)).toBe(true)
  await other.query('ROLLBACK')
  expect(await beginJoined(other, { ...named!, shows: '1:1:' })).toBe(false)
  await other.end()
  await client.query('ROLLBACK')
})

test('a session that was cut between two reads says so at once', async () => {
  const snapshot = await open()
  const joined = await snapshot.join(new AbortController().signal)
  expect(await rowsOf(joined.read(request))).toBe(20_000)
  await joined.close()
  await expect(rowsOf(joined.read(request))).rejects.toMatchObject({ code: 'unreachable' })
  expect(await rowsOf(snapshot.read(request))).toBe(20_000)
  await asSuperuser('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role])
  await freed()
  await expect(rowsOf(snapshot.read(request))).rejects.toMatchObject({ code: 'source', title: 'The server ended the connection', detail: expect.stringContaining('administrator') })
  await snapshot.close()
})
