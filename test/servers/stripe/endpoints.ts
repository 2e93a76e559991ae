/** A list of Stripe's, and its objects by id below the same address. */
export interface Endpoint {
  path: string
  /** The `object` of what it lists. */
  object: string
  /** What a restricted key needs, without `rak_` and `_read`. */
  permission: string
  /** The parameters besides those of every list, as the official package declares them. */
  params: string[]
  /** Those without which there is no answer. */
  required?: string[]
}

const endpoint = (path: string, object: string, permission: string, params = '', required?: string[]): Endpoint => ({
  path: `/v1/${path}`,
  object,
  permission,
  params: params.split(' ').filter(Boolean),
  ...(required && { required }),
})

export const ENDPOINTS: Endpoint[] = [
  endpoint('application_fees', 'application_fee', 'application_fee', 'charge created'),
  endpoint('balance_transactions', 'balance_transaction', 'balance_transaction_source', 'created currency payout source type'),
  endpoint('billing/meters', 'billing.meter', 'billing_meter', 'status'),
  endpoint('charges', 'charge', 'charge', 'created customer payment_intent transfer_group'),
  endpoint('checkout/sessions', 'checkout.session', 'checkout_session', 'created customer customer_account customer_details payment_intent payment_link status subscription'),
  endpoint('coupons', 'coupon', 'coupon', 'created'),
  endpoint('credit_notes', 'credit_note', 'credit_note', 'created customer customer_account invoice'),
  endpoint('customers', 'customer', 'customer', 'created email test_clock'),
  endpoint('disputes', 'dispute', 'dispute', 'charge created payment_intent'),
  endpoint('entitlements/features', 'entitlements.feature', 'entitlement', 'archived lookup_key'),
  endpoint('events', 'event', 'event', 'created delivery_success type types'),
  endpoint('files', 'file', 'file', 'created purpose'),
  endpoint('file_links', 'file_link', 'file', 'created expired file'),
  endpoint('invoice_payments', 'invoice_payment', 'invoice', 'created invoice payment status'),
  endpoint('invoiceitems', 'invoiceitem', 'invoice', 'created customer customer_account invoice pending'),
  endpoint('invoices', 'invoice', 'invoice', 'collection_method created customer customer_account due_date status subscription'),
  endpoint('payment_intents', 'payment_intent', 'payment_intent', 'created customer customer_account'),
  endpoint('payment_links', 'payment_link', 'payment_links', 'active'),
  endpoint('payment_methods', 'payment_method', 'payment_method', 'allow_redisplay customer customer_account type'),
  endpoint('payouts', 'payout', 'payout', 'arrival_date created destination status'),
  endpoint('plans', 'plan', 'plan', 'active created product'),
  endpoint('prices', 'price', 'plan', 'active created currency lookup_keys product recurring type'),
  endpoint('products', 'product', 'product', 'active created ids shippable type url'),
  endpoint('promotion_codes', 'promotion_code', 'promotion_code', 'active code coupon created customer customer_account'),
  endpoint('quotes', 'quote', 'quote', 'customer customer_account status test_clock'),
  endpoint('radar/early_fraud_warnings', 'radar.early_fraud_warning', 'charge', 'charge created payment_intent'),
  endpoint('refunds', 'refund', 'charge', 'charge created payment_intent'),
  endpoint('reviews', 'review', 'review', 'created'),
  endpoint('setup_intents', 'setup_intent', 'setup_intent', 'attach_to_self created customer customer_account payment_method'),
  endpoint('subscription_items', 'subscription_item', 'subscription', 'subscription', ['subscription']),
  endpoint('subscription_schedules', 'subscription_schedule', 'subscription', 'canceled_at completed_at created customer customer_account released_at scheduled'),
  endpoint('subscriptions', 'subscription', 'subscription', 'automatic_tax collection_method created current_period_end current_period_start customer customer_account plan price status test_clock'),
  endpoint('tax_rates', 'tax_rate', 'tax_rate', 'active created inclusive'),
  endpoint('topups', 'topup', 'top_up', 'amount created status'),
  endpoint('transfers', 'transfer', 'transfer', 'created destination transfer_group'),
]

/** Parameters of the lists below objects, by their address; those not named here have none of their own. */
export const PARAMS_BELOW: Record<string, string[]> = {
  '/v1/customers/:id/payment_methods': ['allow_redisplay', 'type'],
}

export const RANGES = new Set(['amount', 'arrival_date', 'canceled_at', 'completed_at', 'created', 'current_period_end', 'current_period_start', 'due_date', 'released_at'])
export const BOOLEANS = new Set(['active', 'archived', 'attach_to_self', 'delivery_success', 'expired', 'inclusive', 'pending', 'scheduled', 'shippable'])
export const LISTS = new Set(['expand', 'ids', 'lookup_keys', 'types'])
export const HASHES = new Set(['automatic_tax', 'customer_details', 'payment', 'recurring'])
