import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgres } from '@/lib/connectors/postgres/connector'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { LateTable } from '@/test/late-source'
import { CutSource, bothTables, gate, over, partsSync } from '@/test/parts-room'
import { ReplicaRoom } from '@/test/replica-room'
import { makeSchema, snapshotOf, type JobChange } from '@/test/sync-room'

let database: FreshDatabase
let room: ReplicaRoom
let a: pg.Client
let onReplica: pg.Client

/** The replica waits for nobody who reads, as one that is to be fresh. */
beforeAll(async () => {
  database = await freshDatabase()
  room = await ReplicaRoom.open({ max_standby_streaming_delay: '0' })
  ;[a, onReplica] = await Promise.all([room.client(room.primary), room.client(room.replica)])
}, 120_000)

afterAll(async () => {
  await room?.close()
  await database.drop()
})

const ROWS = 3000

async function makeTable(name: string) {
  await a.query(`CREATE TABLE ${name} (id int primary key, changed int, text text); INSERT INTO ${name} SELECT n, n, 'row ' || n || repeat('.', 80) FROM generate_series(1, ${ROWS}) n`)
  await room.replayed(a, onReplica)
  const config = room.config(room.replica)
  const [discovered] = await postgres.discover(config, new AbortController().signal, [{ namespace: 'public', table: name }])
  if (!discovered) throw new Error(`There is no ${name}`)
  const source = new CutSource({ connector: postgres, discovered, primaryKey: discovered.primaryKey })
  const schema = await makeSchema()
  return { name, source, schema, sync: (connections: number, change?: JobChange) => partsSync(schema, source, { config, ...over(connections), ...change }) }
}

async function expectEqual({ schema, name }: Awaited<ReturnType<typeof makeTable>>): Promise<void> {
  const { source, ours } = await bothTables({ client: onReplica }, schema, name)
  expect(ours).toEqual(source)
}

it('a replica is read over several connections, of one moment, while it follows its primary', async () => {
  const table = await makeTable('several')
  const together = gate(3)
  table.source.onPart = async (number) => {
    await together()
    await a.query(`INSERT INTO ${table.name} VALUES (${number + 10_000}, 1, 'later')`)
    await room.replayed(a, onReplica)
  }
  expect(await table.sync(3)).toMatchObject({ rowsRead: ROWS, rows: ROWS, connections: 3 })
  table.source.forget()
  await table.sync(1)
  await expectEqual(table)
})

it.each([1, 3])('a read over %i that the replica cancels to keep up says so, is tried again, and goes on where it was', async (connections) => {
  const table = await makeTable(`cancelled_${connections}`)
  let isDone: Promise<void> | undefined
  table.source.onPart = async (number) => {
    if (number < 6) return
    isDone ??= a.query(`DELETE FROM ${table.name} WHERE id % 3 = 0`).then(() => a.query(`VACUUM ${table.name}`)).then(() => room.replayed(a, onReplica))
    await isDone
  }
  const error = await table.sync(connections).catch((each: unknown) => each)
  expect(error).toMatchObject({ isRetryable: true, title: 'The replica cancelled the read to keep up with its primary' })
  table.source.forget()
  const report = await table.sync(connections)
  expect(report.warnings[0]?.message).toMatch(/^Resumed after \d+ of \d+ parts/)
  await expectEqual(table)
})

it('a replica that becomes the primary goes on as one: neither the clock nor who is open is that of before', async () => {
  await a.query('CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz DEFAULT clock_timestamp(), note text)')
  const insert = (client: pg.Client, note: string) => client.query('INSERT INTO t (note) VALUES ($1)', [note])
  await insert(a, 'before')
  await a.query('BEGIN')
  await insert(a, 'lost with the old primary')
  await room.replayed(a, onReplica)
  const schema = await makeSchema()
  const t = new LateTable(schema, { config: room.config(room.replica) }, 't', 'at')
  await t.sync({ lookBack: 0 })
  await onReplica.query('SELECT pg_promote()')
  const late = await room.client(room.replica)
  for (const time of [1, 2, 3]) {
    await insert(onReplica, `after ${time}`)
    await t.sync({ lookBack: 0 })
  }
  await late.query(`BEGIN`)
  await insert(late, 'late')
  await insert(onReplica, 'on time')
  await t.sync({ lookBack: 0 })
  await late.query('COMMIT')
  await t.sync({ lookBack: 0 })
  expect(await t.values('note')).toEqual(['after 1', 'after 2', 'after 3', 'before', 'late', 'on time'])
  const { rowsRead, isChanged } = await t.sync({ lookBack: 0 })
  expect({ rowsRead, isChanged, cursor: (await snapshotOf(schema)).cursor }).toEqual({ rowsRead: 1, isChanged: false, cursor: expect.not.objectContaining({ greatest: expect.anything() }) })
})
