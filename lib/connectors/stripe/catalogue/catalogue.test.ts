import fs from 'node:fs'
import { expect, test } from 'vitest'
import type { StripeEvent, StripeObject } from '../stripe-schema'
import { findStripeSchema, STRIPE_SCHEMAS } from './catalogue'

const RESOURCES = 'node_modules/stripe/esm/resources'
const declared = (file: string) => fs.readFileSync(`${RESOURCES}/${file}.d.ts`, 'utf8')

/** Where the package declares the list of a path. */
const LISTS: Record<string, [file: string, params: string]> = {
  '/v1/application_fees': ['ApplicationFees', 'ApplicationFeeListParams'],
  '/v1/balance_transactions': ['BalanceTransactions', 'BalanceTransactionListParams'],
  '/v1/billing/meters': ['Billing/Meters', 'MeterListParams'],
  '/v1/charges': ['Charges', 'ChargeListParams'],
  '/v1/checkout/sessions': ['Checkout/Sessions', 'SessionListParams'],
  '/v1/coupons': ['Coupons', 'CouponListParams'],
  '/v1/credit_notes': ['CreditNotes', 'CreditNoteListParams'],
  '/v1/customers': ['Customers', 'CustomerListParams'],
  '/v1/disputes': ['Disputes', 'DisputeListParams'],
  '/v1/entitlements/features': ['Entitlements/Features', 'FeatureListParams'],
  '/v1/events': ['Events', 'EventListParams'],
  '/v1/files': ['Files', 'FileListParams'],
  '/v1/invoiceitems': ['InvoiceItems', 'InvoiceItemListParams'],
  '/v1/invoices': ['Invoices', 'InvoiceListParams'],
  '/v1/payment_intents': ['PaymentIntents', 'PaymentIntentListParams'],
  '/v1/payment_links': ['PaymentLinks', 'PaymentLinkListParams'],
  '/v1/payouts': ['Payouts', 'PayoutListParams'],
  '/v1/plans': ['Plans', 'PlanListParams'],
  '/v1/prices': ['Prices', 'PriceListParams'],
  '/v1/products': ['Products', 'ProductListParams'],
  '/v1/promotion_codes': ['PromotionCodes', 'PromotionCodeListParams'],
  '/v1/quotes': ['Quotes', 'QuoteListParams'],
  '/v1/radar/early_fraud_warnings': ['Radar/EarlyFraudWarnings', 'EarlyFraudWarningListParams'],
  '/v1/refunds': ['Refunds', 'RefundListParams'],
  '/v1/reviews': ['Reviews', 'ReviewListParams'],
  '/v1/setup_intents': ['SetupIntents', 'SetupIntentListParams'],
  '/v1/subscription_schedules': ['SubscriptionSchedules', 'SubscriptionScheduleListParams'],
  '/v1/subscriptions': ['Subscriptions', 'SubscriptionListParams'],
  '/v1/tax_rates': ['TaxRates', 'TaxRateListParams'],
  '/v1/topups': ['Topups', 'TopupListParams'],
  '/v1/transfers': ['Transfers', 'TransferListParams'],
}

/** The text of a declared interface, to its closing brace. */
function paramsOf(path: string): string {
  const [file, name] = LISTS[path] ?? ['', '']
  const text = declared(file)
  const start = text.search(new RegExp(`interface ${name} `))
  expect(start, `${file} declares no ${name}`).toBeGreaterThan(0)
  const indent = /( *)(export )?(declare )?$/.exec(text.slice(0, start))?.[1] ?? ''
  return text.slice(start, text.indexOf(`\n${indent}}`, start))
}

const eventTypes = new Set([...declared('Events').matchAll(/^ {4}type: '([^']+)';$/gm)].map((match) => match[1]))

test.each(STRIPE_SCHEMAS)('the path of $name is one that Stripe’s package asks for', ({ list }) => {
  const file = LISTS[list.path]?.[0] ?? ''
  expect(fs.readFileSync(`${RESOURCES}/${file}.js`, 'utf8')).toContain(`'${list.path}'`)
  expect(declared(file)).toContain(`object: '${list.object}';`)
})

test('a list is cut into windows by its time of creation exactly when Stripe can filter it so', () => {
  for (const { name, list } of STRIPE_SCHEMAS) expect([name, list.createdField !== null]).toEqual([name, /\bcreated\?:/.test(paramsOf(list.path))])
})

test.each(STRIPE_SCHEMAS)('the feed of $name asks for events that exist, and for no more types than Stripe takes', ({ feed }) => {
  expect(eventTypes.size).toBeGreaterThan(200)
  const types = feed?.types ?? []
  const deletions = feed?.deletions ?? []
  expect([...types, ...deletions].filter((type) => !eventTypes.has(type))).toEqual([])
  expect(types).toEqual(expect.arrayContaining(deletions))
  expect(types.length).toBeLessThanOrEqual(20)
  expect(new Set(types).size).toBe(types.length)
})

test.each(STRIPE_SCHEMAS)('the keys, parents, cut lists and times of $name are among its columns', ({ columns, primaryKey, nested, completes = [], list }) => {
  const names = columns.map((column) => column.name)
  expect(names).toEqual(expect.arrayContaining([...primaryKey, ...(nested ? [nested.parentColumn] : []), ...completes.map(({ field }) => field)]))
  if (list.createdField && !nested) expect(columns.find((column) => column.name === list.createdField)).toMatchObject({ type: 'TIMESTAMPTZ', encoding: 'epoch' })
})

test('names and permissions are told apart', () => {
  const names = STRIPE_SCHEMAS.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)].sort())
  for (const { permission } of STRIPE_SCHEMAS) expect(permission.id).toMatch(/^rak_[a-z_]+_read$/)
})

