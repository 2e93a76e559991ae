import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBusiness, type Business } from '@/test/servers/stripe/business/business'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { StripeServer } from '@/test/servers/stripe/types'
import type { Bookmark, RowsBatch } from '../contract'
import { STRIPE_SCHEMAS } from './catalogue/catalogue'
import { StripeConfig } from './config'
import { describeStripe } from './discover'
import { readStripe } from './read-stripe'
import type { StripeSchema } from './stripe-schema'
import { TableForTest } from './table-for-test'

const DAYS = 45
const never = new AbortController().signal

let server: StripeServer
let business: Business
beforeAll(async () => {
  server = await startStripe()
  business = startBusiness(server.store, 7)
})
afterAll(() => server.close())

async function read(schema: StripeSchema, bookmark: Bookmark | undefined, table: TableForTest): Promise<Bookmark> {
  const location = { schema: schema.name }
  const columns = describeStripe(location)?.columns ?? []
  let last: Bookmark | undefined
  const config = StripeConfig.parse({ api_key: server.key, base_url: server.url })
  const changes = bookmark ? ({ read: 'changes', bookmark: structuredClone(bookmark) } as const) : ({ read: 'everything' } as const)
  for await (const batch of readStripe(config, { location, columns, batchBytes: 1, changes }, never) as AsyncGenerator<RowsBatch>) {
    table.apply(batch)
    last = batch.bookmark
  }
  if (!last) throw new Error('The last batch has no bookmark')
  return last
}

test('tables that follow a business day by day end as tables that are read anew, for every schema that Stripe tells of', { timeout: 300_000 }, async () => {
  const tables = STRIPE_SCHEMAS.filter(({ feed, lookBack }) => feed || lookBack).map((schema) => ({ schema, table: new TableForTest(schema.primaryKey), bookmark: undefined as Bookmark | undefined }))
  for (let day = 1; day <= DAYS; day++) {
    business.liveDay(server, day)
    if (day % 3 !== 0) continue
    for (const one of tables) one.bookmark = await read(one.schema, one.bookmark, one.table)
  }
  const different: string[] = []
  for (const { schema, table } of tables) {
    const fresh = new TableForTest(schema.primaryKey)
    await read(schema, undefined, fresh)
    if (schema.forgets) for (const key of table.rows.keys()) if (!fresh.rows.has(key)) table.rows.delete(key)
    different.push(...table.differences(fresh).map((line) => `${schema.name}: ${line}`))
  }
  expect(different).toEqual([])
})
