import type { Account } from './account'
import type { Room } from './room'
import { MONTHLY } from './shapes/products'
import { createCoupon, createPromotionCode } from './verbs/coupons'
import { createPaymentLink } from './verbs/checkout'
import { addOldObjects } from './verbs/old-objects'
import { createOddPrices, createPrice, createProduct, updateProduct } from './verbs/products'
import { createFeature, createMeter, createTaxRate } from './verbs/records'

/** What a business has before its first customer. */
export function found(account: Account): Room {
  addOldObjects(account)
  const product = createProduct(account, 'Tribut Æon – Basic').id
  createOddPrices(account, product)
  const plans = [
    createPrice(account, { product, currency: 'eur', unit_amount: 990, recurring: MONTHLY, nickname: 'Basic' }),
    createPrice(account, { product, currency: 'usd', unit_amount: 2900, recurring: MONTHLY, nickname: 'Pro' }),
    createPrice(account, { product, currency: 'jpy', unit_amount: 1980, recurring: MONTHLY, nickname: '月額' }),
    createPrice(account, { product, currency: 'kwd', unit_amount: 12_345, recurring: MONTHLY, nickname: 'Kuwait' }),
    createPrice(account, { product, currency: 'eur', unit_amount: 120, recurring: { ...MONTHLY, interval: 'week' }, nickname: 'Weekly' }),
    createPrice(account, { product, currency: 'eur', unit_amount: 9900, recurring: { ...MONTHLY, interval: 'year' }, nickname: 'Yearly' }),
    createPrice(account, { product, currency: 'usd', unit_amount: 3_000_000_000, recurring: MONTHLY, nickname: 'Enterprise' }),
  ]
  const addOns = Array.from({ length: 14 }, (_, number) => createPrice(account, { product, currency: 'eur', unit_amount: 100 + number * 7, recurring: MONTHLY, nickname: `Add-on ${number + 1}` }))
  const goods = createProduct(account, 'Mug, 0.3 l').id
  const wares = [650, 1200, 19_900].map((amount) => createPrice(account, { product: goods, currency: 'eur', unit_amount: amount, nickname: `Ware ${amount}` }))
  updateProduct(account, goods, { default_price: wares[0]?.id ?? null })
  const taxRate = createTaxRate(account, { country: 'DE', description: 'USt.', effective_percentage: 19, jurisdiction: 'DE', tax_type: 'vat' })
  createTaxRate(account, { active: false, percentage: 8.875, display_name: 'Sales tax', country: 'US', state: 'NY', jurisdiction_level: 'multiple' })
  createMeter(account, 'api_requests')
  createFeature(account, 'Exports')
  coupons(account)
  createPaymentLink(account, wares.map((price) => ({ price, quantity: 1 })))
  createPaymentLink(account, addOns.slice(0, 12).map((price) => ({ price, quantity: 1 })))
  return { account, product, plans, addOns, wares, taxRate }
}

function coupons(account: Account): void {
  const now = account.now()
  const half = createCoupon(account, { id: 'HALF', percent_off: 50, duration: 'once', name: 'Half – ½' })
  createPromotionCode(account, half, { code: 'HALFNOW', max_redemptions: 40 })
  createCoupon(account, { id: 'Sommer 2026', percent_off: 33.33, duration: 'repeating', duration_in_months: 3, redeem_by: now + 100 * 86_400 })
  createCoupon(account, { amount_off: 500, currency: 'eur', duration: 'forever', max_redemptions: 5 })
}
