import type { EmulatedObject } from './types'

/**
 * A list inside an object. Its entries are objects of their own in the store, inserted with a field that names what they belong to;
 * the server puts them together: the first ten, `has_more` and the address of the rest. An object may also bring the whole list
 * itself (an array, or a list with `data`), which is then cut and paged in the same way: that is for objects made by number.
 */
export interface ComposedList {
  /** The `object` of what holds the list, and the field in which it does. */
  of: string
  field: string
  /** The `object` of an entry. */
  child: string
  /** The field of an entry that holds the id of what it belongs to. */
  parent: string
  /** Stripe does not send that field: it is for the store alone. */
  isHidden?: true
  /** Stripe sends the list only when it is asked for by `expand`. */
  onExpand?: true
  /** Stripe also sends `total_count`. */
  counts?: true
  /** As they were inserted; otherwise the newest first. */
  inOrder?: true
  /** Which entries the object shows; the others are found elsewhere. */
  keeps?(entry: EmulatedObject): boolean
  url: string
}

export const COMPOSED: ComposedList[] = [
  { of: 'invoice', field: 'lines', child: 'line_item', parent: 'invoice', counts: true, inOrder: true, url: '/v1/invoices/:id/lines' },
  { of: 'invoice', field: 'payments', child: 'invoice_payment', parent: 'invoice', onExpand: true, url: '/v1/invoice_payments?invoice=:id' },
  { of: 'subscription', field: 'items', child: 'subscription_item', parent: 'subscription', counts: true, inOrder: true, url: '/v1/subscription_items?subscription=:id' },
  { of: 'credit_note', field: 'lines', child: 'credit_note_line_item', parent: 'credit_note', isHidden: true, inOrder: true, url: '/v1/credit_notes/:id/lines' },
  { of: 'transfer', field: 'reversals', child: 'transfer_reversal', parent: 'transfer', url: '/v1/transfers/:id/reversals' },
  { of: 'application_fee', field: 'refunds', child: 'fee_refund', parent: 'fee', url: '/v1/application_fees/:id/refunds' },
  { of: 'charge', field: 'refunds', child: 'refund', parent: 'charge', onExpand: true, url: '/v1/charges/:id/refunds' },
  { of: 'customer', field: 'tax_ids', child: 'tax_id', parent: 'customer', onExpand: true, url: '/v1/customers/:id/tax_ids' },
  { of: 'customer', field: 'subscriptions', child: 'subscription', parent: 'customer', onExpand: true, keeps: ({ status }) => status !== 'canceled', url: '/v1/customers/:id/subscriptions' },
  { of: 'customer', field: 'sources', child: 'card', parent: 'customer', onExpand: true, url: '/v1/customers/:id/sources' },
  { of: 'checkout.session', field: 'line_items', child: 'item', parent: 'checkout_session', isHidden: true, onExpand: true, inOrder: true, url: '/v1/checkout/sessions/:id/line_items' },
  { of: 'payment_link', field: 'line_items', child: 'item', parent: 'payment_link', isHidden: true, onExpand: true, inOrder: true, url: '/v1/payment_links/:id/line_items' },
  { of: 'quote', field: 'line_items', child: 'item', parent: 'quote', isHidden: true, onExpand: true, inOrder: true, url: '/v1/quotes/:id/line_items' },
  { of: 'file', field: 'links', child: 'file_link', parent: 'file', onExpand: true, url: '/v1/file_links?file=:id' },
]

/**
 * Fields in which Stripe always sends the whole object. The store may hold the object as it was then, or its id: then the object is
 * sent as it is now.
 */
export const INLINED: Record<string, string[]> = {
  customer: ['discount'],
  dispute: ['balance_transactions'],
  item: ['price'],
  subscription_item: ['plan', 'price'],
}

/** What is listed below an object without being a field of it. */
export const LISTED_BELOW: Pick<ComposedList, 'of' | 'child' | 'parent' | 'url'>[] = [
  { of: 'customer', child: 'payment_method', parent: 'customer', url: '/v1/customers/:id/payment_methods' },
]
