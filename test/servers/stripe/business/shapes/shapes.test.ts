import { expect, test } from 'vitest'
import { makeApplicationFee, makeBalanceTransaction, makePayout, makeTopup, makeTransfer } from './balance'
import { makeCheckoutSession, makeLineItem, makePaymentLink, makeQuote } from './checkout'
import { makeCustomer, makeDiscount, makePaymentMethod, makeTaxId } from './customers'
import { declaredFields, faultsOf } from './declared-fields'
import { makeCreditNote, makeInvoice, makeInvoiceItem, makeInvoiceLine } from './invoices'
import { makeCharge, makeDispute, makeEarlyFraudWarning, makePaymentIntent, makeRefund, makeReview, makeSetupIntent } from './payments'
import { makeCoupon, makeFeature, makeFile, makeMeter, makePrice, makeProduct, makePromotionCode, makeTaxRate, MONTHLY, planOf } from './products'
import { ROW_KINDS } from './row-kinds'
import { makeSchedule, makeSubscription, makeSubscriptionItem } from './subscriptions'

const at = { id: 'x_1', created: 1_767_225_600 }
const money = { amount: 3_000_000_001, currency: 'kwd' }
const price = makePrice({ ...at, product: 'prod_1', currency: 'jpy', unit_amount: 1, recurring: MONTHLY })
const discount = makeDiscount({ id: 'di_1', start: 1_767_225_600, source: { coupon: 'half', type: 'coupon' } })

/** An object of every schema with as little as there can be. The events are made by the store. */
const BARE: Record<string, Record<string, unknown>> = {
  application_fees: { ...makeApplicationFee({ ...at, ...money, charge: 'ch_1' }) },
  balance_transactions: { ...makeBalanceTransaction({ ...at, ...money, type: 'charge' }) },
  charges: { ...makeCharge({ ...at, ...money }) },
  checkout_session_line_items: { ...makeLineItem({ id: 'li_1', currency: 'eur', amount_total: 1, price: null }) },
  checkout_sessions: { ...makeCheckoutSession({ ...at, mode: 'payment', expires_at: 1_767_225_601 }) },
  coupons: { ...makeCoupon(at) },
  credit_notes: { ...makeCreditNote({ ...at, ...money, customer: 'cus_1', invoice: 'in_1', number: '1' }) },
  customer_discounts: { ...discount },
  customers: { ...makeCustomer(at) },
  discounts: { ...discount },
  disputes: { ...makeDispute({ ...at, ...money, charge: 'ch_1' }) },
  early_fraud_warnings: { ...makeEarlyFraudWarning({ ...at, charge: 'ch_1' }) },
  features: { ...makeFeature({ id: 'feat_1', lookup_key: 'sso', name: 'SSO' }) },
  files: { ...makeFile(at) },
  invoice_items: { ...makeInvoiceItem({ ...money, id: 'ii_1', date: 1_767_225_600, customer: 'cus_1' }) },
  invoice_lines: { ...makeInvoiceLine({ ...money, id: 'il_1', invoice: 'in_1', period: { start: 1, end: 2 } }) },
  invoices: { ...makeInvoice({ ...at, currency: 'eur', customer: 'cus_1' }) },
  meters: { ...makeMeter({ ...at, event_name: 'calls' }) },
  payment_intents: { ...makePaymentIntent({ ...at, ...money }) },
  payment_links: { ...makePaymentLink({ id: 'plink_1', currency: 'eur' }) },
  payment_methods: { ...makePaymentMethod(at) },
  payouts: { ...makePayout({ ...at, ...money, arrival_date: 1_767_225_600 }) },
  plans: { ...planOf(price) },
  prices: { ...price },
  products: { ...makeProduct({ ...at, name: 'Mug' }) },
  promotion_codes: { ...makePromotionCode({ ...at, code: 'HALF', promotion: { coupon: 'half', type: 'coupon' } }) },
  quotes: { ...makeQuote({ ...at, currency: 'eur', amount_total: 1, expires_at: 1_767_225_601 }) },
  refunds: { ...makeRefund({ ...at, ...money, charge: 'ch_1' }) },
  reviews: { ...makeReview(at) },
  setup_intents: { ...makeSetupIntent(at) },
  subscription_items: { ...makeSubscriptionItem({ ...at, subscription: 'sub_1', price, plan: planOf(price), current_period_start: 1_767_225_600, current_period_end: 1_767_225_601 }) },
  subscription_schedules: { ...makeSchedule({ ...at, customer: 'cus_1' }) },
  subscriptions: { ...makeSubscription({ ...at, currency: 'eur', customer: 'cus_1' }) },
  tax_ids: { ...makeTaxId({ ...at, customer: 'cus_1' }) },
  tax_rates: { ...makeTaxRate(at) },
  topups: { ...makeTopup({ ...at, ...money }) },
  transfers: { ...makeTransfer({ ...at, ...money, destination: 'acct_1' }) },
}

test('an object can be made for every schema but the events, which the store makes', () => {
  expect(Object.keys(BARE).sort()).toEqual(ROW_KINDS.map(({ schema }): string => schema).filter((schema) => schema !== 'events').sort())
})

test.each(ROW_KINDS.filter(({ schema }) => schema !== 'events'))('a bare $kind has the declared fields of $schema, of their kinds', ({ schema, kind, apart }) => {
  expect(BARE[schema]?.object).toBe(kind)
  expect(faultsOf(schema, BARE[schema] ?? {}, apart)).toEqual([])
})

test('a field that is missing, of another kind, null where it may not be, or of nobody is found', () => {
  const { created: _none, ...rest } = makeCharge({ ...at, ...money })
  expect(faultsOf('charges', { ...rest, amount: 1.5, currency: null, customer: 7, invented: true }).sort()).toEqual(['amount is no integer: 1.5', 'created is missing', 'currency is null', 'customer is no id: 7', 'invented is not declared'])
  expect(declaredFields('charges').get('level3')).toEqual({ isOptional: true, isNullable: false })
})
