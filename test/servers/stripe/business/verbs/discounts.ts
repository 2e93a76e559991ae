import type { Account } from '../account'
import { makeDiscount } from '../shapes/customers'
import type { Kinds } from '../shapes/kinds'
import { redeem, type Redeemable } from './coupons'

const MONTH = 30 * 86_400

function discountOf(account: Account, { coupon, code }: Redeemable, given: Partial<Kinds['discount']>): Kinds['discount'] {
  const start = account.now()
  const end = coupon.duration === 'repeating' && coupon.duration_in_months !== null ? start + coupon.duration_in_months * MONTH : null
  return makeDiscount({ id: account.id('di_'), start, end, source: { coupon: coupon.id, type: 'coupon' }, promotion_code: code?.id ?? null, ...given })
}

/** A discount of everything that the customer is invoiced; the one before makes way. */
export function discountCustomer(account: Account, customer: string, redeemed: Redeemable): void {
  dropCustomerDiscount(account, customer)
  const discount = discountOf(account, redeemed, { customer })
  redeem(account, redeemed.coupon, redeemed.code)
  account.change('customer', customer, { discount })
  account.add(discount, 'customer.discount.created')
  if (discount.end !== null) account.later(discount.end, () => account.find('customer', customer)?.discount?.id === discount.id && dropCustomerDiscount(account, customer))
}

export function dropCustomerDiscount(account: Account, customer: string): void {
  const { discount } = account.get('customer', customer)
  if (!discount) return
  account.change('customer', customer, { discount: null })
  account.remove(discount.id, 'customer.discount.deleted')
}

/** A discount of one subscription. */
export function discountSubscription(account: Account, subscription: string, redeemed: Redeemable): void {
  const { customer, discounts } = account.get('subscription', subscription)
  const discount = discountOf(account, redeemed, { customer, subscription })
  redeem(account, redeemed.coupon, redeemed.code)
  account.change('subscription', subscription, { discounts: [...discounts, discount.id] })
  account.add(discount, 'customer.discount.created')
  if (discount.end !== null) account.later(discount.end, () => dropSubscriptionDiscount(account, discount.id))
}

/** An ended one stays with a subscription that was cancelled before. */
export function dropSubscriptionDiscount(account: Account, id: string): void {
  const discount = account.find('discount', id)
  const subscription = discount?.subscription == null ? undefined : account.find('subscription', discount.subscription)
  if (!subscription || subscription.status === 'canceled') return
  account.change('subscription', subscription.id, { discounts: subscription.discounts.filter((other) => other !== id) })
  account.remove(id, 'customer.discount.deleted')
}

/** The discounts that lessen an invoice: those of the subscription, otherwise the customer's. */
export function discountsFor(account: Account, customer: string, subscription: string | null): Kinds['discount'][] {
  const ids = subscription === null ? [] : account.get('subscription', subscription).discounts
  const own = ids.flatMap((id) => account.find('discount', id) ?? [])
  if (own.length > 0) return own
  return [account.get('customer', customer).discount ?? []].flat()
}

/** The same discount, of another coupon. */
export function swapCoupon(account: Account, id: string, { coupon, code }: Redeemable): void {
  if (account.get('discount', id).source.coupon === coupon.id) return
  const source = { coupon: coupon.id, type: 'coupon' as const }
  redeem(account, coupon, code)
  const previous = account.store.update(id, { source, promotion_code: code?.id ?? null })
  const { customer, subscription } = account.get('discount', id)
  if (subscription === null && customer !== null) account.change('customer', customer, { discount: account.get('discount', id) })
  account.tell('customer.discount.updated', 'discount', id, previous)
}
