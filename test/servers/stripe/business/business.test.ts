import { beforeAll, describe, expect, test } from 'vitest'
import { STRIPE_SCHEMAS } from '@/lib/connectors/stripe/catalogue/catalogue'
import { AccountStore } from '../account-store'
import type { Account } from './account'
import { startBusiness } from './business'
import { faultsOf } from './shapes/declared-fields'
import { ROW_KINDS } from './shapes/row-kinds'
import { testClock, WatchedStore } from './watched-store'

const clock = testClock()
const store = new WatchedStore(1, clock.now)
let account: Account

beforeAll(() => {
  const business = startBusiness(store, 7)
  account = business.account
  for (let day = 1; day <= 365; day += 1) business.liveDay(clock, day)
})

const sum = (amounts: number[]) => amounts.reduce((all, amount) => all + amount, 0)

/** What the emulated business never does. */
const NEVER = ['invoice.overpaid', 'invoice.payment_action_required', 'invoice.payment_attempt_required', 'payment_intent.partially_funded']

describe('a year of the business', () => {
  test.each(ROW_KINDS)('has rows of $schema, each as Stripe declares it', ({ schema, kind, apart }) => {
    const objects = kind === 'event' ? store.events : store.all(kind)
    expect(objects.length).toBeGreaterThan(5)
    expect([...new Set(objects.flatMap((object) => faultsOf(schema, object, apart)))]).toEqual([])
  })

  test('has every event that the catalogue listens to, but for those that it never does', () => {
    const types = new Set(store.events.map(({ type }) => type))
    const missed = [...new Set(STRIPE_SCHEMAS.flatMap(({ feed }) => feed?.types ?? []))].filter((type) => !types.has(type))
    expect(missed.sort()).toEqual(NEVER)
  })

  test('deletes whatever can be deleted', () => {
    const gone = new Set(store.happenings.filter(({ what }) => what === 'gone').map(({ before }) => before?.object))
    expect(gone).toEqual(new Set(['card', 'coupon', 'customer', 'discount', 'invoice', 'invoiceitem', 'line_item', 'plan', 'price', 'product', 'tax_id']))
  })

  test('has lists that Stripe cuts after ten', () => {
    const longest = (kind: string, parent: string) => {
      const counts = new Map<unknown, number>()
      for (const child of store.all(kind)) if (child[parent] !== undefined) counts.set(child[parent], (counts.get(child[parent]) ?? 0) + 1)
      return Math.max(...counts.values())
    }
    expect(longest('line_item', 'invoice')).toBeGreaterThan(10)
    expect(longest('subscription_item', 'subscription')).toBeGreaterThan(10)
    expect(longest('credit_note_line_item', 'credit_note')).toBeGreaterThan(10)
    expect(longest('transfer_reversal', 'transfer')).toBeGreaterThan(10)
    expect(longest('fee_refund', 'fee')).toBeGreaterThan(10)
    for (const parent of ['checkout_session', 'payment_link', 'quote']) expect(longest('item', parent), `${parent}`).toBeGreaterThan(10)
  })

  test('deletes a coupon of a chosen id and makes it again', () => {
    const again = store.happenings.filter(({ before, after }) => (after ?? before)?.id === 'AGAIN')
    expect(again.filter(({ what }) => what === 'made').length).toBeGreaterThan(5)
    expect(again.filter(({ what }) => what === 'gone').length).toBeGreaterThan(5)
  })
})

