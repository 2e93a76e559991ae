import { columnsOf } from '../columns'
import type { StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'

const HOUR = 1 / 24

export const BALANCE_TRANSACTIONS: StripeSchema = {
  name: 'balance_transactions',
  list: { path: '/v1/balance_transactions', object: 'balance_transaction', createdField: 'created' },
  permission: PERMISSIONS.balanceTransactions,
  // No event names a balance transaction (`balance.available` only tells the sums), so that the newest are listed at every sync.
  // They do not change once made, but for one thing: at `available_on` the pending become available.
  feed: null,
  lookBack: {
    days: HOUR,
    everyHours: 0,
    settlesAt: ({ status, available_on: availableOn }) => (status === 'pending' && typeof availableOn === 'number' ? availableOn : null),
  },
  columns: columnsOf('balance_transactions'),
  primaryKey: ['id'],
}
