import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makePhase, makeSchedule } from '../shapes/subscriptions'

/** A running subscription gets a plan for later: two phases, after which it goes on by itself, ends, or is let go before. */
export function schedule(account: Account, subscription: Kinds['subscription'], prices: [string, string], end: 'release' | 'cancel' | 'let go' | 'abort'): void {
  const now = account.now()
  const { currency, customer } = subscription
  const [first, second] = [now + 20 * DAY, now + 40 * DAY]
  const phases = [makePhase(prices[0], currency, now, first), makePhase(prices[1], currency, first, second)]
  const { id } = account.add(
    makeSchedule({ id: account.id('sub_sched_'), created: now, customer, current_phase: { start_date: now, end_date: first }, end_behavior: end === 'cancel' ? 'cancel' : 'release', phases, status: 'active', subscription: subscription.id }),
    'subscription_schedule.created',
  )
  account.change('subscription', subscription.id, { schedule: id }, 'customer.subscription.updated')
  account.later(first - 7 * DAY, () => isActive(account, id) && account.tell('subscription_schedule.expiring', 'subscription_schedule', id))
  if (end === 'let go' || end === 'abort') account.later(now + 10 * DAY, () => isActive(account, id) && letGo(account, id, end))
  account.later(first, () => isActive(account, id) && enterPhase(account, id, { start_date: first, end_date: second }))
  account.later(second, () => isActive(account, id) && complete(account, id))
}

function isActive(account: Account, id: string): boolean {
  return account.get('subscription_schedule', id).status === 'active'
}

function enterPhase(account: Account, id: string, phase: { start_date: number; end_date: number }): void {
  account.change('subscription_schedule', id, { current_phase: phase }, 'subscription_schedule.updated')
  const { subscription } = account.get('subscription_schedule', id)
  if (subscription !== null) account.change('subscription', subscription, { metadata: { phase: 'second' } }, 'customer.subscription.updated')
}

/** The subscription goes on without it. */
function letGo(account: Account, id: string, end: 'let go' | 'abort'): void {
  const { subscription } = account.get('subscription_schedule', id)
  if (subscription !== null) account.change('subscription', subscription, { schedule: null }, 'customer.subscription.updated')
  const change: Partial<Kinds['subscription_schedule']> = end === 'abort' ? { canceled_at: account.now(), status: 'canceled' } : { released_at: account.now(), released_subscription: subscription, status: 'released' }
  account.change('subscription_schedule', id, { ...change, current_phase: null, subscription: null }, end === 'abort' ? 'subscription_schedule.aborted' : 'subscription_schedule.released')
}

function complete(account: Account, id: string): void {
  const { end_behavior: behavior, subscription } = account.get('subscription_schedule', id)
  if (behavior !== 'cancel' || subscription === null) return letGo(account, id, 'let go')
  account.change('subscription_schedule', id, { completed_at: account.now(), current_phase: null, status: 'completed' }, 'subscription_schedule.completed')
  const now = account.now()
  account.change('subscription', subscription, { canceled_at: now, ended_at: now, status: 'canceled' }, 'customer.subscription.deleted')
}
