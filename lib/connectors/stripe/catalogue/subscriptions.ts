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

export const SUBSCRIPTION_ITEMS: StripeSchema = {
  name: 'subscription_items',
  list: SUBSCRIPTIONS_LIST,
  nested: { parentColumn: 'subscription', field: 'items', path: itemsOf },
  permission: PERMISSIONS.subscriptions,
  feed: SUBSCRIPTIONS_FEED,
  columns: columnsOf('subscription_items'),
  primaryKey: ['id'],
}
