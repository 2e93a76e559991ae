import { columnsOf } from '../columns'
import type { LookBack, StripeFeed, StripeList, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

const SESSIONS: StripeList = { path: '/v1/checkout/sessions', object: 'checkout.session', createdField: 'created' }

const FEED: StripeFeed = {
  types: ['checkout.session.async_payment_failed', 'checkout.session.async_payment_succeeded', 'checkout.session.completed', 'checkout.session.expired'],
  touched: touchedBy({ 'checkout.session': 'id' }),
  deletions: [],
}

/** No event tells that a session was opened; it ends within a day, and that has one. */
const OPENED: LookBack = { days: 1, everyHours: 1 }

export const CHECKOUT_SESSIONS: StripeSchema = {
  name: 'checkout_sessions',
  list: SESSIONS,
  permission: PERMISSIONS.checkoutSessions,
  feed: FEED,
  lookBack: OPENED,
  columns: columnsOf('checkout_sessions'),
  primaryKey: ['id'],
}

export const CHECKOUT_SESSION_LINE_ITEMS: StripeSchema = {
  name: 'checkout_session_line_items',
  list: { ...SESSIONS, expand: ['data.line_items'] },
  nested: { parentColumn: 'checkout_session', field: 'line_items', path: (session) => `/v1/checkout/sessions/${encodeURIComponent(session)}/line_items` },
  permission: PERMISSIONS.checkoutSessions,
  feed: FEED,
  lookBack: OPENED,
  columns: columnsOf('checkout_session_line_items'),
  primaryKey: ['id'],
}

export const PAYMENT_LINKS: StripeSchema = {
  name: 'payment_links',
  list: { path: '/v1/payment_links', object: 'payment_link', expand: ['data.line_items'], createdField: null },
  completes: [{ field: 'line_items', path: (link) => `/v1/payment_links/${encodeURIComponent(link)}/line_items` }],
  permission: PERMISSIONS.paymentLinks,
  feed: { types: ['payment_link.created', 'payment_link.updated'], touched: touchedBy({ payment_link: 'id' }), deletions: [] },
  columns: columnsOf('payment_links'),
  primaryKey: ['id'],
}
