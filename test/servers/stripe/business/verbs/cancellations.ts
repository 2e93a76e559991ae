import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'

type Reason = NonNullable<NonNullable<Kinds['subscription']['cancellation_details']>['reason']>

/** It ends now. Its schedule, if it has one, is over with it. */
export function cancelNow(account: Account, id: string, reason: Reason = 'cancellation_requested'): void {
  const now = account.now()
  const { schedule, canceled_at: before, latest_invoice: latest } = account.get('subscription', id)
  if (schedule !== null) account.change('subscription_schedule', schedule, { canceled_at: now, current_phase: null, status: 'canceled' }, 'subscription_schedule.canceled')
  const details = { comment: null, feedback: account.chance.pick(['too_expensive', 'unused', null] as const), feedback_option: null, reason }
  account.change('subscription', id, { canceled_at: before ?? now, cancel_at_period_end: false, cancellation_details: details, ended_at: now, status: 'canceled' }, 'customer.subscription.deleted')
  const draft = latest === null ? undefined : account.find('invoice', latest)
  if (draft?.status === 'draft') account.change('invoice', draft.id, { auto_advance: false, automatically_finalizes_at: null }, 'invoice.updated')
}

/** It runs until its period ends; until then some think better of it. */
export function cancelAtPeriodEnd(account: Account, id: string): void {
  const item = account.below('subscription_item', id)[0]
  const details = { comment: 'Zu teuer 😕', feedback: 'too_expensive' as const, feedback_option: null, reason: 'cancellation_requested' as const }
  account.change('subscription', id, { cancel_at: item?.current_period_end ?? null, cancel_at_period_end: true, canceled_at: account.now(), cancellation_details: details }, 'customer.subscription.updated')
  if (!account.chance.happens(0.3)) return
  account.later(account.now() + 2 * DAY, () => {
    const { status, cancel_at_period_end: ends } = account.get('subscription', id)
    if (status === 'canceled' || !ends) return
    const none = { comment: null, feedback: null, feedback_option: null, reason: null }
    account.change('subscription', id, { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details: none }, 'customer.subscription.updated')
  })
}

/** Nothing is collected for some weeks; what is invoiced meanwhile is void. */
export function pauseCollection(account: Account, id: string): void {
  const resumes = account.now() + 40 * DAY
  account.change('subscription', id, { pause_collection: { behavior: account.chance.pick(['void', 'mark_uncollectible'] as const), resumes_at: resumes } }, 'customer.subscription.updated')
  account.later(resumes, () => account.get('subscription', id).status !== 'canceled' && account.change('subscription', id, { pause_collection: null }, 'customer.subscription.updated'))
}

/** The whole subscription rests, and goes on later. */
export function pauseSubscription(account: Account, id: string): void {
  account.change('subscription', id, { status: 'paused' }, 'customer.subscription.paused')
  account.later(account.now() + 20 * DAY, () => account.get('subscription', id).status === 'paused' && account.change('subscription', id, { status: 'active' }, 'customer.subscription.resumed'))
}

/** One item more or less of something. */
export function changeQuantity(account: Account, id: string): void {
  const item = account.below('subscription_item', id).find(({ quantity }) => quantity !== undefined)
  if (!item) return
  account.change('subscription_item', item.id, { quantity: (item.quantity ?? 0) + 1 })
  account.tell('customer.subscription.updated', 'subscription', id, { items: { data: [{ id: item.id, quantity: item.quantity }] } })
}

/** A change that waits for its payment: it is applied once that came, or expires. */
export function changeLater(account: Account, id: string, outcome: 'applied' | 'expired'): void {
  const pending = { billing_cycle_anchor: null, cancel_at_period_end: null, discount: null, discounts: null, expires_at: account.now() + DAY, metadata: null, subscription_items: null, trial_end: null, trial_from_plan: null }
  account.change('subscription', id, { pending_update: pending }, 'customer.subscription.updated')
  account.later(account.now() + DAY, () => {
    const change: Partial<Kinds['subscription']> = outcome === 'applied' ? { description: `Changed at ${account.now()}`, pending_update: null } : { pending_update: null }
    account.change('subscription', id, change, `customer.subscription.pending_update_${outcome}`)
  })
}
