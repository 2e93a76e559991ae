import { columnsOf } from '../columns'
import type { StripeFeed, StripeList, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

/** Without the status, Stripe lists no cancelled ones. */
export const SUBSCRIPTIONS_LIST: StripeList = { path: '/v1/subscriptions', query: { status: 'all' }, object: 'subscription', createdField: 'created' }

const itemsOf = (subscription: string) => `/v1/subscription_items?subscription=${encodeURIComponent(subscription)}`

export const SUBSCRIPTIONS_FEED: StripeFeed = {
  types: [
    'customer.subscription.created',
    'customer.subscription.deleted',
    'customer.subscription.paused',
    'customer.subscription.pending_update_applied',
    'customer.subscription.pending_update_expired',
    'customer.subscription.resumed',
    'customer.subscription.trial_will_end',
    'customer.subscription.updated',
    'customer.discount.created',
    'customer.discount.updated',
    'customer.discount.deleted',
  ],
  touched: touchedBy({ subscription: 'id', discount: 'subscription' }),
  // `customer.subscription.deleted` tells of a cancelled one, which stays in the list.
  deletions: [],
}

export const SUBSCRIPTIONS: StripeSchema = {
  name: 'subscriptions',
  list: SUBSCRIPTIONS_LIST,
  completes: [{ field: 'items', path: itemsOf }],
  permission: PERMISSIONS.subscriptions,
  feed: SUBSCRIPTIONS_FEED,
  columns: columnsOf('subscriptions'),
  primaryKey: ['id'],
}

/**
 * The price inside an item is as it was when the item was read: an edit of a price (its name, its metadata, whether it is active; an amount
 * never changes) tells no event of the items that have it. `prices` has it at once, the items at their next listing.
 */
export const SUBSCRIPTION_ITEMS: StripeSchema = {
  name: 'subscription_items',
  list: SUBSCRIPTIONS_LIST,
  nested: { parentColumn: 'subscription', field: 'items', path: itemsOf },
  permission: PERMISSIONS.subscriptions,
  feed: SUBSCRIPTIONS_FEED,
  columns: columnsOf('subscription_items'),
  primaryKey: ['id'],
}

/**
 * The discounts that subscriptions have now; one that ended, or that a subscription lost, leaves. Those of whole customers are in
 * `customer_discounts`; an invoice's are told by its total_discount_amounts.
 */
export const DISCOUNTS: StripeSchema = {
  name: 'discounts',
  list: { ...SUBSCRIPTIONS_LIST, expand: ['data.discounts'] },
  nested: { parentColumn: 'subscription', field: 'discounts', path: null },
  permission: PERMISSIONS.subscriptions,
  feed: SUBSCRIPTIONS_FEED,
  columns: columnsOf('discounts'),
  primaryKey: ['id'],
}

export const SUBSCRIPTION_SCHEDULES: StripeSchema = {
  name: 'subscription_schedules',
  list: { path: '/v1/subscription_schedules', object: 'subscription_schedule', createdField: 'created' },
  permission: PERMISSIONS.subscriptions,
  feed: {
    // When a phase begins, the subscription of the schedule changes too.
    types: [
      'subscription_schedule.aborted',
      'subscription_schedule.canceled',
      'subscription_schedule.completed',
      'subscription_schedule.created',
      'subscription_schedule.expiring',
      'subscription_schedule.released',
      'subscription_schedule.updated',
      'customer.subscription.created',
      'customer.subscription.updated',
      'customer.subscription.deleted',
    ],
    touched: touchedBy({ subscription_schedule: 'id', subscription: 'schedule' }),
    deletions: [],
  },
  columns: columnsOf('subscription_schedules'),
  primaryKey: ['id'],
}

export const QUOTES: StripeSchema = {
  name: 'quotes',
  list: { path: '/v1/quotes', object: 'quote', expand: ['data.line_items'], createdField: null },
  completes: [{ field: 'line_items', path: (quote) => `/v1/quotes/${encodeURIComponent(quote)}/line_items` }],
  permission: PERMISSIONS.quotes,
  feed: { types: ['quote.accepted', 'quote.canceled', 'quote.created', 'quote.finalized'], touched: touchedBy({ quote: 'id' }), deletions: [] },
  // No event tells of an edited draft.
  lookBack: { days: 30, everyHours: 6 },
  columns: columnsOf('quotes'),
  primaryKey: ['id'],
}
