import type { StripeSchema } from '../stripe-schema'
import { APPLICATION_FEES, BALANCE_TRANSACTIONS, PAYOUTS, TOPUPS, TRANSFERS } from './balance'
import { CHECKOUT_SESSION_LINE_ITEMS, CHECKOUT_SESSIONS, PAYMENT_LINKS } from './checkout'
import { COUPONS, PROMOTION_CODES } from './coupons'
import { CUSTOMER_DISCOUNTS, CUSTOMERS, PAYMENT_METHODS, TAX_IDS } from './customers'
import { CREDIT_NOTES, INVOICE_ITEMS, INVOICE_LINES, INVOICES } from './invoices'
import { CHARGES, DISPUTES, EARLY_FRAUD_WARNINGS, PAYMENT_INTENTS, REFUNDS, REVIEWS, SETUP_INTENTS } from './payments'
import { METERS, PLANS, PRICES, PRODUCTS, TAX_RATES } from './products'
import { EVENTS, FEATURES, FILES } from './records'
import { DISCOUNTS, QUOTES, SUBSCRIPTION_ITEMS, SUBSCRIPTION_SCHEDULES, SUBSCRIPTIONS } from './subscriptions'

/** Every schema that a Stripe account offers, by name. */
export const STRIPE_SCHEMAS: StripeSchema[] = [
  APPLICATION_FEES,
  BALANCE_TRANSACTIONS,
  CHARGES,
  CHECKOUT_SESSION_LINE_ITEMS,
  CHECKOUT_SESSIONS,
  COUPONS,
  CREDIT_NOTES,
  CUSTOMER_DISCOUNTS,
  CUSTOMERS,
  DISCOUNTS,
  DISPUTES,
  EARLY_FRAUD_WARNINGS,
  EVENTS,
  FEATURES,
  FILES,
  INVOICE_ITEMS,
  INVOICE_LINES,
  INVOICES,
  METERS,
  PAYMENT_INTENTS,
  PAYMENT_LINKS,
  PAYMENT_METHODS,
  PAYOUTS,
  PLANS,
  PRICES,
  PRODUCTS,
  PROMOTION_CODES,
  QUOTES,
  REFUNDS,
  REVIEWS,
  SETUP_INTENTS,
  SUBSCRIPTION_ITEMS,
  SUBSCRIPTION_SCHEDULES,
  SUBSCRIPTIONS,
  TAX_IDS,
  TAX_RATES,
  TOPUPS,
  TRANSFERS,
]

/** The schema with this name; undefined when Stripe has none. */
export function findStripeSchema(name: string | undefined): StripeSchema | undefined {
  return STRIPE_SCHEMAS.find((schema) => schema.name === name)
}
