import { Stripe } from 'stripe'
import type { EmulatedObject } from './types'

/** Stripe remembers events for 30 days. */
export const MEMORY_SECONDS = 30 * 86_400

/** An event as Stripe tells it; the object in it stays as it was at that time. */
export function eventOf(told: { id: string; type: string; created: number; object: Record<string, unknown>; previous?: Record<string, unknown> }): EmulatedObject {
  return {
    id: told.id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: told.created,
    data: { object: told.object, ...(told.previous && { previous_attributes: told.previous }) },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type: told.type,
  }
}