test('amounts are whole, percentages are not, unix seconds are times, ids are text, all else is JSON', () => {
  const typeOf = (schema: string, column: string) => findStripeSchema(schema)?.columns.find(({ name }) => name === column)?.type
  expect(typeOf('charges', 'amount')).toBe('BIGINT')
  expect(typeOf('coupons', 'percent_off')).toBe('DOUBLE')
  expect(typeOf('prices', 'unit_amount_decimal')).toBe('DECIMAL(38,12)')
  expect(typeOf('payouts', 'arrival_date')).toBe('TIMESTAMPTZ')
  expect(typeOf('charges', 'customer')).toBe('VARCHAR')
  expect(typeOf('charges', 'metadata')).toBe('JSON')
  expect(typeOf('subscriptions', 'items')).toBe('JSON')
  expect(typeOf('subscriptions', 'cancel_at_period_end')).toBe('BOOLEAN')
})

const event = (type: string, object: Record<string, unknown>, previous?: Record<string, unknown>): StripeEvent => ({
  id: 'evt_1',
  object: 'event',
  type,
  created: 1,
  data: { object: object as StripeObject, ...(previous && { previous_attributes: previous }) },
})
const touched = (schema: string, told: StripeEvent) => findStripeSchema(schema)?.feed?.touched(told)

test('an event touches the object that it is about, and those that this changes', () => {
  expect(touched('charges', event('charge.succeeded', { id: 'ch_1', object: 'charge' }))).toEqual(['ch_1'])
  expect(touched('charges', event('refund.created', { id: 're_1', object: 'refund', charge: 'ch_1' }))).toEqual(['ch_1'])
  expect(touched('charges', event('charge.dispute.created', { id: 'dp_1', object: 'dispute', charge: { id: 'ch_1', object: 'charge' } }))).toEqual(['ch_1'])
  expect(touched('refunds', event('charge.refunded', { id: 'ch_1', object: 'charge' }))).toEqual([])
  expect(touched('invoice_lines', event('invoice_payment.paid', { id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1' }))).toEqual(['in_1'])
  expect(touched('subscriptions', event('customer.discount.created', { id: 'di_1', object: 'discount', customer: 'cus_1', subscription: null }))).toEqual([])
})

test('a preview of an invoice, which has no id, touches nothing', () => {
  expect(touched('invoices', event('invoice.updated', { object: 'invoice' }))).toEqual([])
})

test('a payment method that was detached is missed at the customer that it was taken from', () => {
  expect(touched('payment_methods', event('payment_method.detached', { id: 'pm_1', object: 'payment_method', customer: null }, { customer: 'cus_1' }))).toEqual(['cus_1'])
  expect(touched('payment_methods', event('payment_method.attached', { id: 'pm_1', object: 'payment_method', customer: 'cus_1' }, { customer: null }))).toEqual(['cus_1'])
})

test('an invoice touches the items that its lines name, in the old form of the API and in the new', () => {
  const lines = { object: 'list', data: [{ invoice_item: 'ii_1' }, { parent: { invoice_item_details: { invoice_item: 'ii_2' } } }, { parent: { subscription_item_details: { invoice_item: null } } }] }
  expect(touched('invoice_items', event('invoice.created', { id: 'in_1', object: 'invoice', lines }))).toEqual(['ii_1', 'ii_2'])
  expect(touched('invoice_items', event('invoiceitem.deleted', { id: 'ii_3', object: 'invoiceitem' }))).toEqual(['ii_3'])
})

test('a redemption touches the coupon and the code that it used', () => {
  const discount = event('customer.discount.created', { id: 'di_1', object: 'discount', source: { coupon: 'half', type: 'coupon' }, promotion_code: 'promo_1' })
  expect(touched('coupons', discount)).toEqual(['half'])
  expect(touched('promotion_codes', discount)).toEqual(['promo_1'])
  expect(touched('coupons', event('customer.discount.created', { id: 'di_1', object: 'discount', coupon: { id: 'half', object: 'coupon' } }))).toEqual(['half'])
  expect(touched('coupons', event('checkout.session.completed', { id: 'cs_1', object: 'checkout.session', discounts: [{ coupon: 'half', promotion_code: null }] }))).toEqual(['half'])
})

test('a balance transaction settles when its money becomes available', () => {
  const settlesAt = findStripeSchema('balance_transactions')?.lookBack?.settlesAt
  expect(settlesAt?.({ id: 'txn_1', object: 'balance_transaction', status: 'pending', available_on: 1_767_225_600 })).toBe(1_767_225_600)
  expect(settlesAt?.({ id: 'txn_1', object: 'balance_transaction', status: 'available', available_on: 1_767_225_600 })).toBeNull()
})

test('cancelled subscriptions are listed, and their cancellation is no deletion', () => {
  for (const name of ['subscriptions', 'subscription_items', 'discounts']) {
    expect(findStripeSchema(name)).toMatchObject({ list: { query: { status: 'all' } }, feed: { deletions: [] } })
  }
})
