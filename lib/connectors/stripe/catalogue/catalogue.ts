import type { StripeSchema } from '../stripe-schema'
import { BALANCE_TRANSACTIONS } from './balance'
import { CUSTOMERS } from './customers'
import { INVOICE_LINES, INVOICES } from './invoices'
import { CHARGES } from './payments'
import { EVENTS, FEATURES } from './records'
import { SUBSCRIPTION_ITEMS, SUBSCRIPTIONS } from './subscriptions'

/** Every schema that a Stripe account offers. */
export const STRIPE_SCHEMAS: StripeSchema[] = [
  BALANCE_TRANSACTIONS,
  CHARGES,
  CUSTOMERS,
  EVENTS,
  FEATURES,
  INVOICE_LINES,
  INVOICES,
  SUBSCRIPTION_ITEMS,
  SUBSCRIPTIONS,
]
