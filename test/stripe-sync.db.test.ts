import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeJobs } from '@/lib/jobs/enqueue'
import { freshDatabase, type FreshDatabase } from './database'
import { startBusiness, type Business } from './servers/stripe/business/business'
import { startStripe } from './servers/stripe/stripe-server'
import type { StripeServer } from './servers/stripe/types'
import { linkAccount, tableDifferences, type LinkedAccount } from './stripe-account'

const DAYS = 103
/** Days between two syncs: below the 30 days of the feed. The whole year, synced daily, is in test/stripe-year.test.ts and in the bench. */
const SYNCED_EVERY = 25

let database: FreshDatabase
let server: StripeServer
let business: Business
let account: LinkedAccount
let day = 0

beforeAll(async () => {
  database = await freshDatabase()
  server = await startStripe({ seed: 5 })
  business = startBusiness(server.store, 5)
  live(3)
  account = await linkAccount(server, 'lived')
})
afterAll(async () => {
  await closeJobs()
  await server.close()
  await database.drop()
})

function live(days: number): void {
  for (const end = day + days; day < end; ) business.liveDay(server, ++day)
}

let fresh = 0
const freshLoad = async (): Promise<LinkedAccount> => {
  const loaded = await linkAccount(server, `fresh${++fresh}`)
  await loaded.sync()
  return loaded
}

test('tables that followed the changes of a business are equal to those of a fresh load, and a second sync changes nothing', async () => {
  await account.sync()
  while (day < DAYS) {
    live(SYNCED_EVERY)
    await account.sync()
  }
  expect(await tableDifferences(account, await freshLoad())).toEqual([])
  const again = await account.sync()
  expect([...again.values()].filter(({ isChanged }) => isChanged).map(({ schema }) => schema)).toEqual([])
}, 600_000)

test('a gap longer than the feed’s memory is noticed, repaired by a full pass, and said in the report', async () => {
  live(40)
  const reports = await account.sync(['subscriptions', 'customers', 'invoices', 'invoice_lines', 'coupons', 'events'])
  expect([...reports.values()].map(({ schema, fullReason }) => [schema, fullReason !== null && /keeps its changes for 30/.test(fullReason)])).toEqual([...reports.keys()].map((schema) => [schema, true]))
  await account.sync()
  expect(await tableDifferences(account, await freshLoad())).toEqual([])
}, 600_000)
