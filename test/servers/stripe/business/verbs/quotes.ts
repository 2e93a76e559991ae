import { DAY, HOUR, type Account } from '../account'
import { makeQuote } from '../shapes/checkout'
import type { Kinds } from '../shapes/kinds'
import { addLines } from './checkout'
import { subscribe } from './subscribe'

/** An offer is drafted, edited without an event, and then sent, accepted or withdrawn. */
export function draftQuote(account: Account, customer: string, prices: Kinds['price'][], outcome: 'accepted' | 'canceled'): void {
  const now = account.now()
  const id = account.id('qt_')
  const total = addLines(account, prices.map((price) => ({ price, quantity: 1 })), { quote: id })
  account.add(makeQuote({ id, created: now, currency: prices[0]?.currency ?? 'eur', amount_total: total, expires_at: now + 30 * DAY, customer }), 'quote.created')
  account.later(now + 30 * HOUR, () => account.change('quote', id, { description: 'Edited – ünïcödé', header: 'Angebot', footer: null, metadata: { edited: '1' } }))
  account.later(now + 3 * DAY, () => {
    if (outcome === 'canceled') account.change('quote', id, { status: 'canceled', status_transitions: { accepted_at: null, canceled_at: account.now(), finalized_at: null } }, 'quote.canceled')
    else account.change('quote', id, { number: `QT-EMU-${id.slice(-4)}`, status: 'open', status_transitions: { accepted_at: null, canceled_at: null, finalized_at: account.now() } }, 'quote.finalized')
  })
  if (outcome === 'accepted') account.later(now + 6 * DAY, () => accept(account, id, prices))
}

function accept(account: Account, id: string, prices: Kinds['price'][]): void {
  const { customer, status_transitions: times } = account.get('quote', id)
  if (customer === null || !account.find('customer', customer) || prices.some((price) => !account.find('price', price.id))) return
  const { id: subscription, latest_invoice: invoice } = subscribe(account, customer, { prices })
  account.change('quote', id, { invoice, status: 'accepted', status_transitions: { ...times, accepted_at: account.now() }, subscription }, 'quote.accepted')
}
