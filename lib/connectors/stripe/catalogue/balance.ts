import { columnsOf } from '../columns'
import type { StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

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

export const PAYOUTS: StripeSchema = {
  name: 'payouts',
  list: { path: '/v1/payouts', object: 'payout', createdField: 'created' },
  permission: PERMISSIONS.payouts,
  feed: {
    types: ['payout.canceled', 'payout.created', 'payout.failed', 'payout.paid', 'payout.reconciliation_completed', 'payout.updated'],
    touched: touchedBy({ payout: 'id' }),
    deletions: [],
  },
  columns: columnsOf('payouts'),
  primaryKey: ['id'],
}

export const TOPUPS: StripeSchema = {
  name: 'topups',
  list: { path: '/v1/topups', object: 'topup', createdField: 'created' },
  permission: PERMISSIONS.topups,
  feed: { types: ['topup.canceled', 'topup.created', 'topup.failed', 'topup.reversed', 'topup.succeeded'], touched: touchedBy({ topup: 'id' }), deletions: [] },
  columns: columnsOf('topups'),
  primaryKey: ['id'],
}

export const TRANSFERS: StripeSchema = {
  name: 'transfers',
  list: { path: '/v1/transfers', object: 'transfer', createdField: 'created' },
  completes: [{ field: 'reversals', path: (transfer) => `/v1/transfers/${encodeURIComponent(transfer)}/reversals` }],
  permission: PERMISSIONS.transfers,
  feed: { types: ['transfer.created', 'transfer.reversed', 'transfer.updated'], touched: touchedBy({ transfer: 'id' }), deletions: [] },
  columns: columnsOf('transfers'),
  primaryKey: ['id'],
}

export const APPLICATION_FEES: StripeSchema = {
  name: 'application_fees',
  list: { path: '/v1/application_fees', object: 'application_fee', createdField: 'created' },
  completes: [{ field: 'refunds', path: (fee) => `/v1/application_fees/${encodeURIComponent(fee)}/refunds` }],
  permission: PERMISSIONS.applicationFees,
  feed: {
    types: ['application_fee.created', 'application_fee.refunded', 'application_fee.refund.updated'],
    touched: touchedBy({ application_fee: 'id', fee_refund: 'fee' }),
    deletions: [],
  },
  columns: columnsOf('application_fees'),
  primaryKey: ['id'],
}
