import { Stripe } from 'stripe'
import type { StripeServer } from './types'

/** Stripe's own client, which knows nothing of the emulation; it does not try again. */
export function openClient(server: StripeServer, config: { key?: string; stripeAccount?: string } = {}): Stripe {
  const { hostname, port } = new URL(server.url)
  return new Stripe(config.key ?? server.key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, stripeAccount: config.stripeAccount })
}
