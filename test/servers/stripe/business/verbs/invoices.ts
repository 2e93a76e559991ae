import { DAY, HOUR, type Account } from '../account'
import { makeInvoice, makeInvoicePayment } from '../shapes/invoices'
import type { Kinds } from '../shapes/kinds'
import { sumsOf } from './invoice-lines'
import { openIntent, payIntent } from './payments'
import { paymentMethodOf } from './payment-methods'

export function linesOf(account: Account, invoice: string): Kinds['line_item'][] {
  return account.below('line_item', invoice)
}

/** A draft that is not told yet: its lines follow, then `issueDraft`. */
export function beginInvoice(account: Account, customer: string, given: Pick<Kinds['invoice'], 'currency'> & Partial<Kinds['invoice']>): Kinds['invoice'] {
  const { address, email, name, phone, shipping, tax_exempt: exempt } = account.get('customer', customer)
  const known = { customer_address: address ?? null, customer_email: email, customer_name: name ?? null, customer_phone: phone ?? null, customer_shipping: shipping, customer_tax_exempt: exempt ?? null }
  return account.add(makeInvoice({ id: account.id('in_'), created: account.now(), customer, automatically_finalizes_at: account.now() + HOUR, ...known, ...given }))
}

export function issueDraft(account: Account, id: string, lines: Kinds['line_item'][]): void {
  account.change('invoice', id, { ...sumsOf(lines), discounts: [...new Set(lines.flatMap(({ discounts }) => discounts))] })
  account.tell('invoice.created', 'invoice', id)
}

/** It gets its number, and asks for money. */
export function finalize(account: Account, id: string): Kinds['invoice'] {
  const { status_transitions: times, amount_due: due, currency, customer } = account.get('invoice', id)
  const now = account.now()
  const links = { hosted_invoice_url: `https://invoice.emulated.example/i/${id}`, invoice_pdf: `https://invoice.emulated.example/i/${id}/pdf` }
  const open = { automatically_finalizes_at: null, effective_at: now, ending_balance: 0, last_finalization_error: null, number: `EMU-${id.slice(-6).toUpperCase()}`, status: 'open' as const, status_transitions: { ...times, finalized_at: now }, ...links }
  if (due === 0 || customer === null) return account.change('invoice', id, open, 'invoice.finalized')
  const intent = openIntent(account, { amount: due, currency, customer, description: 'Invoice', setup_future_usage: 'off_session' })
  account.add(makeInvoicePayment({ id: account.id('inpay_'), created: now, currency, invoice: id, amount_requested: due, payment: { payment_intent: intent.id, type: 'payment_intent' } }))
  return account.change('invoice', id, open, 'invoice.finalized')
}

/** How it is paid, or is to be. */
export function paymentOf(account: Account, invoice: string): Kinds['invoice_payment'] | undefined {
  return account.below('invoice_payment', invoice).at(-1)
}

/** Tries to take what an open invoice asks for. One that asks for nothing is paid at once. */
export function collect(account: Account, id: string, outcome: 'succeeds' | 'fails'): Kinds['invoice'] {
  const { customer, amount_due: due, attempt_count: attempts } = account.get('invoice', id)
  const payment = paymentOf(account, id)
  if (!payment?.payment.payment_intent || customer === null) return paid(account, id)
  payIntent(account, payment.payment.payment_intent, paymentMethodOf(account, customer), outcome)
  if (outcome === 'fails') {
    const attempted = { attempt_count: attempts + 1, attempted: true, next_payment_attempt: account.now() + 3 * DAY }
    const previous = account.store.update(id, attempted)
    for (const type of ['invoice.updated', 'invoice.payment_failed']) account.tell(type, 'invoice', id, previous)
    return account.get('invoice', id)
  }
  account.change('invoice_payment', payment.id, { amount_paid: due, status: 'paid', status_transitions: { canceled_at: null, paid_at: account.now() } })
  const settled = paid(account, id)
  account.tell('invoice_payment.paid', 'invoice_payment', payment.id)
  return settled
}

function paid(account: Account, id: string): Kinds['invoice'] {
  const { amount_due: due, attempt_count: attempts, status_transitions: times } = account.get('invoice', id)
  const change: Partial<Kinds['invoice']> = {
    amount_paid: due,
    amount_remaining: 0,
    attempt_count: attempts + (due > 0 ? 1 : 0),
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    receipt_number: `2${id.slice(-3)}-${String(account.chance.between(1000, 9999))}`,
    status: 'paid',
    status_transitions: { ...times, paid_at: account.now() },
  }
  const previous = account.store.update(id, change)
  for (const type of ['invoice.updated', 'invoice.paid', 'invoice.payment_succeeded']) account.tell(type, 'invoice', id, type === 'invoice.updated' ? previous : undefined)
  return account.get('invoice', id)
}

/** Nobody will pay it. */
export function giveUp(account: Account, id: string, how: 'void' | 'uncollectible'): void {
  const { status_transitions: times } = account.get('invoice', id)
  const intent = paymentOf(account, id)?.payment.payment_intent
  if (how === 'void' && intent !== undefined && account.get('payment_intent', intent).status !== 'succeeded') {
    account.change('payment_intent', intent, { canceled_at: account.now(), cancellation_reason: 'void_invoice', status: 'canceled' }, 'payment_intent.canceled')
  }
  const now = account.now()
  const change: Partial<Kinds['invoice']> =
    how === 'void' ? { amount_remaining: 0, status: 'void', status_transitions: { ...times, voided_at: now } } : { status: 'uncollectible', status_transitions: { ...times, marked_uncollectible_at: now } }
  const previous = account.store.update(id, { ...change, auto_advance: false, next_payment_attempt: null })
  for (const type of ['invoice.updated', how === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible']) account.tell(type, 'invoice', id, previous)
}

/** Stripe could not finalize it yet; it stays a draft. */
export function failToFinalize(account: Account, id: string): void {
  const error: Kinds['invoice']['last_finalization_error'] = { code: 'tax_id_invalid', message: 'The tax id is not known.', type: 'invalid_request_error' }
  account.change('invoice', id, { last_finalization_error: error }, 'invoice.finalization_failed')
}

/** Its items are pending again. */
export function deleteDraft(account: Account, id: string): void {
  if (account.get('invoice', id).status !== 'draft') throw new Error(`${id} is no draft: Stripe does not delete it`)
  for (const item of account.all('invoiceitem')) if (item.invoice === id) account.change('invoiceitem', item.id, { invoice: null })
  const lines = linesOf(account, id)
  account.remove(id, 'invoice.deleted')
  for (const line of lines) account.remove(line.id)
}
