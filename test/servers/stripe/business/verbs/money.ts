import { DAY, type Account } from '../account'
import { makeBalanceTransaction } from '../shapes/balance'
import type { Kinds } from '../shapes/kinds'

type Moved = Pick<Kinds['balance_transaction'], 'type' | 'amount' | 'currency' | 'source'> & Partial<Kinds['balance_transaction']>

/** Money that moves at once: refunds, fees, payouts. */
export function moveMoney(account: Account, given: Moved): Kinds['balance_transaction'] {
  return account.add(makeBalanceTransaction({ id: account.id('txn_'), created: account.now(), ...given }))
}

/** Money that comes in is pending, and becomes available after some days at midnight, without an event. */
export function takeMoney(account: Account, given: Moved): Kinds['balance_transaction'] {
  const availableOn = (Math.floor(account.now() / DAY) + account.chance.between(2, 7)) * DAY
  const { id } = moveMoney(account, { available_on: availableOn, status: 'pending', ...given })
  account.later(availableOn, () => account.change('balance_transaction', id, { status: 'available' }))
  return account.get('balance_transaction', id)
}
