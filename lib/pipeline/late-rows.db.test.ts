import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgresSnapshot } from '@/lib/connectors/postgres/snapshot'
import { prisma } from '@/lib/db/client'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { LateSource, type LateTable } from '@/test/late-source'

let database: FreshDatabase
let source: LateSource
let a: pg.Client
let b: pg.Client
let t: LateTable

beforeAll(async () => {
  database = await freshDatabase()
  source = await LateSource.open()
  a = await source.client()
  b = await source.client()
})
afterAll(async () => {
  await source.close()
  await database.drop()
})
beforeEach(async () => {
  await a.query(`ROLLBACK; DROP TABLE IF EXISTS t; CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), note text); INSERT INTO t (note) VALUES ('one'), ('two')`)
  t = await source.table('t', 'at')
})

const lookBack = 0
const insert = (client: pg.Client, note: string, at = 'now()') => client.query(`INSERT INTO t (at, note) VALUES (${at}, $1)`, [note])

describe('what becomes of a row', () => {
  it('changed by a transaction that commits late: its new state replaces the old one', async () => {
    await t.sync({ lookBack })
    await a.query(`BEGIN; UPDATE t SET note = 'new', at = now() WHERE id = 1`)
    await insert(b, 'on time')
    await t.sync({ lookBack })
    await a.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['new', 'on time', 'two'])
  })

  it('with the very key of the cursor, committed late: it comes', async () => {
    await t.sync({ lookBack })
    await a.query(`BEGIN; INSERT INTO t (at, note) SELECT max(at), 'tie' FROM t`)
    await t.sync({ lookBack })
    await a.query('COMMIT')
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['one', 'tie', 'two'])
  })

  it('whose key becomes NULL, or was never set: it comes with each change', async () => {
    await insert(b, 'never', 'NULL')
    await t.sync({ lookBack })
    await b.query(`UPDATE t SET at = NULL, note = 'cleared' WHERE id = 1; UPDATE t SET note = 'still never' WHERE id = 3`)
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['cleared', 'still never', 'two'])
    expect(await t.sync({ lookBack })).toMatchObject({ isChanged: false })
  })

  it('whose primary key changes: the new one comes; the old one is a deletion, which only reading everything sees', async () => {
    await t.sync({ lookBack })
    await b.query('UPDATE t SET id = 100, at = now() WHERE id = 1')
    await t.sync({ lookBack })
    expect(await t.values('id')).toEqual(['1', '100', '2'])
    await t.sync({ isFull: true })
    expect(await t.values('id')).toEqual(['100', '2'])
  })

  it('deleted and inserted again under its primary key: it is there once, as it is now', async () => {
    await t.sync({ lookBack })
    await b.query(`DELETE FROM t WHERE id = 1; INSERT INTO t (id, note) VALUES (1, 'again')`)
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['again', 'two'])
  })
})

describe('clocks', () => {
  it('one that was set back by less than the look-back loses no row', async () => {
    await t.sync()
    await insert(b, 'set back', `now() - interval '9 minutes'`)
    await t.sync()
    expect(await t.values('note')).toEqual(['one', 'set back', 'two'])
    expect(await t.sync()).toMatchObject({ isChanged: false })
  })

  it('a look-back is as long as it is set', async () => {
    await t.sync()
    await insert(b, 'older', `now() - interval '20 minutes'`)
    await t.sync()
    expect(await t.values('note')).toEqual(['one', 'two'])
    await t.sync({ lookBack: 1800 })
    expect(await t.values('note')).toEqual(['older', 'one', 'two'])
  })

  it.each([['timestamptz', 'now()'], ['timestamp', 'localtimestamp'], ['date', 'current_date']])('a %s from the future does not hide the rows until then', async (type, now) => {
    await b.query(`ALTER TABLE t ALTER at DROP DEFAULT, ALTER at TYPE ${type}`)
    await insert(b, 'from the future', `(${now} + interval '400 days')::${type}`)
    await t.sync({ lookBack })
    await insert(b, 'next', now)
    await t.sync({ lookBack })
    expect(await t.values('note')).toEqual(['from the future', 'next', 'one', 'two'])
    expect(await t.sync({ lookBack })).toMatchObject({ isChanged: false })
  })

  it('a time without a zone is not cut off at UTC where the server lives east of it', async () => {
    await b.query(`ALTER TABLE t ALTER at TYPE timestamp; ALTER DATABASE ${b.database} SET TimeZone = 'Asia/Tokyo'`)
    const east = await source.client()
    await insert(east, 'morning', `date_trunc('second', localtimestamp)`)
    const { rows } = await east.query<{ at: string }>('SELECT max(at)::text AS at FROM t')
    expect((await t.sync({ lookBack })).cursor).toMatchObject({ value: rows[0]?.at })
    await b.query(`ALTER DATABASE ${b.database} RESET TimeZone`)
  })
})

describe('what the report says', () => {
  it('a transaction that is open for long: since when, whose it is, how to end it, and that its rows come then', async () => {
    await t.sync({ lookBack })
    await a.query('BEGIN')
    await insert(a, 'late')
    const { rows } = await a.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    expect((await t.sync({ lookBack })).warnings).toEqual([])
    // two hours pass
    await prisma().$executeRaw`UPDATE "TableVersion" SET "cursor" = jsonb_set("cursor", '{late,0,since}', '"2026-01-01T10:20:30.000Z"') WHERE "cursor" ? 'late'`
    await insert(b, 'fresh')
    const { warnings } = await t.sync({ lookBack })
    expect(warnings).toEqual([{ column: 'at', message: expect.stringContaining('open since 2026-01-01 10:20 UTC or longer') }])
    expect(warnings[0]?.message).toContain(`session ${rows[0]?.pid} (user tributary, shop)`)
    expect(warnings[0]?.message).toContain(`SELECT pg_terminate_backend(${rows[0]?.pid})`)
    expect(await t.values('note')).toEqual(['fresh', 'one', 'two'])
    await a.query('COMMIT')
    expect((await t.sync({ lookBack })).warnings).toEqual([])
    expect(await t.values('note')).toEqual(['fresh', 'late', 'one', 'two'])
  })

  it('a server that does not tell who has a transaction open is synced, and the report says what that means', async () => {
    await b.query('REVOKE EXECUTE ON FUNCTION pg_lock_status() FROM PUBLIC')
    expect((await t.sync()).warnings).toEqual([{ column: 'at', message: expect.stringMatching(/does not tell which transactions are open.*pg_lock_status.*look-back/) }])
    await b.query('GRANT EXECUTE ON FUNCTION pg_lock_status() TO PUBLIC')
    expect((await t.sync()).warnings).toEqual([])
  })
})

it('our own reads and the transactions of other databases are nobody to wait for', async () => {
  const reading = await openPostgresSnapshot(source.config, new AbortController().signal)
  await prisma().$transaction(async (db) => {
    await db.$executeRaw`SELECT pg_current_xact_id()`
    await t.sync({ lookBack })
  }, { timeout: 60_000 })
  await reading.close()
  expect((await t.open()).filter((name) => name !== 'over')).toEqual([])
})
