import { spawn } from 'node:child_process'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { stripe } from '@/lib/connectors/stripe/connector'
import type { TablesConnector } from '@/lib/connectors/contract'
import { findCheckpoint } from '@/lib/db/read-checkpoints'
import { findSnapshot } from '@/lib/db/versions'
import { freshDatabase, type FreshDatabase } from './database'
import { seedAccount } from './servers/stripe/business/seed-account'
import { startStripe } from './servers/stripe/stripe-server'
import type { StripeServer } from './servers/stripe/types'
import { stripeSource, type StripeOrder } from './stripe-child'
import { claimedRun, endRuns, makeSchema, sync, tableRows, type Schema } from './sync-room'

const OBJECTS = 20_000
const PAGES = OBJECTS / 100
const SUMMARY = `count(*), count(DISTINCT id), sum(amount), md5(string_agg(id, ',' ORDER BY id))`
/** Objects that were asked for and are not in the checkpoint of a process that died; what is within ten minutes of it is asked for again too. */
const AGAIN = 200
const LISTS = /^\/v1\/charges/

let database: FreshDatabase
let server: StripeServer

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  // slow enough that a checkpoint follows each page
  server = await startStripe({ perSecond: 80, burst: 4, latencyMs: 20 })
  seedAccount(server.store, 'charge', OBJECTS)
})
afterEach(() => server.close())

const config = () => ({ api_key: server.key, base_url: server.url })
const source = () => ({ ...stripeSource('charges'), connector: stripe as TablesConnector })
const incremental = () => ({ method: 'incremental' as const, config: stripe.config.parse(config()) })
/** Pages that were given: how often a request is refused for being early depends on how busy this machine is. */
const asked = () => server.requests.filter(({ path, status }) => status === 200 && LISTS.test(path)).length

/** A sync in a process of its own, which is killed when that is told. Gives how many rows its last checkpoint has. */
async function killed(schema: Schema, killWhen: (kill: () => void) => unknown): Promise<number> {
  const order: StripeOrder = { schema, run: await claimedRun(schema), name: 'charges', config: config() }
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/stripe-child.ts', JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  await killWhen(() => void child.kill('SIGKILL'))
  expect(await ended).toBe('SIGKILL')
  await endRuns(schema)
  return (await checkpointOf(schema))?.rowsRead ?? 0
}

const checkpointOf = (schema: Schema) => findCheckpoint(schema.workspaceId, schema.schemaId)

/** When it asks for the page after so many. */
const atPage = (pages: number) => (kill: () => void) => server.trouble({ matching: LISTS, after: pages, kind: kill })

/** When a checkpoint has so many rows. */
const atCheckpoint = (schema: Schema, rows: number) => async (kill: () => void) => {
  await expect.poll(async () => (await checkpointOf(schema))?.rowsRead ?? 0, { timeout: 60_000, interval: 10 }).toBeGreaterThanOrEqual(rows)
  kill()
}

test('a first load that is killed at any page has published nothing, and the next run goes on and ends as an unbroken one', async () => {
  const unbroken = await makeSchema()
  await sync(unbroken, source(), incremental())
  const whole = await tableRows(unbroken, { select: SUMMARY })
  expect(whole[0]?.slice(0, 2)).toEqual([String(OBJECTS), String(OBJECTS)])
  const kills = (schema: Schema) => [atPage(0), atPage(7), atPage(PAGES / 2), atPage(PAGES - 5), atCheckpoint(schema, OBJECTS / 4), atCheckpoint(schema, OBJECTS / 2)]
  for (const number of kills(unbroken).keys()) {
    const schema = await makeSchema()
    const kept = await killed(schema, kills(schema)[number] ?? atPage(0))
    expect(await findSnapshot(schema.workspaceId, schema.schemaId)).toBeNull()
    const before = asked()
    await sync(schema, source(), incremental())
    expect({ number, rows: await tableRows(schema, { select: SUMMARY }) }).toEqual({ number, rows: whole })
    // a quarter is for windows that are cut more often than needed
    expect(asked() - before).toBeLessThan(PAGES * 1.25 - kept / 100)
  }
}, 300_000)

test('a read of many changes that is killed leaves the old version, and goes on to the new one', async () => {
  const schema = await makeSchema()
  await sync(schema, source(), incremental())
  const charges = server.store.all('charge').slice(-600)
  for (const { id } of charges) {
    server.advance(30) // what is within ten minutes of a place in the feed is read again
    const previous = server.store.update(id, { description: 'changed' })
    const charge = server.store.find(id)
    if (charge) server.store.emit('charge.updated', charge, previous)
  }
  const changed = () => tableRows(schema, { select: 'count(*) FILTER (description = \'changed\'), count(*)' })
  const kept = await killed(schema, atCheckpoint(schema, 300))
  expect(await changed()).toEqual([['0', String(OBJECTS)]])
  const before = asked()
  expect(await sync(schema, source(), incremental())).toMatchObject({ updated: 600, inserted: 0, deleted: 0, fullReason: null })
  expect(await changed()).toEqual([['600', String(OBJECTS)]])
  expect(asked() - before).toBeLessThan(600 - kept + AGAIN)
}, 300_000)
