import type { TablesConnector } from '../contract'
import { checkStripe } from './check'
import { isTestKey, StripeConfig } from './config'
import { describeStripe, discoverStripe } from './discover'
import { STRIPE_INSTRUCTIONS } from './instructions'
import { readStripe } from './read-stripe'

/** A Stripe account: its lists of objects, kept up by its own events. */
export const stripe = {
  id: 'stripe',
  label: 'Stripe',
  group: 'managed',
  category: 'Payments',
  description: 'Charges, customers, invoices, subscriptions and everything else of a Stripe account',
  config: StripeConfig,
  instructions: STRIPE_INSTRUCTIONS,
  suggestName: (config) => config.account_id ?? (isTestKey(config) ? 'Stripe test' : 'Stripe'),
  check: checkStripe,
  describe: describeStripe,
  discover: discoverStripe,
  read: readStripe,
} satisfies TablesConnector<StripeConfig>
