/** Where the official package declares the object of a schema, and what of it is a column. */
export interface StripeObjectPlace {
  /** Below the package's resources, without `.d.ts`. */
  file: string
  /** The interface's name. */
  name: string
  /** Lists that Stripe only sends when asked (`expand`), and that our lists ask for. */
  asked?: string[]
  /** Columns that Stripe does not send: the listed object above a nested row. */
  added?: Record<string, string>
}

/** Every schema of the catalogue, by its name. */
export const STRIPE_OBJECTS: Record<string, StripeObjectPlace> = {
  application_fees: { file: 'ApplicationFees', name: 'ApplicationFee' },
  balance_transactions: { file: 'BalanceTransactions', name: 'BalanceTransaction' },
  charges: { file: 'Charges', name: 'Charge' },
  checkout_session_line_items: { file: 'LineItems', name: 'LineItem', added: { checkout_session: 'string' } },
  checkout_sessions: { file: 'Checkout/Sessions', name: 'Session' },
  coupons: { file: 'Coupons', name: 'Coupon' },
  credit_notes: { file: 'CreditNotes', name: 'CreditNote' },
  customer_discounts: { file: 'Discounts', name: 'Discount' },
  customers: { file: 'Customers', name: 'Customer' },
  discounts: { file: 'Discounts', name: 'Discount' },
  disputes: { file: 'Disputes', name: 'Dispute' },
  early_fraud_warnings: { file: 'Radar/EarlyFraudWarnings', name: 'EarlyFraudWarning' },
  events: { file: 'Events', name: 'EventBase' },
  features: { file: 'Entitlements/Features', name: 'Feature' },
  files: { file: 'Files', name: 'File', asked: ['links'] },
  invoice_items: { file: 'InvoiceItems', name: 'InvoiceItem' },
  invoice_lines: { file: 'InvoiceLineItems', name: 'InvoiceLineItem' },
  invoices: { file: 'Invoices', name: 'Invoice' },
  meters: { file: 'Billing/Meters', name: 'Meter' },
  payment_intents: { file: 'PaymentIntents', name: 'PaymentIntent' },
  payment_links: { file: 'PaymentLinks', name: 'PaymentLink', asked: ['line_items'] },
  payment_methods: { file: 'PaymentMethods', name: 'PaymentMethod' },
  payouts: { file: 'Payouts', name: 'Payout' },
  plans: { file: 'Plans', name: 'Plan' },
  prices: { file: 'Prices', name: 'Price' },
  products: { file: 'Products', name: 'Product' },
  promotion_codes: { file: 'PromotionCodes', name: 'PromotionCode' },
  quotes: { file: 'Quotes', name: 'Quote', asked: ['line_items'] },
  refunds: { file: 'Refunds', name: 'Refund' },
  reviews: { file: 'Reviews', name: 'Review' },
  setup_intents: { file: 'SetupIntents', name: 'SetupIntent' },
  subscription_items: { file: 'SubscriptionItems', name: 'SubscriptionItem' },
  subscription_schedules: { file: 'SubscriptionSchedules', name: 'SubscriptionSchedule' },
  subscriptions: { file: 'Subscriptions', name: 'Subscription' },
  tax_ids: { file: 'TaxIds', name: 'TaxId' },
  tax_rates: { file: 'TaxRates', name: 'TaxRate' },
  topups: { file: 'Topups', name: 'Topup' },
  transfers: { file: 'Transfers', name: 'Transfer' },
}
