import { afterAll, beforeAll, describe } from 'vitest'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { EmulatedObject, EmulatedStore, StripeServer } from '@/test/servers/stripe/types'
import { trackingConnectorSuite } from '../connector-suite'
import { stripe } from './connector'

const DAY = 86_400
const WRONG_KEY = 'rk_test_51WrongWrongWrongWrongWrong'

/** What the suite needs to know of a schema: objects to begin with, and what a few changes do to the table. */
interface Case {
  schema: string
  scope: string
  rows: number
  fill(store: EmulatedStore): void
  change(store: EmulatedStore): { written: string[]; removed: string[] }
}

const CUSTOMERS: Case = {
  schema: 'customers',
  scope: 'rak_customer_read',
  rows: 1200,
  fill: (store) => many(1200, (index) => store.insert(customer(store, index))),
  change(store) {
    const [first, second, third] = store.all('customer')
    const created = store.insert(customer(store, 5000, store.now()))
    store.emit('customer.created', created)
    if (!first || !second || !third) throw new Error('Too few customers')
    const previous = store.update(first.id, { description: 'changed' })
    store.emit('customer.updated', store.find(first.id) ?? first, previous)
    store.emit('customer.deleted', store.remove(second.id))
    return { written: [created.id, first.id], removed: [second.id] }
  },
}

for (const testCase of [CUSTOMERS]) {
  describe(testCase.schema, () => {
    let server: StripeServer
    beforeAll(async () => {
      server = await startStripe()
      testCase.fill(server.store)
    })
    afterAll(() => server.close())

    trackingConnectorSuite(stripe, () => ({
      config: { api_key: server.key, base_url: server.url },
      wrongSecret: { api_key: WRONG_KEY, base_url: server.url },
      secrets: [server.key, WRONG_KEY],
      location: { schema: testCase.schema },
      rows: testCase.rows,
      missing: { schema: 'unicorns' },
      held: () => Promise.resolve(server.underWay()),
      unscoped: { config: { api_key: server.keyWithout(testCase.scope), base_url: server.url }, scope: testCase.scope },
      change: () => {
        server.advance(DAY)
        return Promise.resolve(testCase.change(server.store))
      },
    }))
  })
}

function many(count: number, make: (index: number) => void): void {
  for (let index = 0; index < count; index++) make(index)
}

function customer(store: EmulatedStore, index: number, created = store.now() - 200 * DAY + index * 9000): EmulatedObject {
  return { id: store.newId('cus_'), object: 'customer', created, email: `c${index}@example.com`, name: null, livemode: false, metadata: { index: String(index) }, discount: null }
}
