import type { Account } from '../account'
import { makeSetupIntent } from '../shapes/payments'
import { metadata } from '../texts'
import { openIntent } from './payments'

const HOUR = 3600

/** An intent that is edited within a day, without an event, and then given up. */
export function wander(account: Account, customer: string): void {
  const { id } = openIntent(account, { amount: account.chance.between(100, 9000), currency: 'eur', customer })
  const at = account.now()
  account.later(at + account.chance.between(1, 10) * HOUR, () => account.change('payment_intent', id, { amount: account.chance.between(100, 9000), metadata: metadata(at) }))
  account.later(at + 60 * HOUR, () => account.change('payment_intent', id, { canceled_at: account.now(), cancellation_reason: 'abandoned', status: 'canceled' }, 'payment_intent.canceled'))
}

/** The customer leaves a way to pay for later: it is edited within a day, without an event, and then succeeds, fails or is given up. */
export function setUp(account: Account, customer: string): void {
  const { chance } = account
  const { id } = account.add(makeSetupIntent({ id: account.id('seti_'), created: account.now(), customer }), 'setup_intent.created')
  const at = account.now()
  const end = chance.pick(['succeeds', 'fails', 'canceled'])
  account.later(at + chance.between(1, 10) * HOUR, () => account.change('setup_intent', id, { description: 'Edited', metadata: metadata(at) }))
  account.later(at + 11 * HOUR, () => account.change('setup_intent', id, { next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} }, status: 'requires_action' }, 'setup_intent.requires_action'))
  account.later(at + 30 * HOUR, () => {
    const method = account.all('payment_method').find((method) => method.customer === customer)
    if (end === 'succeeds' && method) account.change('setup_intent', id, { next_action: null, payment_method: method.id, status: 'succeeded' }, 'setup_intent.succeeded')
    else if (end === 'fails') account.change('setup_intent', id, { next_action: null, status: 'requires_payment_method', last_setup_error: { code: 'card_declined', message: 'Your card was declined.', type: 'card_error' } }, 'setup_intent.setup_failed')
    else account.change('setup_intent', id, { cancellation_reason: 'abandoned', next_action: null, status: 'canceled' }, 'setup_intent.canceled')
  })
}
