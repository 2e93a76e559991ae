import { DAY, HOUR, type Account } from '../account'
import { makeCheckoutSession, makeLineItem, makePaymentLink } from '../shapes/checkout'
import type { Kinds } from '../shapes/kinds'
import { metadata } from '../texts'
import { redeem, type Redeemable } from './coupons'
import { openIntent, payIntent } from './payments'
import { paymentMethodOf } from './payment-methods'

type Cart = { price: Kinds['price']; quantity: number }[]

interface Opened {
  customer: string
  cart: Cart
  redeemed?: Redeemable
  link?: string
}

/** No event tells that it was opened. It is completed within hours, or expires after a day. */
export function openSession(account: Account, { customer, cart, redeemed, link }: Opened, outcome: 'completes' | 'expires' | 'pays later'): void {
  const now = account.now()
  const id = account.id('cs_live_')
  const currency = cart[0]?.price.currency ?? 'eur'
  const subtotal = addLines(account, cart, { checkout_session: id })
  const off = redeemed ? Math.floor((subtotal * (redeemed.coupon.percent_off ?? 0)) / 100) : 0
  account.add(
    makeCheckoutSession({
      id,
      created: now,
      mode: 'payment',
      expires_at: now + DAY,
      amount_subtotal: subtotal,
      amount_total: subtotal - off,
      currency,
      customer,
      discounts: redeemed ? [{ coupon: redeemed.coupon.id, promotion_code: redeemed.code?.id ?? null }] : [],
      metadata: metadata(account.chance.below(1_000_000)),
      payment_link: link ?? null,
      total_details: { amount_discount: off, amount_shipping: 0, amount_tax: 0 },
    }),
  )
  if (outcome === 'expires') account.later(now + DAY, () => account.change('checkout.session', id, { status: 'expired', url: null }, 'checkout.session.expired'))
  else account.later(now + account.chance.between(1, 20) * HOUR, () => complete(account, id, { redeemed, paysLater: outcome === 'pays later' }))
}

/** Lines of what is to be bought; gives what they add up to. */
export function addLines(account: Account, cart: Cart, parent: { checkout_session?: string; payment_link?: string; quote?: string }): number {
  return cart.reduce((sum, { price, quantity }) => {
    const amount = (price.unit_amount ?? 0) * quantity
    account.add({ ...makeLineItem({ id: account.id('li_'), currency: price.currency, amount_total: amount, price, quantity, description: price.nickname ?? 'Thing' }), object: 'item', ...parent })
    return sum + amount
  }, 0)
}

/** A debit is only told to have succeeded, or not, days later. */
function complete(account: Account, id: string, { redeemed, paysLater }: { redeemed: Redeemable | undefined; paysLater: boolean }): void {
  const { customer, amount_total: total, currency } = account.get('checkout.session', id)
  if (customer === null || !account.find('customer', customer)) return
  const buyer = account.get('customer', customer)
  const details = { address: buyer.address ?? null, business_name: null, email: buyer.email, individual_name: null, name: buyer.name ?? null, phone: null, tax_exempt: 'none', tax_ids: [] } as const
  if (redeemed) redeemAgain(account, redeemed)
  const done: Partial<Kinds['checkout.session']> = { customer_details: { ...details, tax_ids: [] }, status: 'complete', url: null }
  if (total === null || total === 0) {
    account.change('checkout.session', id, { ...done, payment_status: 'no_payment_required' }, 'checkout.session.completed')
    return
  }
  const intent = openIntent(account, { amount: total, currency: currency ?? 'eur', customer })
  const pay = (outcome: 'succeeds' | 'fails') => payIntent(account, intent.id, paymentMethodOf(account, customer), outcome)
  if (!paysLater) {
    pay('succeeds')
    account.change('checkout.session', id, { ...done, payment_intent: intent.id, payment_status: 'paid' }, 'checkout.session.completed')
    return
  }
  account.change('payment_intent', intent.id, { status: 'processing' }, 'payment_intent.processing')
  account.change('checkout.session', id, { ...done, payment_intent: intent.id }, 'checkout.session.completed')
  const outcome = account.chance.pick(['succeeds', 'fails'] as const)
  account.later(account.now() + 3 * DAY, () => {
    if (!account.find('customer', customer)) return
    pay(outcome)
    if (outcome === 'succeeds') account.change('checkout.session', id, { payment_status: 'paid' }, 'checkout.session.async_payment_succeeded')
    else account.tell('checkout.session.async_payment_failed', 'checkout.session', id)
  })
}

/** The coupon may have been deleted or used up since the session was opened. */
function redeemAgain(account: Account, { coupon, code }: Redeemable): void {
  const [now, nowCode] = [account.find('coupon', coupon.id), code && account.find('promotion_code', code.id)]
  if (now) redeem(account, now, nowCode)
}

export function createPaymentLink(account: Account, cart: Cart): Kinds['payment_link'] {
  const id = account.id('plink_')
  addLines(account, cart, { payment_link: id })
  return account.add(makePaymentLink({ id, currency: cart[0]?.price.currency ?? 'eur', metadata: metadata(account.chance.below(1000)) }), 'payment_link.created')
}

export function updatePaymentLink(account: Account, id: string, change: Partial<Kinds['payment_link']>): void {
  account.change('payment_link', id, change, 'payment_link.updated')
}
