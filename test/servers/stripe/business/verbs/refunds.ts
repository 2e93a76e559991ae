import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeRefund } from '../shapes/payments'
import { closeReview } from './fraud'
import { moveMoney } from './money'

/** What may still be given back of a charge. */
export function refundableOf({ paid, captured, disputed, refunded, amount, amount_refunded: given }: Kinds['charge']): number {
  return paid && captured && !disputed && !refunded ? amount - given : 0
}

/** Gives money back; the bank has it after some days, or sends it back. */
export function refund(account: Account, chargeId: string, amount: number, outcome: 'succeeds' | 'fails'): Kinds['refund'] {
  const charge = account.get('charge', chargeId)
  if (amount <= 0 || amount > refundableOf(charge)) throw new Error(`Of ${chargeId} ${amount} cannot be refunded`)
  const { currency, payment_intent: intent, customer } = charge
  const id = account.id('re_')
  const { id: moved } = moveMoney(account, { type: 'refund', amount: -amount, currency, source: id })
  const given = charge.amount_refunded + amount
  const previous = account.store.update(chargeId, { amount_refunded: given, refunded: given === charge.amount })
  account.add(
    makeRefund({ id, created: account.now(), amount, currency, charge: chargeId, balance_transaction: moved, customer, payment_intent: intent, reason: account.chance.pick(['requested_by_customer', 'duplicate', null]), status: 'succeeded', destination_details: { card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' }, type: 'card' } }),
    'refund.created',
  )
  account.tell('charge.refunded', 'charge', chargeId, previous)
  if (charge.review !== null) closeReview(account, charge.review, 'refunded')
  account.later(account.now() + 3 * DAY, () => (outcome === 'succeeds' ? arrive(account, id) : bounce(account, id)))
  return account.get('refund', id)
}

function arrive(account: Account, id: string): void {
  const arrived = { card: { reference: '74627513', reference_status: 'available', reference_type: 'acquirer_reference_number', type: 'refund' as const }, type: 'card' }
  const previous = account.store.update(id, { destination_details: arrived })
  for (const type of ['charge.refund.updated', 'refund.updated']) account.tell(type, 'refund', id, previous)
}

/** The money is back on the account, and the charge is refunded by so much less. */
function bounce(account: Account, id: string): void {
  const { amount, currency, charge: chargeId } = account.get('refund', id)
  const charge = account.get('charge', String(chargeId))
  const { id: moved } = moveMoney(account, { type: 'refund_failure', amount, currency, source: id })
  account.change('charge', charge.id, { amount_refunded: charge.amount_refunded - amount, refunded: false })
  const previous = account.store.update(id, { failure_balance_transaction: moved, failure_reason: 'lost_or_stolen_card', status: 'failed' })
  for (const type of ['charge.refund.updated', 'refund.updated', 'refund.failed']) account.tell(type, 'refund', id, previous)
}
