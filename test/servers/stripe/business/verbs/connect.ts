import { DAY, type Account } from '../account'
import { makeApplicationFee, makeFeeRefund, makeTransfer, makeTransferReversal } from '../shapes/balance'
import { CONNECTED } from '../shapes/kinds'
import { moveMoney } from './money'

/** A part of a charge is for somebody else; a part of that comes back, in one or many pieces. */
export function transfer(account: Account, source: { charge: string; amount: number; currency: string }, reversals: number): void {
  const { charge, amount, currency } = source
  const id = account.id('tr_')
  const { id: moved } = moveMoney(account, { type: 'transfer', amount: -amount, currency, source: id })
  account.add(
    makeTransfer({ id, created: account.now(), amount, currency, destination: account.chance.pick(CONNECTED), destination_payment: `py_${id.slice(3)}`, balance_transaction: moved, source_transaction: charge, transfer_group: `group_${charge}` }),
    'transfer.created',
  )
  for (let piece = 0; piece < reversals; piece += 1) account.later(account.now() + DAY + piece * 3600, () => reverse(account, id, Math.floor(amount / (reversals + 1))))
  account.later(account.now() + 5 * DAY, () => account.change('transfer', id, { metadata: { settled: 'true' } }, 'transfer.updated'))
}

function reverse(account: Account, id: string, amount: number): void {
  const { amount: whole, amount_reversed: before, currency } = account.get('transfer', id)
  if (amount <= 0) return
  const reversal = account.id('trr_')
  const { id: moved } = moveMoney(account, { type: 'transfer_refund', amount, currency, source: reversal })
  account.add(makeTransferReversal({ id: reversal, created: account.now(), amount, currency, transfer: id, balance_transaction: moved }))
  account.change('transfer', id, { amount_reversed: before + amount, reversed: before + amount === whole }, 'transfer.reversed')
}

/** What the account earns of a charge of a connected one; some of it is given back. */
export function earnFee(account: Account, charge: string, currency: string, refunds: number): void {
  const amount = account.chance.between(50, 2000)
  const id = account.id('fee_')
  const { id: moved } = moveMoney(account, { type: 'application_fee', amount, currency, source: id })
  account.add(makeApplicationFee({ id, created: account.now(), account: account.chance.pick(CONNECTED), amount, currency, charge, balance_transaction: moved }), 'application_fee.created')
  for (let piece = 0; piece < refunds; piece += 1) account.later(account.now() + DAY + piece * 3600, () => giveBackFee(account, id, Math.floor(amount / (refunds + 1))))
}

function giveBackFee(account: Account, id: string, amount: number): void {
  const { amount: whole, amount_refunded: before, currency } = account.get('application_fee', id)
  if (amount <= 0) return
  const refund = account.id('fr_')
  const { id: moved } = moveMoney(account, { type: 'application_fee_refund', amount: -amount, currency, source: refund })
  account.add(makeFeeRefund({ id: refund, created: account.now(), amount, currency, fee: id, balance_transaction: moved }))
  account.change('application_fee', id, { amount_refunded: before + amount, refunded: before + amount === whole }, 'application_fee.refunded')
  account.later(account.now() + DAY, () => account.change('fee_refund', refund, { metadata: { reason: 'goodwill' } }, 'application_fee.refund.updated'))
}
