import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeSetupIntent } from '../shapes/payments'
import { makeSubscription, makeSubscriptionItem } from '../shapes/subscriptions'
import { metadata } from '../texts'
import type { Redeemable } from './coupons'
import { discountsFor, discountSubscription } from './discounts'
import { startReckoning } from './invoice-lines'
import { beginInvoice, collect, finalize, issueDraft } from './invoices'
import { paymentMethodOf } from './payment-methods'
import { planIdOf } from './products'
import { planRenewal } from './renewals'
import { addItemLines, itemsOf } from './subscription-lines'

export interface Wish {
  prices: Kinds['price'][]
  trialDays?: number
  discount?: Redeemable
  taxRate?: Kinds['tax_rate']
  /** What becomes of the first payment; succeeds unless told otherwise. */
  outcome?: 'succeeds' | 'fails'
}

export function periodEnd(start: number, { recurring }: Kinds['price']): number {
  const days = { day: 1, week: 7, month: 30, year: 365 }[String(recurring?.interval)] ?? 30
  return start + days * (recurring?.interval_count ?? 1) * DAY
}

/** A subscription begins, with a first invoice that is paid at once, or of nothing while it is tried. */
export function subscribe(account: Account, customer: string, wish: Wish): Kinds['subscription'] {
  const method = paymentMethodOf(account, customer)
  const { id } = insertSubscription(account, customer, method.id, wish)
  const setup = wish.trialDays === undefined ? null : account.add(makeSetupIntent({ id: account.id('seti_'), created: account.now(), customer, payment_method: method.id, status: 'succeeded' }), 'setup_intent.created', 'setup_intent.succeeded')
  account.tell('customer.subscription.created', 'subscription', id)
  if (wish.discount) discountSubscription(account, id, wish.discount)
  firstInvoice(account, id, wish)
  if (setup) account.later(account.now() + ((wish.trialDays ?? 0) - 3) * DAY, () => account.get('subscription', id).status === 'trialing' && account.tell('customer.subscription.trial_will_end', 'subscription', id))
  planRenewal(account, id)
  return account.get('subscription', id)
}

function insertSubscription(account: Account, customer: string, method: string, { prices, trialDays, taxRate }: Wish): Kinds['subscription'] {
  const now = account.now()
  const [price] = prices
  if (!price) throw new Error('A subscription has at least one price')
  const end = trialDays === undefined ? periodEnd(now, price) : now + trialDays * DAY
  const trial = trialDays === undefined ? {} : { trial_start: now, trial_end: end, billing_cycle_anchor: end }
  const subscription = account.add(
    makeSubscription({
      id: account.id('sub_'),
      created: now,
      currency: price.currency,
      customer,
      default_payment_method: account.chance.happens(0.5) ? method : null,
      default_tax_rates: taxRate ? [taxRate] : [],
      metadata: metadata(account.chance.below(1_000_000)),
      status: trialDays === undefined ? 'incomplete' : 'trialing',
      ...trial,
    }),
  )
  for (const one of prices) {
    const [plan, quantity] = [account.get('plan', planIdOf(one.id)), one.recurring?.usage_type === 'metered' ? undefined : account.chance.between(1, 3)]
    account.add(makeSubscriptionItem({ id: account.id('si_'), created: now, subscription: subscription.id, price: one, plan, quantity, current_period_start: now, current_period_end: end }))
  }
  return subscription
}

function firstInvoice(account: Account, id: string, { trialDays, outcome = 'succeeds' }: Wish): void {
  const { customer, currency, default_tax_rates: rates } = account.get('subscription', id)
  const items = itemsOf(account, id)
  const parent = { quote_details: null, subscription_details: { metadata: {}, subscription: id }, type: 'subscription_details' as const }
  const invoice = beginInvoice(account, customer, { currency, billing_reason: 'subscription_create', automatically_finalizes_at: null, parent })
  const period = { start: account.now(), end: items[0]?.current_period_end ?? account.now() }
  const reckoning = startReckoning(account, discountsFor(account, customer, id), rates ?? [])
  issueDraft(account, invoice.id, addItemLines(account, invoice, items, { period, isFree: trialDays !== undefined, reckoning }))
  finalize(account, invoice.id)
  const { status } = collect(account, invoice.id, outcome)
  const known: Partial<Kinds['subscription']> = { latest_invoice: invoice.id }
  const isFirstPaid = trialDays === undefined && status === 'paid'
  account.change('subscription', id, isFirstPaid ? { ...known, status: 'active' } : known, 'customer.subscription.updated')
  if (status === 'open') account.later(account.now() + 23 * 3600, () => expire(account, id))
}

/** Its first invoice was not paid within a day. */
function expire(account: Account, id: string): void {
  if (account.get('subscription', id).status !== 'incomplete') return
  account.change('subscription', id, { ended_at: account.now(), status: 'incomplete_expired' }, 'customer.subscription.updated')
}
