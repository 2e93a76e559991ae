import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshServerDatabase, type FreshServerDatabase } from '@/test/database'
import { Random } from '../simulate/random'
import { fillTables, STATE, type SourceTable } from './source-table'
import { Ledger } from './writer'

let server: FreshServerDatabase
let client: pg.Client
const table: SourceTable = { database: 'unused', name: 'ledger', method: 'full', rows: 20 }

beforeAll(async () => {
  server = await freshServerDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await fillTables(client, [table])
})
afterAll(async () => {
  await client.end()
  await server.drop()
})

const state = async (of = '') => (await client.query<{ state: string }>(`SELECT ${STATE} AS state FROM ledger ${of}`)).rows[0]?.state ?? ''

test('every state that was committed is known, in its order, and what all rows have together never changes; half a transaction and a table that lacks a row are states that never were', async () => {
  const ledger = new Ledger(table)
  await ledger.look(client)
  const random = new Random(3)
  const total = async () => (await client.query<{ total: string }>('SELECT sum(amount)::text AS total FROM ledger')).rows[0]?.total
  const before = await total()
  const states = [await state()]
  for (let change = 0; change < 100; change++) {
    await ledger.change(client, random)
    states.push(await state())
  }
  expect(states.map((each) => ledger.revisionOf(each))).toEqual(states.map((_, number) => number))
  expect(await total()).toBe(before)
  expect(new Set(states.map((each) => each.split('|')[0])).size).toBeGreaterThan(5)
  expect(ledger.revisionOf(await state('WHERE id > (SELECT min(id) FROM ledger)'))).toBeUndefined()
  await client.query('BEGIN')
  await client.query('UPDATE ledger SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger)')
  expect(ledger.revisionOf(await state())).toBeUndefined()
  await client.query('ROLLBACK')
})
