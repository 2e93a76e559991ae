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

const customers: Case = {
  schema: 'customers',
  scope: 'rak_customer_read',
  rows: 1200,
  fill: (store) => many(1200, (index) => store.insert(customer(store, index))),
  change(store) {
    const [first, second] = oldest(store, 'customer')
    const created = store.insert(customer(store, 5000, store.now()))
    store.emit('customer.created', created)
    change(store, first.id, { description: 'changed' }, 'customer.updated')
    store.emit('customer.deleted', store.remove(second.id))
    return { written: [created.id, first.id], removed: [second.id] }
  },
}

/** Every hundredth invoice has more lines than Stripe sends with it. */
const linesOf = (index: number) => (index % 100 === 0 ? 25 : 1)

function fillInvoices(store: EmulatedStore): void {
  many(1200, (index) => {
    const { id } = store.insert({ id: store.newId('in_'), object: 'invoice', created: store.now() - 200 * DAY + index * 9000, status: 'draft', currency: 'usd', total: index, livemode: false })
    many(linesOf(index), (line) => store.insert(lineOf(store, id, line)))
  })
}

function lineOf(store: EmulatedStore, invoice: string, line: number): EmulatedObject {
  return { id: store.newId('il_'), object: 'line_item', invoice, amount: line, currency: 'usd', livemode: false }
}

/** Of one with many lines, one line goes and another comes; another invoice is deleted. */
function changeInvoices(store: EmulatedStore) {
  const [first, second] = oldest(store, 'invoice')
  const lines = store.all('line_item').filter(({ invoice }) => invoice === first.id)
  const gone = store.remove(lines[3]?.id ?? '')
  const come = store.insert(lineOf(store, first.id, 99))
  change(store, first.id, { total: 12_345 }, 'invoice.updated')
  const lost = store.all('line_item').filter(({ invoice }) => invoice === second.id)
  for (const { id } of lost) store.remove(id)
  store.emit('invoice.deleted', store.remove(second.id))
  return { first, second, gone, come, lost }
}

const invoices: Case = {
  schema: 'invoices',
  scope: 'rak_invoice_read',
  rows: 1200,
  fill: fillInvoices,
  change(store) {
    const { first, second } = changeInvoices(store)
    return { written: [first.id], removed: [second.id] }
  },
}

const invoiceLines: Case = {
  schema: 'invoice_lines',
  scope: 'rak_invoice_read',
  rows: 1188 + 12 * 25,
  fill: fillInvoices,
  change(store) {
    const { gone, come, lost } = changeInvoices(store)
    return { written: [come.id], removed: [gone.id, ...lost.map(({ id }) => id)] }
  },
}

const subscriptions: Case = {
  schema: 'subscriptions',
  scope: 'rak_subscription_read',
  rows: 1100,
  fill: (store) =>
    many(1100, (index) => {
      const { id } = store.insert({ id: store.newId('sub_'), object: 'subscription', created: store.now() - 200 * DAY + index * 9000, status: index % 3 ? 'active' : 'canceled', currency: 'usd', livemode: false })
      many(index % 100 === 0 ? 12 : 1, () => store.insert({ id: store.newId('si_'), object: 'subscription_item', subscription: id, quantity: 1, created: store.now() }))
    }),
  change(store) {
    const subscription = store.all('subscription').find(({ status }) => status === 'active')
    if (!subscription) throw new Error('No subscription is active')
    change(store, subscription.id, { status: 'canceled', canceled_at: store.now() }, 'customer.subscription.deleted')
    return { written: [subscription.id], removed: [] }
  },
}

const paymentMethods: Case = {
  schema: 'payment_methods',
  scope: 'rak_payment_method_read',
  rows: 1000,
  fill: (store) =>
    many(200, (index) => {
      const { id } = store.insert(customer(store, index))
      many(5, () => store.insert({ id: store.newId('pm_'), object: 'payment_method', customer: id, type: 'card', created: store.now(), livemode: false }))
    }),
  change(store) {
    const [first, second, third] = oldest(store, 'payment_method')
    const previous = store.update(first.id, { customer: null })
    store.emit('payment_method.detached', store.find(first.id) ?? first, previous)
    change(store, second.id, { allow_redisplay: 'always' }, 'payment_method.updated')
    const customerId = String(third.customer)
    const attached = store.insert({ id: store.newId('pm_'), object: 'payment_method', customer: customerId, type: 'card', created: store.now(), livemode: false })
    store.emit('payment_method.attached', attached)
    return { written: [second.id, attached.id], removed: [first.id] }
  },
}

/** Their ids are people's own, and are used again. */
const coupons: Case = {
  schema: 'coupons',
  scope: 'rak_coupon_read',
  rows: 1000,
  fill: (store) => many(1000, (index) => store.insert(coupon(store, `${index} % off/é`, store.now() - 200 * DAY + index * 9000))),
  change(store) {
    const [first, second, third] = oldest(store, 'coupon')
    store.emit('coupon.deleted', store.remove(first.id))
    store.emit('coupon.deleted', store.remove(second.id))
    store.emit('coupon.created', store.insert(coupon(store, second.id, store.now())))
    change(store, third.id, { name: 'changed' }, 'coupon.updated')
    return { written: [second.id, third.id], removed: [first.id] }
  },
}

// Not among them: `events`, whose list grows with every change of the suite, and which forgets: read-events.test.ts has it.
describe.each([customers, invoices, invoiceLines, subscriptions, paymentMethods, coupons])('$schema', (testCase) => {
  let server: StripeServer
  let blindKey: string
  beforeAll(async () => {
    server = await startStripe()
    blindKey = server.keyWithout(testCase.scope)
    testCase.fill(server.store)
  })
  afterAll(() => server.close())

  trackingConnectorSuite(stripe, () => ({
    config: { api_key: server.key, base_url: server.url },
    wrongSecret: { api_key: WRONG_KEY, base_url: server.url },
    secrets: [server.key, WRONG_KEY, blindKey],
    location: { schema: testCase.schema },
    rows: testCase.rows,
    missing: { schema: 'unicorns' },
    held: () => Promise.resolve(server.underWay()),
    unscoped: { config: { api_key: blindKey, base_url: server.url }, scope: testCase.scope },
    change: () => {
      server.advance(DAY)
      return Promise.resolve(testCase.change(server.store))
    },
  }))
})

/** The first three of a kind. */
function oldest(store: EmulatedStore, kind: string): [EmulatedObject, EmulatedObject, EmulatedObject] {
  const [first, second, third] = store.all(kind)
  if (!first || !second || !third) throw new Error(`There are too few of ${kind}`)
  return [first, second, third]
}

function change(store: EmulatedStore, id: string, changed: Record<string, unknown>, type: string): void {
  const previous = store.update(id, changed)
  const object = store.find(id)
  if (object) store.emit(type, object, previous)
}

function coupon(store: EmulatedStore, id: string, created: number): EmulatedObject {
  return { id, object: 'coupon', created, percent_off: 10, duration: 'once', valid: true, livemode: false, redeem_by: null }
}

function many(count: number, make: (index: number) => void): void {
  for (let index = 0; index < count; index++) make(index)
}

function customer(store: EmulatedStore, index: number, created = store.now() - 200 * DAY + index * 9000): EmulatedObject {
  return { id: store.newId('cus_'), object: 'customer', created, email: `c${index}@example.com`, name: null, livemode: false, metadata: { index: String(index) }, discount: null }
}
