import { given, someCustomer, type Room } from './room'
import type { Ritual } from './rituals'
import { MONTHLY } from './shapes/products'
import { metadata } from './texts'
import { createPaymentLink, openSession, updatePaymentLink } from './verbs/checkout'
import { createCoupon, createPromotionCode, deleteCoupon, redeemable, updatePromotionCode } from './verbs/coupons'
import { createPrice, createProduct, deletePlan, deleteProduct, updatePrice, updateProduct } from './verbs/products'
import { archiveFeature, createFeature, createMeter, createTaxRate, updateTaxRate, uploadFile } from './verbs/records'

/** What the shop does besides its subscriptions. */
export const SHOP_RITUALS: Ritual[] = [
  { every: 2, first: 1, doing: (room) => shop(room, 'completes') },
  { every: 3, first: 2, doing: (room) => shop(room, 'expires') },
  { every: 16, first: 5, doing: (room) => shop(room, 'pays later') },
  { every: 2, first: 2, doing: ({ account }) => uploadFile(account) },
  { every: 27, first: 10, doing: ({ account, wares }) => void createPaymentLink(account, wares.slice(0, 1).map((price) => ({ price, quantity: 2 }))) },
  { every: 33, first: 18, doing: ({ account }) => given(account.chance.any(account.all('payment_link')), ({ id, active }) => updatePaymentLink(account, id, { active: !active })) },
  { every: 30, first: 3, doing: ({ account }) => createFeature(account, 'SSO – für alle') },
  { every: 41, first: 25, doing: ({ account }) => given(account.chance.any(account.all('entitlements.feature')), ({ id }) => archiveFeature(account, id)) },
  { every: 60, first: 30, doing: ({ account }) => createMeter(account, `event_${account.now()}`) },
  { every: 50, first: 20, doing: ({ account }) => void createTaxRate(account, { percentage: account.chance.between(1, 25), inclusive: true }) },
  { every: 45, first: 22, doing: ({ account }) => given(account.chance.any(account.all('tax_rate')), ({ id, active }) => updateTaxRate(account, id, { active: !active })) },
  { every: 8, first: 3, doing: changeCoupons },
  { every: 10, first: 6, doing: changeProducts },
]

function shop(room: Room, outcome: 'completes' | 'expires' | 'pays later'): void {
  const { account, wares, addOns } = room
  const { chance } = account
  const cart = chance.happens(0.2) ? addOns.slice(0, 12) : [chance.pick(wares)]
  const redeemed = chance.happens(0.5) ? redeemable(account, 'eur') : undefined
  const link = account.chance.happens(0.3) ? account.chance.any(account.all('payment_link'))?.id : undefined
  given(someCustomer(room), ({ id }) => openSession(account, { customer: id, cart: cart.map((price) => ({ price, quantity: chance.between(1, 4) })), redeemed, link }, outcome))
}

const CHOSEN = 'AGAIN'

/** A coupon with a chosen id comes, goes, and comes again as another one. */
function changeCoupons({ account }: Room): void {
  const { chance } = account
  if (account.find('coupon', CHOSEN)) deleteCoupon(account, CHOSEN)
  else createPromotionCode(account, createCoupon(account, { id: CHOSEN, percent_off: chance.between(1, 99), name: `Of ${account.now()}`, duration: 'repeating', duration_in_months: 2 }), { max_redemptions: 3 })
  if (chance.happens(0.4)) createCoupon(account, { amount_off: 250, currency: 'eur', redeem_by: account.now() + chance.between(5, 90) * 86_400, metadata: metadata(account.now()) })
  const half = account.find('coupon', 'HALF')
  if (half && chance.happens(0.5)) createPromotionCode(account, half, { expires_at: account.now() + 20 * 86_400, restrictions: { first_time_transaction: true, minimum_amount: 500, minimum_amount_currency: 'eur' } })
  given(chance.any(account.all('promotion_code')), ({ id }) => updatePromotionCode(account, id, { metadata: { touched: String(account.now()) } }))
  given(chance.any(account.all('coupon')), ({ id }) => account.change('coupon', id, { name: `Renamed ${account.now()}` }, 'coupon.updated'))
}

/** A product comes with two prices; one of them rests, the other goes, and the product without prices goes too. */
function changeProducts({ account }: Room): void {
  const { id } = createProduct(account, `Product of ${account.now()}`)
  const empty = createProduct(account, 'A mistake')
  const resting = createPrice(account, { product: id, currency: 'eur', unit_amount: 500, recurring: MONTHLY })
  const going = createPrice(account, { product: id, currency: 'kwd', unit_amount: 1500, recurring: MONTHLY })
  const now = account.now()
  account.later(now + 2 * 86_400, () => updateProduct(account, id, { default_price: resting.id, metadata: { seen: 'yes' } }))
  account.later(now + 3 * 86_400, () => updatePrice(account, resting.id, { active: false, nickname: 'Resting' }))
  account.later(now + 4 * 86_400, () => deletePlan(account, going.id))
  account.later(now + 5 * 86_400, () => deleteProduct(account, empty.id))
}
