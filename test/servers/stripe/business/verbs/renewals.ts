import { DAY, HOUR, type Account } from '../account'
import type { EmulatedObject } from '../../types'
import type { Kinds } from '../shapes/kinds'
import { cancelNow } from './cancellations'
import { discountsFor } from './discounts'
import { startReckoning } from './invoice-lines'
import { sweepItems } from './invoice-items'
import { beginInvoice, collect, finalize, giveUp, issueDraft } from './invoices'
import { addItemLines, itemsOf } from './subscription-lines'

const ATTEMPTS = 3

/** At the end of its period a subscription that still runs is renewed, or ends where that was wished. */
export function planRenewal(account: Account, id: string): void {
  const end = itemsOf(account, id)[0]?.current_period_end
  if (end === undefined) return
  account.later(end - 3 * DAY, () => runs(account, id) && foretell(account, id))
  account.later(end, () => endPeriod(account, id))
}

/** One that rests is looked at again the next day. */
function endPeriod(account: Account, id: string): void {
  const { status, cancel_at_period_end: ends } = account.get('subscription', id)
  if (status === 'paused') account.later(account.now() + DAY, () => endPeriod(account, id))
  if (!['active', 'trialing', 'past_due'].includes(status)) return
  if (ends) cancelNow(account, id)
  else renew(account, id)
}

function runs(account: Account, id: string): boolean {
  const { status, cancel_at_period_end: ends } = account.get('subscription', id)
  return ['active', 'trialing'].includes(status) && !ends
}

/** The invoice to come has no id: it is in no list. */
function foretell(account: Account, id: string): void {
  const { latest_invoice: latest } = account.get('subscription', id)
  if (latest === null) return
  const { id: _none, ...preview } = account.get('invoice', latest)
  account.store.emit('invoice.upcoming', { ...preview, billing_reason: 'upcoming', lines: [], status: 'draft' } as unknown as EmulatedObject) // Stripe sends this one object without an id
}

/** The next period begins, with a draft that is finalized an hour later. */
function renew(account: Account, id: string): void {
  const items = itemsOf(account, id)
  const previousItems = { data: items.map(({ id: item, current_period_start: start, current_period_end: end }) => ({ id: item, current_period_start: start, current_period_end: end })) }
  const [start, span] = [items[0]?.current_period_end ?? account.now(), spanOf(items[0]?.price)]
  for (const item of items) account.change('subscription_item', item.id, { current_period_start: start, current_period_end: start + span })
  const { customer, currency, default_tax_rates: rates, pause_collection: pause, status } = account.get('subscription', id)
  const parent = { quote_details: null, subscription_details: { metadata: {}, subscription: id }, type: 'subscription_details' as const }
  const invoice = beginInvoice(account, customer, { currency, billing_reason: 'subscription_cycle', parent, period_start: start - span, period_end: start })
  const reckoning = startReckoning(account, discountsFor(account, customer, id), rates ?? [])
  const lines = [...sweepItems(account, invoice, reckoning), ...addItemLines(account, invoice, items, { period: { start, end: start + span }, reckoning })]
  const previous = account.store.update(id, { latest_invoice: invoice.id, status: status === 'trialing' ? 'active' : status })
  account.tell('customer.subscription.updated', 'subscription', id, { ...previous, items: previousItems })
  issueDraft(account, invoice.id, lines)
  planRenewal(account, id)
  account.later(account.now() + HOUR, () => {
    if (account.get('invoice', invoice.id).status !== 'draft' || !account.find('customer', customer)) return
    finalize(account, invoice.id)
    if (pause) giveUp(account, invoice.id, pause.behavior === 'mark_uncollectible' ? 'uncollectible' : 'void')
    else attempt(account, id, invoice.id)
  })
}

const DAYS: Record<string, number> = { day: 1, week: 7, month: 30, year: 365 }

function spanOf(price: Kinds['price'] | undefined): number {
  return (DAYS[String(price?.recurring?.interval)] ?? 30) * (price?.recurring?.interval_count ?? 1) * DAY
}

/** One payment in eight is declined; it is tried again every three days, and after the last time the subscription is cancelled. */
function attempt(account: Account, id: string, invoiceId: string): void {
  const { customer, status } = account.get('subscription', id)
  const open = account.get('invoice', invoiceId)
  if (open.status !== 'open' || !account.find('customer', customer)) return
  const { status: after, attempt_count: attempts } = collect(account, invoiceId, account.chance.happens(open.attempt_count > 0 ? 0.5 : 0.875) ? 'succeeds' : 'fails')
  if (after === 'paid') recover(account, id)
  else if (attempts >= ATTEMPTS) {
    if (status !== 'canceled') cancelNow(account, id, 'payment_failed')
    giveUp(account, invoiceId, 'uncollectible')
  } else {
    if (status === 'active') account.change('subscription', id, { status: 'past_due' }, 'customer.subscription.updated')
    if (account.get('customer', customer).delinquent === false) account.change('customer', customer, { delinquent: true }, 'customer.updated')
    account.later(account.now() + 3 * DAY, () => attempt(account, id, invoiceId))
  }
}

function recover(account: Account, id: string): void {
  const { customer, status } = account.get('subscription', id)
  if (status === 'past_due') account.change('subscription', id, { status: 'active' }, 'customer.subscription.updated')
  if (account.get('customer', customer).delinquent) account.change('customer', customer, { delinquent: false }, 'customer.updated')
}
