import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeDispute } from '../shapes/payments'
import { moveMoney } from './money'

/** The holder wants the money back: it is withdrawn, evidence is sent, and the bank decides weeks later. */
export function dispute(account: Account, chargeId: string, outcome: 'won' | 'lost'): void {
  const { amount, currency, payment_intent: intent } = account.get('charge', chargeId)
  const id = account.id('du_')
  account.change('charge', chargeId, { disputed: true })
  account.add(makeDispute({ id, created: account.now(), amount, currency, charge: chargeId, payment_intent: intent }), 'charge.dispute.created')
  const withdrawn = moveMoney(account, { type: 'adjustment', amount: -amount, currency, fee: 1500, source: id, reporting_category: 'dispute' })
  account.change('dispute', id, { balance_transactions: [withdrawn] }, 'charge.dispute.funds_withdrawn')
  account.later(account.now() + 4 * DAY, () => sendEvidence(account, id))
  account.later(account.now() + 25 * DAY, () => close(account, id, outcome))
}

function sendEvidence(account: Account, id: string): void {
  const { evidence, evidence_details: details } = account.get('dispute', id)
  const sent: Partial<Kinds['dispute']> = {
    evidence: { ...evidence, customer_name: 'Łucja d’Arc', uncategorized_text: 'They used it for a year.\nEvery day.' },
    evidence_details: { ...details, has_evidence: true, submission_count: 1, submission_method: 'manual' },
    status: 'under_review',
  }
  account.change('dispute', id, sent, 'charge.dispute.updated')
}

function close(account: Account, id: string, outcome: 'won' | 'lost'): void {
  account.change('dispute', id, { status: outcome }, 'charge.dispute.closed')
  if (outcome === 'lost') return
  const { amount, currency, balance_transactions: moved } = account.get('dispute', id)
  const reinstated = moveMoney(account, { type: 'adjustment', amount, currency, source: id, reporting_category: 'dispute_reversal' })
  account.change('dispute', id, { balance_transactions: [...moved, reinstated] }, 'charge.dispute.funds_reinstated')
}
