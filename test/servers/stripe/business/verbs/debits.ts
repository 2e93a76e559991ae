import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeCharge } from '../shapes/payments'
import { takeMoney } from './money'
import { openIntent } from './payments'

/** Money from a bank account: the customer agrees first, the charge is pending for days, and then succeeds or fails. */
export function debit(account: Account, customer: string, amount: number, outcome: 'succeeds' | 'fails'): void {
  const intent = openIntent(account, { amount, currency: 'eur', customer, payment_method_types: ['sepa_debit'], payment_method_options: null })
  const ask: Kinds['payment_intent']['next_action'] = { redirect_to_url: { return_url: 'https://shop.emulated.example/thanks', url: `https://hooks.emulated.example/${intent.id}` }, type: 'redirect_to_url' }
  account.change('payment_intent', intent.id, { next_action: ask, status: 'requires_action' }, 'payment_intent.requires_action')
  const id = account.id('py_')
  account.later(account.now() + 3600, () => {
    account.add({ ...makeCharge({ id, created: account.now(), amount, currency: 'eur', customer, payment_intent: intent.id }), object: 'charge' }, 'charge.pending')
    account.change('payment_intent', intent.id, { latest_charge: id, next_action: null, status: 'processing' }, 'payment_intent.processing')
  })
  account.later(account.now() + 4 * DAY, () => (outcome === 'succeeds' ? succeed(account, id) : fail(account, id)))
}

function succeed(account: Account, id: string): void {
  const { amount, currency, payment_intent: intent } = account.get('charge', id)
  const { id: moved } = takeMoney(account, { type: 'payment', amount, currency, fee: 35, source: id, reporting_category: 'charge' })
  account.change('charge', id, { amount_captured: amount, balance_transaction: moved, captured: true, paid: true, status: 'succeeded' }, 'charge.succeeded')
  account.change('payment_intent', String(intent), { amount_received: amount, status: 'succeeded' }, 'payment_intent.succeeded')
}

function fail(account: Account, id: string): void {
  const { payment_intent: intent } = account.get('charge', id)
  account.change('charge', id, { failure_code: 'insufficient_funds', failure_message: 'The account has no funds.', status: 'failed' }, 'charge.failed')
  account.change('payment_intent', String(intent), { status: 'requires_payment_method', last_payment_error: { code: 'payment_intent_payment_attempt_failed', message: 'The account has no funds.', type: 'card_error' } }, 'payment_intent.payment_failed')
}
