import { columnsOf } from '../columns'
import type { StripeEvent, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { idsIn, isRecord, touchedBy } from './touched'

/** A redemption counts on the coupon and on its code, and no event of theirs tells it: those of discounts and of paid sessions do. */
const REDEMPTIONS = ['customer.discount.created', 'customer.discount.updated', 'checkout.session.completed']

export const COUPONS: StripeSchema = {
  name: 'coupons',
  list: { path: '/v1/coupons', object: 'coupon', createdField: 'created' },
  permission: PERMISSIONS.coupons,
  feed: {
    types: ['coupon.created', 'coupon.updated', 'coupon.deleted', ...REDEMPTIONS],
    touched: (event) => [...touchedBy({ coupon: 'id' })(event), ...redeemed(event, 'coupon')],
    deletions: ['coupon.deleted'],
  },
  // It ceases to be valid when its time is over, without an event.
  lookBack: { days: 1, everyHours: 24, settlesAt: ({ valid, redeem_by: redeemBy }) => (valid === true && typeof redeemBy === 'number' ? redeemBy : null) },
  columns: columnsOf('coupons'),
  primaryKey: ['id'],
}

export const PROMOTION_CODES: StripeSchema = {
  name: 'promotion_codes',
  list: { path: '/v1/promotion_codes', object: 'promotion_code', createdField: 'created' },
  permission: PERMISSIONS.promotionCodes,
  feed: {
    types: ['promotion_code.created', 'promotion_code.updated', ...REDEMPTIONS],
    touched: (event) => [...touchedBy({ promotion_code: 'id' })(event), ...redeemed(event, 'promotion_code')],
    deletions: [],
  },
  lookBack: { days: 1, everyHours: 24, settlesAt: ({ active, expires_at: expiresAt }) => (active === true && typeof expiresAt === 'number' ? expiresAt : null) },
  columns: columnsOf('promotion_codes'),
  primaryKey: ['id'],
}

/** What a discount or a session redeemed. A discount names its coupon below `source`, in old versions of the API directly. */
function redeemed({ data: { object } }: StripeEvent, field: 'coupon' | 'promotion_code'): string[] {
  if (object.object === 'discount') return [object[field], isRecord(object.source) ? object.source[field] : null].flatMap(idsIn)
  if (object.object !== 'checkout.session' || !Array.isArray(object.discounts)) return []
  return object.discounts.filter(isRecord).flatMap((discount) => idsIn(discount[field]))
}
