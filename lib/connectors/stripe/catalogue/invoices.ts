import { columnsOf } from '../columns'
import type { StripeFeed, StripeList, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

const LIST: StripeList = { path: '/v1/invoices', object: 'invoice', createdField: 'created' }

const linesOf = (invoice: string) => `/v1/invoices/${encodeURIComponent(invoice)}/lines`

const FEED: StripeFeed = {
  // All of `invoice.` but `upcoming`, whose preview has no id; a payment and a credit note change what an invoice still asks for.
  types: [
    'invoice.created',
    'invoice.deleted',
    'invoice.finalization_failed',
    'invoice.finalized',
    'invoice.marked_uncollectible',
    'invoice.overdue',
    'invoice.overpaid',
    'invoice.paid',
    'invoice.payment_action_required',
    'invoice.payment_attempt_required',
    'invoice.payment_failed',
    'invoice.payment_succeeded',
    'invoice.sent',
    'invoice.updated',
    'invoice.voided',
    'invoice.will_be_due',
    'invoice_payment.paid',
    'credit_note.created',
    'credit_note.updated',
    'credit_note.voided',
  ],
  touched: touchedBy({ invoice: 'id', invoice_payment: 'invoice', credit_note: 'invoice' }),
  deletions: ['invoice.deleted'],
}

export const INVOICES: StripeSchema = {
  name: 'invoices',
  list: LIST,
  completes: [{ field: 'lines', path: linesOf }],
  permission: PERMISSIONS.invoices,
  feed: FEED,
  columns: columnsOf('invoices'),
  primaryKey: ['id'],
}

export const INVOICE_LINES: StripeSchema = {
  name: 'invoice_lines',
  list: LIST,
  nested: { parentColumn: 'invoice', field: 'lines', path: linesOf },
  permission: PERMISSIONS.invoices,
  feed: FEED,
  columns: columnsOf('invoice_lines'),
  primaryKey: ['id'],
}
