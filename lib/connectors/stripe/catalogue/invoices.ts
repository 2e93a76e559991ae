import { columnsOf } from '../columns'
import type { StripeEvent, StripeFeed, StripeList, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { idsIn, isRecord, touchedBy } from './touched'

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

export const INVOICE_ITEMS: StripeSchema = {
  name: 'invoice_items',
  list: { path: '/v1/invoiceitems', object: 'invoiceitem', createdField: 'date' },
  permission: PERMISSIONS.invoices,
  feed: {
    types: ['invoiceitem.created', 'invoiceitem.deleted', 'invoice.created', 'invoice.updated', 'invoice.finalized', 'invoice.deleted', 'invoice.voided'],
    touched: itemsTouched,
    deletions: ['invoiceitem.deleted'],
  },
  // No event tells of an edited item, nor of those beyond the ten lines that an invoice's event holds.
  lookBack: { days: 32, everyHours: 6 },
  columns: columnsOf('invoice_items'),
  primaryKey: ['id'],
}

/** An item changes when an invoice takes it up or lets it go; the lines of the invoice name it, in old versions of the API directly. */
function itemsTouched(event: StripeEvent): string[] {
  const { object } = event.data
  if (object.object !== 'invoice') return touchedBy({ invoiceitem: 'id' })(event)
  const lines = isRecord(object.lines) && Array.isArray(object.lines.data) ? object.lines.data.filter(isRecord) : []
  return lines.flatMap((line) => {
    const parent = isRecord(line.parent) ? line.parent : {}
    const details = [parent.invoice_item_details, parent.subscription_item_details].filter(isRecord)
    return [line.invoice_item, ...details.map((detail) => detail.invoice_item)].flatMap(idsIn)
  })
}

export const CREDIT_NOTES: StripeSchema = {
  name: 'credit_notes',
  list: { path: '/v1/credit_notes', object: 'credit_note', createdField: 'created' },
  completes: [{ field: 'lines', path: (note) => `/v1/credit_notes/${encodeURIComponent(note)}/lines` }],
  permission: PERMISSIONS.creditNotes,
  feed: { types: ['credit_note.created', 'credit_note.updated', 'credit_note.voided'], touched: touchedBy({ credit_note: 'id' }), deletions: [] },
  columns: columnsOf('credit_notes'),
  primaryKey: ['id'],
}
