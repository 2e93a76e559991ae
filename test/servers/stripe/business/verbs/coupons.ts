import type { Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeCoupon, makePromotionCode } from '../shapes/products'

type Choice = Partial<Kinds['coupon']>

/** It has the id that the user chose, or one of Stripe's. Without an event it ceases to be valid at `redeem_by`. */
export function createCoupon(account: Account, choice: Choice): Kinds['coupon'] {
  const coupon = account.add(makeCoupon({ id: account.id('').slice(-8), created: account.now(), percent_off: choice.amount_off == null ? 12.5 : null, ...choice }), 'coupon.created')
  const { id, created, redeem_by: redeemBy } = coupon
  if (redeemBy !== null) {
    account.later(redeemBy, () => {
      if (account.find('coupon', id)?.created === created) account.change('coupon', id, { valid: false })
    })
  }
  return coupon
}

/** Codes that lead to it lead nowhere any more. */
export function deleteCoupon(account: Account, id: string): void {
  for (const code of account.all('promotion_code')) {
    if (code.promotion.coupon === id && code.active) account.change('promotion_code', code.id, { active: false }, 'promotion_code.updated')
  }
  account.remove(id, 'coupon.deleted')
}

/** Stripe never lets it outlive its coupon. It ceases to be active when it expires, without an event. */
export function createPromotionCode(account: Account, coupon: Kinds['coupon'], given: Partial<Kinds['promotion_code']>): Kinds['promotion_code'] {
  const promotion = { coupon: coupon.id, type: 'coupon' } as const
  const code = account.add(
    makePromotionCode({ id: account.id('promo_'), created: account.now(), code: account.id('').slice(-8).toUpperCase(), promotion, expires_at: coupon.redeem_by, ...given }),
    'promotion_code.created',
  )
  const { id, expires_at: expiresAt } = code
  if (expiresAt !== null) account.later(expiresAt, () => account.change('promotion_code', id, { active: false }))
  return code
}

export function updatePromotionCode(account: Account, id: string, change: Partial<Kinds['promotion_code']>): void {
  account.change('promotion_code', id, change, 'promotion_code.updated')
}

/** It is counted on the coupon and the code; the event of the discount or of the session is the one that tells it. */
export function redeem(account: Account, coupon: Kinds['coupon'], code: Kinds['promotion_code'] | undefined): void {
  const times = coupon.times_redeemed + 1
  account.change('coupon', coupon.id, { times_redeemed: times, valid: coupon.max_redemptions === null || times < coupon.max_redemptions })
  if (!code) return
  const codeTimes = code.times_redeemed + 1
  account.change('promotion_code', code.id, { times_redeemed: codeTimes, active: code.max_redemptions === null || codeTimes < code.max_redemptions })
}

export interface Redeemable {
  coupon: Kinds['coupon']
  code?: Kinds['promotion_code']
}

/** A coupon that may be redeemed now in this currency, by one of its codes if it has any. */
export function redeemable(account: Account, currency: string): Redeemable | undefined {
  const coupons = account.all('coupon').filter((coupon) => coupon.valid && (coupon.currency === null || coupon.currency === currency))
  const coupon = account.chance.any(coupons)
  if (!coupon) return undefined
  const code = account.chance.any(account.all('promotion_code').filter(({ active, promotion }) => active && promotion.coupon === coupon.id))
  return { coupon, code }
}
