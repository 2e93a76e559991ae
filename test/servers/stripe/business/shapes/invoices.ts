import type { Given, Kinds } from './kinds'

const NO_SUMS = {
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  starting_balance: 0,
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
}

const NO_CUSTOMER = {
  customer_account: null,
  customer_address: null,
  customer_email: null,
  customer_name: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: 'none',
  customer_tax_ids: [],
} satisfies Partial<Kinds['invoice']>

export function makeInvoice(given: Given<'invoice', 'created' | 'currency' | 'customer'>): Kinds['invoice'] {
  return {
    object: 'invoice',
    ...NO_SUMS,
    ...NO_CUSTOMER,
    account_country: 'DE',
    account_name: 'Emulated Shop',
    account_tax_ids: null,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    custom_fields: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    livemode: true,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: given.created,
    period_start: given.created,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: null,
    webhooks_delivered_at: given.created,
    ...given,
  }
}

export function makeInvoiceLine(given: Given<'line_item', 'amount' | 'currency' | 'invoice' | 'period'>): Kinds['line_item'] {
  return {
    object: 'line_item',
    description: null,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    livemode: true,
    metadata: {},
    parent: null,
    pretax_credit_amounts: [],
    pricing: null,
    quantity: 1,
    quantity_decimal: given.quantity === null ? null : String(given.quantity ?? 1),
    subscription: null,
    subtotal: given.amount,
    taxes: [],
    ...given,
  }
}

export function makeInvoiceItem(given: Given<'invoiceitem', 'date' | 'amount' | 'currency' | 'customer'>): Kinds['invoiceitem'] {
  return {
    object: 'invoiceitem',
    customer_account: null,
    description: null,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: true,
    metadata: {},
    parent: null,
    period: { end: given.date, start: given.date },
    pricing: null,
    proration: false,
    quantity: 1,
    quantity_decimal: String(given.quantity ?? 1),
    tax_rates: [],
    test_clock: null,
    ...given,
  }
}

export function makeInvoicePayment(given: Given<'invoice_payment', 'created' | 'currency' | 'invoice' | 'amount_requested' | 'payment'>): Kinds['invoice_payment'] {
  return { object: 'invoice_payment', amount_paid: null, is_default: true, livemode: true, status: 'open', status_transitions: { canceled_at: null, paid_at: null }, ...given }
}

export function makeCreditNote(given: Given<'credit_note', 'created' | 'amount' | 'currency' | 'customer' | 'invoice' | 'number'>): Kinds['credit_note'] {
  return {
    object: 'credit_note',
    amount_shipping: 0,
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: given.created,
    livemode: true,
    memo: null,
    metadata: {},
    out_of_band_amount: null,
    pdf: `https://pay.emulated.example/credit_notes/${given.id}/pdf`,
    post_payment_amount: 0,
    pre_payment_amount: 0,
    pretax_credit_amounts: [],
    reason: null,
    refunds: [],
    shipping_cost: null,
    status: 'issued',
    subtotal: given.amount,
    subtotal_excluding_tax: given.amount,
    total: given.amount,
    total_excluding_tax: given.amount,
    total_taxes: [],
    type: 'post_payment',
    voided_at: null,
    ...given,
  }
}

export function makeCreditNoteLine(given: Given<'credit_note_line_item', 'amount' | 'credit_note'>): Kinds['credit_note_line_item'] {
  return {
    object: 'credit_note_line_item',
    description: null,
    discount_amount: 0,
    discount_amounts: [],
    livemode: true,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: null,
    tax_rates: [],
    taxes: [],
    type: 'invoice_line_item',
    unit_amount: null,
    unit_amount_decimal: null,
    ...given,
  }
}
