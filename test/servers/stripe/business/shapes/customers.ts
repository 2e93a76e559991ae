import type { Given, Kinds } from './kinds'

type Made = 'created'

export function makeCustomer(given: Given<'customer', Made>): Kinds['customer'] {
  return {
    object: 'customer',
    address: null,
    balance: 0,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: true,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...given,
  }
}

/** A card, unless another type is given. */
export function makePaymentMethod(given: Given<'payment_method', Made>): Kinds['payment_method'] {
  return {
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    customer: null,
    customer_account: null,
    livemode: true,
    metadata: {},
    type: 'card',
    ...given,
  }
}

export const BRANDS = ['visa', 'mastercard', 'amex', 'discover', 'jcb', 'unionpay'] as const
const FUNDING = ['credit', 'debit', 'prepaid']

/** The card with this number of a customer's. */
export function cardOf(number: number): NonNullable<Kinds['payment_method']['card']> {
  const brand = BRANDS[number % BRANDS.length] ?? 'visa'
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: number % 3 === 0 ? 'pass' : null, cvc_check: 'pass' },
    country: ['US', 'DE', 'JP', null][number % 4] ?? null,
    display_brand: brand,
    exp_month: (number % 12) + 1,
    exp_year: 2027 + (number % 8),
    fingerprint: `fp${(number * 2_654_435_761 % 4_294_967_296).toString(36).padStart(7, '0')}Card`,
    funding: FUNDING[number % FUNDING.length] ?? 'credit',
    generated_from: null,
    last4: String(number % 10_000).padStart(4, '0'),
    networks: { available: [brand], preferred: null },
    regulated_status: number % 5 === 0 ? 'regulated' : 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  }
}

export function makeTaxId(given: Given<'tax_id', Made | 'customer'>): Kinds['tax_id'] {
  return {
    object: 'tax_id',
    country: 'DE',
    customer_account: null,
    livemode: true,
    owner: { customer: given.customer ?? undefined, customer_account: null, type: 'customer' },
    type: 'eu_vat',
    value: 'DE123456789',
    verification: { status: 'pending', verified_address: null, verified_name: null },
    ...given,
  }
}

export function makeDiscount(given: Given<'discount', 'source' | 'start'>): Kinds['discount'] {
  return {
    object: 'discount',
    checkout_session: null,
    customer: null,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    subscription: null,
    subscription_item: null,
    ...given,
  }
}
