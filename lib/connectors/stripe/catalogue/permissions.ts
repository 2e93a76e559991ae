import type { Permission } from '../stripe-schema'

const read = (label: string, name: string): Permission => ({ label, id: `rak_${name}_read` })

/**
 * What a restricted key must be granted, called as Stripe's key page calls it. Two keep an older name inside: prices are `plan`,
 * and balance transactions are their sources. What is below an object is granted with it: refunds with charges, items with
 * subscriptions, lines with invoices, early fraud warnings with charges, tax ids with customers.
 */
export const PERMISSIONS = {
  applicationFees: read('Application Fees', 'application_fee'),
  balanceTransactions: read('Balance Transaction Sources', 'balance_transaction_source'),
  charges: read('Charges and Refunds', 'charge'),
  checkoutSessions: read('Checkout Sessions', 'checkout_session'),
  coupons: read('Coupons', 'coupon'),
  creditNotes: read('Credit Notes', 'credit_note'),
  customers: read('Customers', 'customer'),
  disputes: read('Disputes', 'dispute'),
  events: read('Events', 'event'),
  features: read('Entitlements', 'entitlement'),
  files: read('Files', 'file'),
  invoices: read('Invoices', 'invoice'),
  meters: read('Billing Meters', 'billing_meter'),
  paymentIntents: read('PaymentIntents', 'payment_intent'),
  paymentLinks: read('Payment Links', 'payment_links'),
  paymentMethods: read('PaymentMethods', 'payment_method'),
  payouts: read('Payouts', 'payout'),
  prices: read('Prices', 'plan'),
  products: read('Products', 'product'),
  promotionCodes: read('Promotion Codes', 'promotion_code'),
  quotes: read('Quotes', 'quote'),
  reviews: read('Reviews', 'review'),
  setupIntents: read('SetupIntents', 'setup_intent'),
  subscriptions: read('Subscriptions', 'subscription'),
  taxRates: read('Tax Rates', 'tax_rate'),
  topups: read('Top-ups', 'top_up'),
  transfers: read('Transfers', 'transfer'),
} satisfies Record<string, Permission>
