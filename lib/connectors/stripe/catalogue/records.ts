import { columnsOf } from '../columns'
import type { StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'

/**
 * The feed itself: the events are the rows, so that none is read again. They do not change, but for the count of webhooks that
 * wait, which is as it was when the event was read. Stripe forgets them after 30 days.
 */
export const EVENTS: StripeSchema = {
  name: 'events',
  list: { path: '/v1/events', object: 'event', createdField: 'created' },
  permission: PERMISSIONS.events,
  feed: { types: [], touched: ({ id }) => [id], deletions: [] },
  forgets: true,
  columns: columnsOf('events'),
  primaryKey: ['id'],
}

/** Features have no events and no time of creation: they are few, and all are listed each time. */
export const FEATURES: StripeSchema = {
  name: 'features',
  list: { path: '/v1/entitlements/features', object: 'entitlements.feature', createdField: null },
  permission: PERMISSIONS.features,
  feed: null,
  columns: columnsOf('features'),
  primaryKey: ['id'],
}

/** Only the files that Stripe makes have an event, those that people upload have none; and no file changes. */
export const FILES: StripeSchema = {
  name: 'files',
  list: { path: '/v1/files', object: 'file', createdField: 'created' },
  permission: PERMISSIONS.files,
  feed: null,
  lookBack: { days: 1 / 24, everyHours: 0 },
  columns: columnsOf('files'),
  primaryKey: ['id'],
}
