import { columnsOf } from '../columns'
import type { StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

export const CHARGES: StripeSchema = {
  name: 'charges',
  list: { path: '/v1/charges', object: 'charge', createdField: 'created' },
  permission: PERMISSIONS.charges,
  feed: {
    // A refund and a dispute change the charge that they name.
    types: [
      'charge.captured',
      'charge.dispute.closed',
      'charge.dispute.created',
      'charge.dispute.funds_reinstated',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.expired',
      'charge.failed',
      'charge.pending',
      'charge.refund.updated',
      'charge.refunded',
      'charge.succeeded',
      'charge.updated',
      'refund.created',
      'refund.failed',
      'refund.updated',
      'review.closed',
      'review.opened',
    ],
    touched: touchedBy({ charge: 'id', dispute: 'charge', refund: 'charge', review: 'charge' }),
    deletions: [],
  },
  columns: columnsOf('charges'),
  primaryKey: ['id'],
}
