import { beforeEach, expect, test } from 'vitest'
import { DAY, openAccount, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { MONTHLY } from '../shapes/products'
import { testClock, WatchedStore } from '../watched-store'
import { cancelAtPeriodEnd, cancelNow } from './cancellations'
import { createCoupon } from './coupons'
import { createCustomer, deleteCustomer } from './customers'
import { discountCustomer } from './discounts'
import { dispute } from './disputes'
import { addItem, editItem } from './invoice-items'
import { attachPaymentMethod, detachPaymentMethod } from './payment-methods'
import { createPrice, createProduct, deletePlan } from './products'
import { refund } from './refunds'
import { subscribe } from './subscribe'

let clock: ReturnType<typeof testClock>
let store: WatchedStore
let account: Account
let customer: string
let price: Kinds['price']

beforeEach(() => {
  clock = testClock()
  store = new WatchedStore(1, clock.now)
  account = openAccount(store, 1)
  customer = createCustomer(account).id
  attachPaymentMethod(account, customer)
  price = createPrice(account, { product: createProduct(account, 'Basic').id, currency: 'eur', unit_amount: 1000, recurring: MONTHLY })
})

/** The types of the events of these doings, in order. */
function told(doing: () => unknown): string[] {
  const before = store.events.length
  doing()
  return store.events.slice(before).map(({ type }) => String(type))
}

function live(days: number): void {
  for (let hour = 0; hour < days * 24; hour += 1) {
    clock.advance(3600)
    account.runDue()
  }
}

const PAID = ['charge.succeeded', 'payment_intent.succeeded', 'invoice.updated', 'invoice.paid', 'invoice.payment_succeeded', 'invoice_payment.paid']

test('a subscription begins with an invoice that is paid, and is active then', () => {
  let subscription: Kinds['subscription'] | undefined
  expect(told(() => (subscription = subscribe(account, customer, { prices: [price] })))).toEqual(['customer.subscription.created', 'invoice.created', 'payment_intent.created', 'invoice.finalized', ...PAID, 'customer.subscription.updated'])
  expect(subscription).toMatchObject({ status: 'active', latest_invoice: account.all('invoice')[0]?.id })
  expect(store.events.at(-1)).toMatchObject({ data: { object: { status: 'active' }, previous_attributes: { status: 'incomplete', latest_invoice: null } } })
})

test('one whose first payment fails is incomplete, and expires within a day', () => {
  const { id, status } = subscribe(account, customer, { prices: [price], outcome: 'fails' })
  expect(status).toBe('incomplete')
  expect(told(() => live(1))).toEqual(['customer.subscription.updated'])
  expect(account.get('subscription', id).status).toBe('incomplete_expired')
})

test('a renewal is foretold, drafted with what is pending, finalized an hour later and paid', () => {
  const { id } = subscribe(account, customer, { prices: [price] })
  const item = addItem(account, customer, 'eur')
  account.chance.happens = () => true
  const [first, ...rest] = told(() => live(30))
  expect([first, rest]).toEqual(['invoice.upcoming', ['customer.subscription.updated', 'invoice.created']])
  const draft = account.get('invoice', String(account.get('subscription', id).latest_invoice))
  expect(draft).toMatchObject({ status: 'draft', billing_reason: 'subscription_cycle' })
  expect(account.below('line_item', draft.id).map(({ parent }) => parent?.invoice_item_details?.invoice_item ?? null)).toContain(item.id)
  expect(account.get('invoiceitem', item.id).invoice).toBe(draft.id)
  expect(() => editItem(account, item.id)).toThrow('not edited any more')
  expect(told(() => live(1 / 24))).toEqual(['payment_intent.created', 'invoice.finalized', ...PAID])
  expect(account.below('subscription_item', id)[0]?.current_period_start).toBe(draft.period_end)
})

test('a renewal that nobody pays is tried three times, and ends the subscription', () => {
  const { id } = subscribe(account, customer, { prices: [price] })
  live(30)
  account.chance.happens = () => false
  const failure = ['charge.failed', 'payment_intent.payment_failed', 'invoice.updated', 'invoice.payment_failed']
  expect(told(() => live(7))).toEqual([
    'payment_intent.created', 'invoice.finalized', ...failure, 'customer.subscription.updated', 'customer.updated', ...failure, ...failure, 'customer.subscription.deleted', 'invoice.updated', 'invoice.marked_uncollectible',
  ])
  expect(account.get('subscription', id)).toMatchObject({ status: 'canceled', cancellation_details: { reason: 'payment_failed' } })
  expect(account.get('customer', customer).delinquent).toBe(true)
})

test('a cancellation is told at once when it is at once, and at the end of the period when it is for then', () => {
  const first = subscribe(account, customer, { prices: [price] })
  expect(told(() => cancelNow(account, first.id))).toEqual(['customer.subscription.deleted'])
  const second = subscribe(account, customer, { prices: [price] })
  account.chance.happens = () => false
  expect(told(() => cancelAtPeriodEnd(account, second.id))).toEqual(['customer.subscription.updated'])
  expect(account.get('subscription', second.id)).toMatchObject({ status: 'active', cancel_at_period_end: true, cancel_at: account.now() + 30 * DAY })
  expect(told(() => live(30))).toEqual(['customer.subscription.deleted'])
})

test('a refund is told with its charge, and again when it arrived or failed', () => {
  subscribe(account, customer, { prices: [price] })
  const [charge] = account.all('charge')
  expect(told(() => refund(account, String(charge?.id), 100, 'fails'))).toEqual(['refund.created', 'charge.refunded'])
  expect(account.get('charge', String(charge?.id)).amount_refunded).toBe(100)
  expect(told(() => live(3))).toEqual(['charge.refund.updated', 'refund.updated', 'refund.failed'])
  expect(account.get('charge', String(charge?.id)).amount_refunded).toBe(0)
  expect(() => refund(account, String(charge?.id), Number(charge?.amount) + 1, 'succeeds')).toThrow('cannot be refunded')
})

test('a dispute that is won withdraws the money, and brings it back', () => {
  subscribe(account, customer, { prices: [price] })
  const [charge] = account.all('charge')
  expect(told(() => dispute(account, String(charge?.id), 'won'))).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
  expect(told(() => live(25))).toEqual(['charge.dispute.updated', 'charge.dispute.closed', 'charge.dispute.funds_reinstated'])
  expect(account.all('dispute')[0]?.balance_transactions).toHaveLength(2)
})

test('a customer who is deleted leaves a cancelled subscription', () => {
  const { id } = subscribe(account, customer, { prices: [price] })
  expect(told(() => deleteCustomer(account, customer))).toEqual(['customer.subscription.deleted', 'payment_method.detached', 'customer.updated', 'customer.deleted'])
  expect(account.get('subscription', id).status).toBe('canceled')
  expect(told(() => live(60))).toEqual([])
})

test('a plan and its price are told of together', () => {
  expect(told(() => createPrice(account, { product: price.product, currency: 'jpy', unit_amount: 100, recurring: MONTHLY }))).toEqual(['price.created', 'plan.created'])
  expect(told(() => deletePlan(account, price.id))).toEqual(['plan.deleted', 'price.deleted'])
})

test('a payment method that is taken off tells whose it was, and a discount what it is of', () => {
  const [method] = account.all('payment_method')
  expect(told(() => detachPaymentMethod(account, String(method?.id)))).toEqual(['payment_method.detached', 'customer.updated'])
  expect(store.events.at(-2)).toMatchObject({ data: { object: { customer: null }, previous_attributes: { customer } } })
  const coupon = createCoupon(account, { id: 'half', percent_off: 50 })
  expect(told(() => discountCustomer(account, customer, { coupon }))).toEqual(['customer.discount.created'])
  expect(store.events.at(-1)).toMatchObject({ data: { object: { customer, source: { coupon: 'half' } } } })
  expect(account.get('coupon', 'half').times_redeemed).toBe(1)
})
