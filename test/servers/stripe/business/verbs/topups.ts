import { DAY, type Account } from '../account'
import { makeTopup } from '../shapes/balance'
import { moveMoney } from './money'

/** Money from the bank onto the balance; the bank needs some days. */
export function topUp(account: Account, amount: number, outcome: 'succeeded' | 'failed' | 'canceled' | 'reversed'): void {
  const now = account.now()
  const { id, currency } = account.add(makeTopup({ id: account.id('tu_'), created: now, amount, currency: 'usd', description: 'Reserve', expected_availability_date: now + 3 * DAY }), 'topup.created')
  if (outcome === 'canceled') account.later(now + 3600, () => account.change('topup', id, { status: 'canceled' }, 'topup.canceled'))
  else if (outcome === 'failed') account.later(now + 3 * DAY, () => account.change('topup', id, { status: 'failed', failure_code: 'insufficient_funds', failure_message: 'The bank has no funds.' }, 'topup.failed'))
  else
    account.later(now + 3 * DAY, () => {
      const { id: moved } = moveMoney(account, { type: 'topup', amount, currency, source: id })
      account.change('topup', id, { status: 'succeeded', balance_transaction: moved }, 'topup.succeeded')
    })
  if (outcome !== 'reversed') return
  account.later(now + 9 * DAY, () => {
    moveMoney(account, { type: 'topup_reversal', amount: -amount, currency, source: id })
    account.change('topup', id, { status: 'reversed' }, 'topup.reversed')
  })
}
