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

export const REFUNDS: StripeSchema = {
  name: 'refunds',
  list: { path: '/v1/refunds', object: 'refund', createdField: 'created' },
  permission: PERMISSIONS.charges,
  feed: { types: ['refund.created', 'refund.failed', 'refund.updated', 'charge.refund.updated'], touched: touchedBy({ refund: 'id' }), deletions: [] },
  columns: columnsOf('refunds'),
  primaryKey: ['id'],
}

export const DISPUTES: StripeSchema = {
  name: 'disputes',
  list: { path: '/v1/disputes', object: 'dispute', createdField: 'created' },
  permission: PERMISSIONS.disputes,
  feed: {
    types: ['charge.dispute.closed', 'charge.dispute.created', 'charge.dispute.funds_reinstated', 'charge.dispute.funds_withdrawn', 'charge.dispute.updated'],
    touched: touchedBy({ dispute: 'id' }),
    deletions: [],
  },
  columns: columnsOf('disputes'),
  primaryKey: ['id'],
}

/** An intent that is only edited (its amount before it is paid, its metadata) tells no event; most are edited within hours of their making. */
const EDITS = { days: 1, everyHours: 6 }

export const PAYMENT_INTENTS: StripeSchema = {
  name: 'payment_intents',
  list: { path: '/v1/payment_intents', object: 'payment_intent', createdField: 'created' },
  permission: PERMISSIONS.paymentIntents,
  feed: {
    types: [
      'payment_intent.amount_capturable_updated',
      'payment_intent.canceled',
      'payment_intent.created',
      'payment_intent.partially_funded',
      'payment_intent.payment_failed',
      'payment_intent.processing',
      'payment_intent.requires_action',
      'payment_intent.succeeded',
      'review.opened',
      'review.closed',
    ],
    touched: touchedBy({ payment_intent: 'id', review: 'payment_intent' }),
    deletions: [],
  },
  lookBack: EDITS,
  columns: columnsOf('payment_intents'),
  primaryKey: ['id'],
}

export const SETUP_INTENTS: StripeSchema = {
  name: 'setup_intents',
  list: { path: '/v1/setup_intents', object: 'setup_intent', createdField: 'created' },
  permission: PERMISSIONS.setupIntents,
  feed: {
    types: ['setup_intent.canceled', 'setup_intent.created', 'setup_intent.requires_action', 'setup_intent.setup_failed', 'setup_intent.succeeded'],
    touched: touchedBy({ setup_intent: 'id' }),
    deletions: [],
  },
  lookBack: EDITS,
  columns: columnsOf('setup_intents'),
  primaryKey: ['id'],
}

export const REVIEWS: StripeSchema = {
  name: 'reviews',
  list: { path: '/v1/reviews', object: 'review', createdField: 'created' },
  permission: PERMISSIONS.reviews,
  feed: { types: ['review.opened', 'review.closed'], touched: touchedBy({ review: 'id' }), deletions: [] },
  columns: columnsOf('reviews'),
  primaryKey: ['id'],
}

export const EARLY_FRAUD_WARNINGS: StripeSchema = {
  name: 'early_fraud_warnings',
  list: { path: '/v1/radar/early_fraud_warnings', object: 'radar.early_fraud_warning', createdField: 'created' },
  permission: PERMISSIONS.charges,
  feed: {
    types: ['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
    touched: touchedBy({ 'radar.early_fraud_warning': 'id' }),
    deletions: [],
  },
  columns: columnsOf('early_fraud_warnings'),
  primaryKey: ['id'],
}
