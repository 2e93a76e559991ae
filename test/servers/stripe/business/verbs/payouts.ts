import { DAY, type Account } from '../account'
import { makePayout } from '../shapes/balance'
import { moveMoney } from './money'

/** The day's takings go to the bank, which has them two days later, or sends them back. */
export function payOut(account: Account, currency: string, amount: number, outcome: 'paid' | 'failed' | 'canceled'): void {
  const now = account.now()
  const id = account.id('po_')
  const { id: moved } = moveMoney(account, { type: 'payout', amount: -amount, currency, source: id, description: 'STRIPE PAYOUT' })
  account.add(makePayout({ id, created: now, amount, currency, arrival_date: (Math.floor(now / DAY) + 2) * DAY, balance_transaction: moved }), 'payout.created')
  if (outcome === 'canceled') account.later(now + 5 * 3600, () => takeBack(account, id, 'canceled'))
  else account.later(now + DAY, () => account.change('payout', id, { status: 'in_transit', trace_id: { status: 'pending', value: null } }, 'payout.updated'))
  if (outcome === 'failed') account.later(now + 2 * DAY, () => takeBack(account, id, 'failed'))
  if (outcome !== 'paid') return
  account.later(now + 2 * DAY, () => account.change('payout', id, { status: 'paid', trace_id: { status: 'supported', value: '014110' } }, 'payout.paid'))
  account.later(now + 2 * DAY + 3600, () => account.change('payout', id, { reconciliation_status: 'completed' }, 'payout.reconciliation_completed'))
}

function takeBack(account: Account, id: string, status: 'failed' | 'canceled'): void {
  const { amount, currency } = account.get('payout', id)
  const { id: moved } = moveMoney(account, { type: status === 'failed' ? 'payout_failure' : 'payout_cancel', amount, currency, source: id })
  const failure = status === 'failed' ? { failure_code: 'account_closed', failure_message: 'The bank account has been closed.' } : {}
  account.change('payout', id, { status, failure_balance_transaction: moved, ...failure }, `payout.${status}`)
}
