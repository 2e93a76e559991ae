import type { Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeEarlyFraudWarning, makeReview } from '../shapes/payments'

/** A rule wants a human to look at a payment. */
export function openReview(account: Account, chargeId: string): void {
  const { payment_intent: intent } = account.get('charge', chargeId)
  const review = makeReview({
    id: account.id('prv_'),
    created: account.now(),
    charge: chargeId,
    billing_zip: '10115',
    ip_address: '203.0.113.7',
    ip_address_location: { city: 'Berlin', country: 'DE', latitude: 52.52, longitude: 13.405, region: null },
    session: { browser: 'Firefox', device: 'Other', platform: 'Linux', version: '140.0' },
    ...(intent !== null && { payment_intent: intent }),
  })
  account.change('charge', chargeId, { review: review.id })
  if (intent !== null) account.change('payment_intent', intent, { review: review.id })
  account.add(review, 'review.opened')
  account.later(account.now() + 50 * 3600, () => account.get('review', review.id).open && closeReview(account, review.id, 'approved'))
}

export function closeReview(account: Account, id: string, reason: NonNullable<Kinds['review']['closed_reason']>): void {
  const { charge, payment_intent: intent } = account.get('review', id)
  if (charge !== null) account.change('charge', charge, { review: null })
  if (intent !== undefined) account.change('payment_intent', intent, { review: null })
  account.change('review', id, { closed_reason: reason, open: false }, 'review.closed')
}

/** The card's bank tells that it may have been fraud; nothing is to be done about it any more once the charge was given back. */
export function warn(account: Account, chargeId: string): void {
  const { payment_intent: intent } = account.get('charge', chargeId)
  const { id } = account.add(makeEarlyFraudWarning({ id: account.id('issfr_'), created: account.now(), charge: chargeId, ...(intent !== null && { payment_intent: intent }) }), 'radar.early_fraud_warning.created')
  account.change('charge', chargeId, { fraud_details: { stripe_report: 'fraudulent' } }, 'charge.updated')
  account.later(account.now() + 40 * 3600, () => account.change('radar.early_fraud_warning', id, { actionable: false }, 'radar.early_fraud_warning.updated'))
}
