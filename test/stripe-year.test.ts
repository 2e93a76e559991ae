import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Bookmark, ChangesRequest, DiscoveredSchema } from '@/lib/connectors/contract'
import { stripe } from '@/lib/connectors/stripe/connector'
import { TrackedTable } from '@/lib/connectors/suite/tracked-table'
import { startBusiness, type Business } from './servers/stripe/business/business'
import { startStripe } from './servers/stripe/stripe-server'
import type { StripeServer } from './servers/stripe/types'

const DAYS = 365
/** How often every table is held against a fresh load, beside the last day. */
const COMPARED_EVERY = 61
/** Requests of one sync of one schema in which nothing is new. */
const NOTHING_NEW = 2

const never = new AbortController().signal

let server: StripeServer
let business: Business

interface Synced {
  schema: DiscoveredSchema
  table: TrackedTable
  bookmark: Bookmark
}

beforeAll(async () => {
  server = await startStripe({ seed: 11 })
  business = startBusiness(server.store, 11)
})
afterAll(() => server.close())

const config = () => stripe.config.parse({ api_key: server.key, base_url: server.url })

async function read({ schema, table }: Pick<Synced, 'schema' | 'table'>, changes: ChangesRequest): Promise<Bookmark> {
  let bookmark: Bookmark | undefined
  for await (const batch of stripe.read(config(), { location: schema.location, columns: schema.columns, batchBytes: 1, changes }, never)) {
    table.apply(batch)
    bookmark = batch.bookmark ?? bookmark
  }
  if (!bookmark) throw new Error(`A read of ${schema.name} ended without a bookmark`)
  return structuredClone(bookmark)
}

async function load(schema: DiscoveredSchema): Promise<Synced> {
  const table = new TrackedTable(schema)
  return { schema, table, bookmark: await read({ schema, table }, { read: 'everything' }) }
}

async function follow(synced: Synced): Promise<void> {
  synced.bookmark = await read(synced, synced.schema.tracking === 'changes' ? { read: 'changes', bookmark: synced.bookmark } : { read: 'everything' })
}

/** What differs from a fresh load, in words; of a list that forgets its rows, only what the fresh load has. */
async function differences({ schema, table }: Synced): Promise<string[]> {
  const fresh = (await load(schema)).table
  if (schema.forgets) for (const key of table.rows.keys()) if (!fresh.rows.has(key)) table.rows.delete(key)
  return table.differences(fresh).map((line) => `${schema.name}: ${line}`)
}

test('a year of a subscription business, synced every day, is equal to a fresh load, row for row, for every schema', async () => {
  const schemas = await stripe.discover(config(), never)
  expect(schemas).toHaveLength(38)
  const synced = await Promise.all(schemas.map(load))
  const subscriptions = synced.find(({ schema }) => schema.name === 'subscriptions')
  for (let day = 1; day <= DAYS; day++) {
    business.liveDay(server, day)
    await Promise.all(synced.map(follow))
    const wrong = [...(subscriptions?.table.rows.values() ?? [])].filter(({ id, status }) => status !== server.store.find(String(id))?.status)
    expect(wrong.map(({ id, status }) => `day ${day}: ${String(id)} is ${String(status)}`)).toEqual([])
    if (day % COMPARED_EVERY === 0 || day === DAYS) expect((await Promise.all(synced.map(differences))).flat().slice(0, 20).map((words) => `day ${day}: ${words}`)).toEqual([])
  }
  const counts = synced.map(({ schema, table }) => [schema.name, table.rows.size])
  expect(counts.filter(([, rows]) => rows === 0)).toEqual([])

  // what settled meanwhile has been read by the first; then nothing is new
  await Promise.all(synced.map(follow))
  for (const each of synced.filter(({ schema }) => schema.tracking === 'changes')) {
    const before = server.requests.length
    await follow(each)
    expect([each.schema.name, server.requests.length - before <= NOTHING_NEW]).toEqual([each.schema.name, true])
  }
}, 900_000)
