import { DAY, type Account } from '../account'
import { makeInvoiceItem } from '../shapes/invoices'
import type { Kinds } from '../shapes/kinds'
import { description, metadata } from '../texts'
import { addLine, startReckoning, type Reckoning } from './invoice-lines'
import { beginInvoice, collect, failToFinalize, finalize, issueDraft } from './invoices'

/** Something to be invoiced at the next occasion. */
export function addItem(account: Account, customer: string, currency: string): Kinds['invoiceitem'] {
  const { chance } = account
  const [unit, quantity] = [chance.between(10, 5000), chance.between(1, 5)]
  const start = account.now()
  return account.add(
    makeInvoiceItem({
      id: account.id('ii_'),
      date: start,
      amount: unit * quantity,
      currency,
      customer,
      description: description(chance.below(1_000_000)),
      metadata: metadata(chance.below(1_000_000)),
      quantity,
      period: { start, end: start + chance.below(3) * DAY },
    }),
    'invoiceitem.created',
  )
}

/** A pending item is edited without an event. */
export function editItem(account: Account, id: string): void {
  const { amount, invoice } = account.get('invoiceitem', id)
  if (invoice !== null) throw new Error(`${id} is on an invoice: it is not edited any more`)
  account.change('invoiceitem', id, { amount: amount + 100, quantity: 1, quantity_decimal: '1', description: 'Edited' })
}

export function deleteItem(account: Account, id: string): void {
  account.remove(id, 'invoiceitem.deleted')
}

export function pendingItems(account: Account, customer: string, currency: string): Kinds['invoiceitem'][] {
  return account.below('invoiceitem', customer).filter((item) => item.invoice === null && item.currency === currency)
}

/** The pending items of a customer become lines of a draft. */
export function sweepItems(account: Account, invoice: Kinds['invoice'], reckoning: Reckoning): Kinds['line_item'][] {
  return pendingItems(account, String(invoice.customer), invoice.currency).map((item) => {
    account.change('invoiceitem', item.id, { invoice: invoice.id })
    const { amount, currency, description, metadata, period, quantity, quantity_decimal: decimal } = item
    return addLine(
      account,
      {
        amount,
        currency,
        description,
        invoice: invoice.id,
        metadata: metadata ?? {},
        parent: { invoice_item_details: { invoice_item: item.id, proration: false, proration_details: null, subscription: null }, subscription_item_details: null, type: 'invoice_item_details' },
        period,
        quantity,
        quantity_decimal: decimal,
      },
      reckoning,
    )
  })
}

/** An invoice of what is pending, as a draft. */
export function draftPending(account: Account, customer: string, currency: string): Kinds['invoice'] {
  const { discount } = account.get('customer', customer)
  const invoice = beginInvoice(account, customer, { currency, auto_advance: false, automatically_finalizes_at: null })
  const lines = sweepItems(account, invoice, startReckoning(account, discount ? [discount] : []))
  issueDraft(account, invoice.id, lines)
  return account.get('invoice', invoice.id)
}

/** Sends an invoice of what is pending, to be paid within a week; some are. */
export function sendPending(account: Account, customer: string, currency: string): Kinds['invoice'] {
  const { id } = draftPending(account, customer, currency)
  account.change('invoice', id, { collection_method: 'send_invoice', due_date: account.now() + 7 * DAY }, 'invoice.updated')
  if (account.chance.happens(0.2)) failToFinalize(account, id)
  finalize(account, id)
  account.tell('invoice.sent', 'invoice', id)
  account.later(account.now() + 5 * DAY, () => account.find('customer', customer) && account.chance.happens(0.7) && collect(account, id, 'succeeds'))
  account.later(account.now() + 4 * DAY, () => account.get('invoice', id).status === 'open' && account.tell('invoice.will_be_due', 'invoice', id))
  account.later(account.now() + 7 * DAY, () => account.get('invoice', id).status === 'open' && account.tell('invoice.overdue', 'invoice', id))
  return account.get('invoice', id)
}
