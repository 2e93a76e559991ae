import { DAY, type Account } from '../account'
import { makeCreditNote, makeCreditNoteLine } from '../shapes/invoices'
import type { Kinds } from '../shapes/kinds'
import { linesOf, paymentOf } from './invoices'
import { refund, refundableOf } from './refunds'

/** Takes back a part of an invoice: of a paid one with a refund, of an open one from what it asks for. */
export function credit(account: Account, invoiceId: string): void {
  const invoice = account.get('invoice', invoiceId)
  const lines = linesOf(account, invoiceId).filter(({ amount }) => amount >= 100)
  const [first] = lines
  if (!first || invoice.customer === null) return
  const isPaid = invoice.status === 'paid'
  const parts = lines.slice(0, 12).map((line) => ({ line, amount: Math.floor(line.amount / 10) }))
  const amount = parts.reduce((sum, part) => sum + part.amount, 0)
  if (amount > invoice.amount_due) return
  const intent = paymentOf(account, invoiceId)?.payment.payment_intent
  const charge = intent === undefined ? undefined : account.all('charge').find(({ payment_intent: of, paid }) => paid && of === intent)
  const given = isPaid && charge && refundableOf(charge) >= amount ? refund(account, charge.id, amount, 'succeeds') : undefined
  if (isPaid && !given) return
  issue(account, invoice, parts, { amount, refundId: given?.id })
}

type Part = { line: Kinds['line_item']; amount: number }

function issue(account: Account, invoice: Kinds['invoice'], parts: Part[], { amount, refundId }: { amount: number; refundId: string | undefined }): void {
  const id = account.id('cn_')
  for (const { line, amount: part } of parts) {
    account.add(makeCreditNoteLine({ id: account.id('cnli_'), credit_note: id, amount: part, description: line.description, invoice_line_item: line.id, quantity: line.quantity }))
  }
  const { pre_payment_credit_notes_amount: before, post_payment_credit_notes_amount: after } = invoice
  const kind = refundId === undefined ? { type: 'pre_payment' as const, pre_payment_amount: amount } : { type: 'post_payment' as const, post_payment_amount: amount, refunds: [{ amount_refunded: amount, payment_record_refund: null, refund: refundId, type: 'refund' as const }] }
  const change = refundId === undefined ? { pre_payment_credit_notes_amount: before + amount, amount_due: invoice.amount_due - amount, amount_remaining: invoice.amount_remaining - amount } : { post_payment_credit_notes_amount: after + amount }
  const previous = account.store.update(invoice.id, change)
  account.add(
    makeCreditNote({ id, created: account.now(), amount, currency: invoice.currency, customer: String(invoice.customer), invoice: invoice.id, number: `${String(invoice.number)}-CN-${id.slice(-2)}`, reason: account.chance.pick(['duplicate', 'order_change', null]), ...kind }),
    'credit_note.created',
  )
  account.tell('invoice.updated', 'invoice', invoice.id, previous)
  if (account.chance.happens(0.4)) account.later(account.now() + DAY, () => account.change('credit_note', id, { memo: 'Sorry for the trouble – 💐' }, 'credit_note.updated'))
  if (refundId === undefined && account.chance.happens(0.5)) account.later(account.now() + 2 * DAY, () => voidNote(account, id))
}

/** Only one of an invoice that is still open can be void; the invoice then asks for so much more again. */
function voidNote(account: Account, id: string): void {
  const { amount, invoice: invoiceId } = account.get('credit_note', id)
  const invoice = account.get('invoice', invoiceId)
  if (invoice.status !== 'open') return
  const { pre_payment_credit_notes_amount: before, amount_due: due, amount_remaining: remaining } = invoice
  const previous = account.store.update(invoiceId, { pre_payment_credit_notes_amount: before - amount, amount_due: due + amount, amount_remaining: remaining + amount })
  account.change('credit_note', id, { status: 'void', voided_at: account.now() }, 'credit_note.voided')
  account.tell('invoice.updated', 'invoice', invoiceId, previous)
}
