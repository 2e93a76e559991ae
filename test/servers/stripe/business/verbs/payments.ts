import type { Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { APPROVED, chargedCard, DECLINED, makeCharge, makePaymentIntent } from '../shapes/payments'
import { description } from '../texts'
import { takeMoney } from './money'

type Asked = Pick<Kinds['payment_intent'], 'amount' | 'currency' | 'customer'> & Partial<Kinds['payment_intent']>

export function openIntent(account: Account, asked: Asked): Kinds['payment_intent'] {
  return account.add(makePaymentIntent({ id: account.id('pi_'), created: account.now(), ...asked }), 'payment_intent.created')
}

const DECLINE = { code: 'card_declined', message: 'Your card has insufficient funds.' } as const

/** Takes the money of an intent from a payment method. Declined, the intent waits for another one. */
export function payIntent(account: Account, intentId: string, method: Kinds['payment_method'], outcome: 'succeeds' | 'fails'): Kinds['charge'] {
  const { amount, currency, customer, metadata } = account.get('payment_intent', intentId)
  const charge = makeCharge({
    id: account.id('ch_'),
    created: account.now(),
    amount,
    currency,
    billing_details: { ...method.billing_details },
    calculated_statement_descriptor: 'EMULATED SHOP',
    customer,
    description: description(account.chance.below(1_000_000)),
    metadata,
    payment_intent: intentId,
    payment_method: method.id,
    payment_method_details: method.card ? chargedCard(method.card, amount) : chargedDebit(method),
  })
  return outcome === 'succeeds' ? succeed(account, charge) : decline(account, charge, method)
}

function chargedDebit({ sepa_debit: debit }: Kinds['payment_method']): NonNullable<Kinds['charge']['payment_method_details']> {
  const { bank_code = null, branch_code = null, country = null, fingerprint = null, last4 = null } = debit ?? {}
  return { sepa_debit: { bank_code, branch_code, country, fingerprint, last4, mandate: null }, type: 'sepa_debit' }
}

function succeed(account: Account, charge: Kinds['charge']): Kinds['charge'] {
  const { id, amount, currency, payment_intent: intent, payment_method: method } = charge
  const fee = Math.round(amount * 0.029) + 30
  const { id: moved } = takeMoney(account, { type: 'charge', amount, currency, fee, source: id, description: charge.description })
  const paid = { amount_captured: amount, balance_transaction: moved, captured: true, outcome: APPROVED, paid: true, receipt_url: `https://pay.emulated.example/receipts/${id}`, status: 'succeeded' as const }
  account.add({ ...charge, ...paid, object: 'charge' }, 'charge.succeeded')
  account.change('payment_intent', String(intent), { amount_received: amount, latest_charge: id, last_payment_error: null, payment_method: method, status: 'succeeded' }, 'payment_intent.succeeded')
  return account.get('charge', id)
}

function decline(account: Account, charge: Kinds['charge'], method: Kinds['payment_method']): Kinds['charge'] {
  const { id, payment_intent: intent } = charge
  account.add({ ...charge, object: 'charge', failure_code: DECLINE.code, failure_message: DECLINE.message, outcome: DECLINED, status: 'failed' }, 'charge.failed')
  const error = { ...DECLINE, charge: id, decline_code: 'insufficient_funds', doc_url: 'https://docs.emulated.example/card-declined', payment_method: method, type: 'card_error' } as const
  account.change('payment_intent', String(intent), { last_payment_error: error, latest_charge: id, status: 'requires_payment_method' }, 'payment_intent.payment_failed')
  return account.get('charge', id)
}

/** The money is held first, and taken a day later or never. */
export function authorize(account: Account, customer: string, method: Kinds['payment_method'], amount: number): void {
  const { id: intent, currency } = openIntent(account, { amount, currency: 'eur', customer, capture_method: 'manual' })
  const { id } = account.add(
    { ...makeCharge({ id: account.id('ch_'), created: account.now(), amount, currency, customer, outcome: APPROVED, paid: true, payment_intent: intent, payment_method: method.id, status: 'succeeded' }), object: 'charge' },
    'charge.succeeded',
  )
  account.change('payment_intent', intent, { amount_capturable: amount, latest_charge: id, payment_method: method.id, status: 'requires_capture' }, 'payment_intent.amount_capturable_updated')
  const isTaken = account.chance.happens(0.7)
  account.later(account.now() + 30 * 3600, () => {
    if (!isTaken) return expire(account, intent, id)
    const { id: moved } = takeMoney(account, { type: 'charge', amount, currency, fee: 30, source: id })
    account.change('charge', id, { amount_captured: amount, balance_transaction: moved, captured: true }, 'charge.captured')
    account.change('payment_intent', intent, { amount_capturable: 0, amount_received: amount, status: 'succeeded' }, 'payment_intent.succeeded')
  })
}

/** What was held goes back to the holder: the charge counts as refunded, of nothing. */
function expire(account: Account, intent: string, charge: string): void {
  account.change('charge', charge, { refunded: true }, 'charge.expired')
  account.change('payment_intent', intent, { amount_capturable: 0, canceled_at: account.now(), cancellation_reason: 'automatic', status: 'canceled' }, 'payment_intent.canceled')
}

/** Somebody wrote on the charge what it was for. */
export function describeCharge(account: Account, id: string): void {
  account.change('charge', id, { description: `Noted at ${account.now()}`, metadata: { noted: 'yes' } }, 'charge.updated')
}
