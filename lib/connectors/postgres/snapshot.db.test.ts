import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asSuperuser, freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import type { BytesBatch, ReadRequest } from '../contract'
import { PostgresConfig } from './config'
import { openPostgresSnapshot, type PostgresSnapshot } from './snapshot'

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

async function rowsOf(batches: AsyncIterable<BytesBatch>): Promise<number> {
  let rows = 0
  for await (const batch of batches) rows += batch.rows
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
