import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { postgres } from '@/lib/connectors/postgres/connector'
import type { EmbeddedServer } from '@/lib/db/embedded/server'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { LateTable } from '@/test/late-source'
import { ReplicaRoom } from '@/test/replica-room'
import { makeSchema } from '@/test/sync-room'

let database: FreshDatabase
let room: ReplicaRoom
let a: pg.Client
let b: pg.Client
let late: pg.Client
let onReplica: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  room = await ReplicaRoom.open()
  const { primary, replica } = room
  ;[a, b, late, onReplica] = await Promise.all([room.client(primary), room.client(primary), room.client(primary), room.client(replica)])
}, 120_000)

afterAll(async () => {
  await room?.close()
  await database.drop()
})

beforeEach(async () => {
  for (const client of [b, late]) await client.query('ROLLBACK')
  await a.query('ROLLBACK; DROP TABLE IF EXISTS t; CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), note text)')
  await insert(b, 'first')
})

const table = async (server: EmbeddedServer, key: string) => new LateTable(await makeSchema(), { config: room.config(server) }, 't', key)
const insert = (client: pg.Client, note: string) => client.query('INSERT INTO t (note) VALUES ($1)', [note])
const lookBack = 0

const replayed = () => room.replayed(b, onReplica)

it.each(['at', 'id'])('a transaction that is prepared, and committed after a later one was synced, is not missed (by %s)', async (key) => {
  const t = await table(room.primary, key)
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
  const t = await table(room.replica, key)
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
  for await (const step of postgres.check(room.config(room.replica), new AbortController().signal)) steps.push(step)
  expect(steps).toContainEqual(expect.objectContaining({ label: 'Late commits', status: 'warning', detail: expect.stringContaining('look-back') }))
  expect(steps.every(({ status }) => status !== 'failed')).toBe(true)
})
