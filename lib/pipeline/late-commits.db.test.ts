import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { LateSource } from '@/test/late-source'

let database: FreshDatabase
let source: LateSource
let a: pg.Client
let b: pg.Client
let idle: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  source = await LateSource.open()
  a = await source.client()
  b = await source.client()
  idle = await source.client()
})
afterAll(async () => {
  await source.close()
  await database.drop()
})
beforeEach(async () => {
  for (const client of [b, idle]) await client.query('ROLLBACK')
  await a.query('ROLLBACK; DROP TABLE IF EXISTS t; CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), note text)')
})

/** The look-back alone would find what is late by less: here it must not be what saves a row. */
const lookBack = 0
const insert = (client: pg.Client, note: string) => client.query('INSERT INTO t (note) VALUES ($1)', [note])

describe.each(['at', 'id'])('by %s', (key) => {
  const table = () => source.table('t', key)

  it('a row that is committed after a later one was synced is not missed', async () => {
    const t = await table()
    await insert(b, 'first')
    await t.sync({ lookBack })
    await a.query('BEGIN')
    await insert(a, 'late')
    await insert(b, 'on time')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['first', 'on time'])
    await a.query('COMMIT')
    await insert(b, 'after')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['after', 'first', 'late', 'on time'])
    expect(await t.sync({ lookBack })).toMatchObject({ isChanged: false })
  })

  it('nor one that was open when everything was read first, and whose key lies below all that was read', async () => {
    const t = await table()
    await a.query('BEGIN')
    await insert(a, 'late')
    await insert(b, 'on time')
    await t.sync({ lookBack })
    await a.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['late', 'on time'])
  })

  it('nor one of a transaction that had not written anything when its successor was synced', async () => {
    const t = await table()
    await insert(b, 'first')
    await t.sync({ lookBack })
    await a.query('BEGIN')
    const { rows } = await a.query<{ id: string; at: Date }>(`SELECT nextval('t_id_seq') AS id, now()::text AS at`)
    await insert(b, 'on time')
    await t.sync({ lookBack })
    await a.query(`INSERT INTO t (id, at, note) VALUES ($1, $2, 'late')`, [rows[0]?.id, rows[0]?.at])
    await a.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['first', 'late', 'on time'])
  })

})

describe.each(['at', 'id'])('by %s, over several syncs', (key) => {
  const table = () => source.table('t', key)

  it('nor those of subtransactions; what they took back does not come', async () => {
    const t = await table()
    await insert(b, 'first')
    await t.sync({ lookBack })
    await a.query('BEGIN; SAVEPOINT one')
    await insert(a, 'kept')
    await a.query('RELEASE one; SAVEPOINT two')
    await insert(a, 'taken back')
    await insert(b, 'on time')
    await t.sync({ lookBack })
    await a.query('ROLLBACK TO two')
    await t.sync({ lookBack })
    await a.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['first', 'kept', 'on time'])
  })

  it('several that are open over several syncs each come after their end, and nobody reads again and again for those that stay open', async () => {
    const t = await table()
    await insert(b, 'first')
    await idle.query('BEGIN')
    await insert(idle, 'idle')
    await t.sync({ lookBack })
    await a.query('BEGIN')
    await insert(a, 'late')
    for (const time of [1, 2, 3, 4, 5]) {
      await insert(b, `on time ${time}`)
      const { rowsRead } = await t.sync({ lookBack })
      // the row at the cursor and the new one; where another database of the server was busy, those of the sync before
      expect(rowsRead).toBeLessThanOrEqual(3)
    }
    await a.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['first', 'late', 'on time 1', 'on time 2', 'on time 3', 'on time 4', 'on time 5'])
    expect(await t.sync({ lookBack })).toMatchObject({ isChanged: false })
    await idle.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toContain('idle')
    expect(await t.sync({ lookBack })).toMatchObject({ isChanged: false })
  })
})