describe('after every year', () => {
  test('each reference leads to an object that is or was there', () => {
    const ids = new Set(store.happenings.flatMap(({ after }) => after?.id ?? []))
    const fields = ['balance_transaction', 'charge', 'coupon', 'customer', 'default_payment_method', 'default_price', 'fee', 'invoice', 'latest_charge', 'latest_invoice', 'payment_intent', 'payment_link', 'payment_method', 'product', 'promotion_code', 'quote', 'refund', 'review', 'schedule', 'setup_intent', 'source', 'source_transaction', 'subscription', 'subscription_item', 'transfer']
    const lost = store.happenings.flatMap(({ after }) =>
      fields.flatMap((field) => {
        const id = after?.[field]
        return typeof id === 'string' && !ids.has(id) ? [`${after?.object} ${field} ${id}`] : []
      }),
    )
    expect(lost).toEqual([])
  })

  test('an invoice is the sum of its lines, less its discounts, with its taxes', () => {
    for (const invoice of account.all('invoice')) {
      const lines = account.below('line_item', invoice.id)
      expect(invoice.subtotal, `${invoice.id}`).toBe(sum(lines.map(({ amount }) => amount)))
      expect(invoice.total, `${invoice.id}`).toBe(invoice.subtotal - sum((invoice.total_discount_amounts ?? []).map(({ amount }) => amount)) + sum((invoice.total_taxes ?? []).map(({ amount }) => amount)))
      expect(invoice.amount_due).toBe(Math.max(0, invoice.total) - invoice.pre_payment_credit_notes_amount)
      if (invoice.status === 'paid') expect([invoice.amount_paid, invoice.amount_remaining]).toEqual([invoice.amount_due, 0])
    }
  })

  test('what was given back of a charge is the sum of its refunds, and no more than was paid', () => {
    for (const charge of account.all('charge')) {
      const refunds = account.all('refund').filter(({ charge: of, status }) => of === charge.id && status !== 'failed')
      expect(charge.amount_refunded, `${charge.id}`).toBe(sum(refunds.map(({ amount }) => amount)))
      expect(charge.amount_refunded).toBeLessThanOrEqual(charge.amount_captured)
    }
  })

  test('what was sent back of transfers, fees and credit notes adds up', () => {
    const of = (kind: string, parent: string, id: string) => sum(store.all(kind).filter((child) => child[parent] === id).map(({ amount }) => Number(amount)))
    for (const { id, amount_reversed: reversed } of account.all('transfer')) expect(of('transfer_reversal', 'transfer', id)).toBe(reversed)
    for (const { id, amount_refunded: refunded } of account.all('application_fee')) expect(of('fee_refund', 'fee', id)).toBe(refunded)
    for (const { id, amount } of account.all('credit_note')) expect(of('credit_note_line_item', 'credit_note', id)).toBe(amount)
  })

  test('a redemption is counted on its coupon: as many discounts and completed sessions as times', () => {
    const half = account.get('coupon', 'HALF')
    const discounts = store.happenings.filter(({ before, after }) => after?.object === 'discount' && JSON.stringify(before?.source) !== JSON.stringify(after.source)).map(({ after }) => JSON.stringify(after)).filter((text) => text.includes('"coupon":"HALF"'))
    const sessions = account.all('checkout.session').filter(({ status, discounts: used }) => status === 'complete' && used?.some(({ coupon }) => coupon === 'HALF'))
    expect(half.times_redeemed).toBeGreaterThan(10)
    expect(half.times_redeemed).toBe(discounts.length + sessions.length)
  })

  test('a cancelled subscription is cancelled: its status, its times, and no invoice for a time after', () => {
    const cancelled = account.all('subscription').filter(({ ended_at: ended }) => ended !== null)
    expect(cancelled.length).toBeGreaterThan(20)
    for (const { id, status, canceled_at: at, ended_at: ended } of cancelled) {
      if (status !== 'incomplete_expired') expect([status, at === null], `${id}`).toEqual(['canceled', false])
      for (const invoice of account.all('invoice')) if (invoice.parent?.subscription_details?.subscription === id) expect(invoice.created).toBeLessThanOrEqual(ended ?? 0)
    }
    for (const { status, canceled_at: at, ended_at: ended } of account.all('subscription')) if (status === 'canceled') expect([at, ended]).not.toContain(null)
  })
})

test('the same seed lives the same days, another seed other ones', () => {
  const live = (seed: number) => {
    const time = testClock()
    const other = new AccountStore(1, time.now)
    const business = startBusiness(other, seed, { customers: 4 })
    for (let day = 1; day <= 25; day += 1) business.liveDay(time, day)
    return JSON.stringify(other.all('event'))
  }
  const first = live(5)
  expect(live(5)).toBe(first)
  expect(live(6)).not.toBe(first)
})

test('a larger business has more customers, from the beginning and every day', () => {
  const time = testClock()
  const other = new AccountStore(1, time.now)
  const business = startBusiness(other, 1, { customers: 50, growth: 30 })
  expect(other.all('customer').length).toBeGreaterThanOrEqual(50)
  for (let day = 1; day <= 3; day += 1) business.liveDay(time, day)
  expect(other.all('customer').length).toBeGreaterThan(110)
})
