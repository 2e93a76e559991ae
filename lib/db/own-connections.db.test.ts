import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { prisma } from './client'
import { ownConnections } from './own-connections'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('the database ends a transaction of ours in which nothing happens, and asks soon whether a silent process is still there', async () => {
  const show = async (name: string) => (await prisma().$queryRawUnsafe<{ setting: string }[]>(`SELECT setting FROM pg_settings WHERE name = '${name}'`))[0]?.setting
  expect(await show('idle_in_transaction_session_timeout')).toBe('30000')
  expect(await show('tcp_keepalives_idle')).toBe('20')
})

test('a connection that answers nothing is given up with an error, and the next query gets another one; one that says something now and then is waited for', async () => {
  const pool = new pg.Pool({ ...ownConnections(database.url, { silentSeconds: 0.5 }), max: 1 })
  pool.on('error', () => {}) // the query hears of it
  await expect(pool.query('SELECT pg_sleep(20)')).rejects.toThrow('the database sent nothing for 0.5 s')
  expect((await pool.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  // 0.8 s, with a notice each 0.1 s
  await pool.query(`DO $$ BEGIN FOR i IN 1..8 LOOP PERFORM pg_sleep(0.1); RAISE NOTICE '%', i; END LOOP; END $$`)
  await pool.end()
}, 60_000)
