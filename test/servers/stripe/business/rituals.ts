import { arrive, subscribeSomehow } from './arrivals'
import { given, someCharge, someCustomer, someSubscription, type Room } from './room'
import { keepCard } from './verbs/cards'
import { cancelAtPeriodEnd, cancelNow, changeLater, changeQuantity, pauseCollection, pauseSubscription } from './verbs/cancellations'
import { earnFee, transfer } from './verbs/connect'
import { credit } from './verbs/credit-notes'
import { addTaxId, deleteCustomer, removeTaxId, updateCustomer } from './verbs/customers'
import { redeemable } from './verbs/coupons'
import { discountCustomer, dropCustomerDiscount, dropSubscriptionDiscount, swapCoupon } from './verbs/discounts'
import { debit } from './verbs/debits'
import { dispute } from './verbs/disputes'
import { openReview, warn } from './verbs/fraud'
import { setUp, wander } from './verbs/intents'
import { addItem, deleteItem, draftPending, editItem, sendPending } from './verbs/invoice-items'
import { deleteDraft } from './verbs/invoices'
import { attachPaymentMethod, detachPaymentMethod, paymentMethodOf, updatePaymentMethod } from './verbs/payment-methods'
import { authorize, describeCharge } from './verbs/payments'
import { payOut } from './verbs/payouts'
import { draftQuote } from './verbs/quotes'
import { refund } from './verbs/refunds'
import { schedule } from './verbs/schedules'
import { topUp } from './verbs/topups'

/** What is done every so many days, the first time on the day with this number. */
export interface Ritual {
  every: number
  first: number
  doing: (room: Room) => void
}

export const CUSTOMER_RITUALS: Ritual[] = [
  { every: 1, first: 1, doing: (room) => given(someCustomer(room), ({ id }) => updateCustomer(room.account, id)) },
  { every: 3, first: 2, doing: (room) => given(someCustomer(room), ({ id }) => attachPaymentMethod(room.account, id)) },
  { every: 4, first: 1, doing: ({ account }) => given(account.chance.any(account.all('payment_method').filter(({ customer }) => customer !== null)), ({ id }) => updatePaymentMethod(account, id)) },
  { every: 9, first: 6, doing: ({ account }) => given(account.chance.any(account.all('payment_method').filter(({ customer }) => customer !== null)), ({ id }) => detachPaymentMethod(account, id)) },
  { every: 10, first: 3, doing: (room) => given(someCustomer(room), ({ id }) => addTaxId(room.account, id)) },
  { every: 17, first: 8, doing: ({ account }) => given(account.chance.any(account.all('tax_id')), ({ id }) => removeTaxId(account, id)) },
  { every: 11, first: 4, doing: (room) => given(someCustomer(room), ({ id }) => given(redeemable(room.account, 'eur'), (redeemed) => discountCustomer(room.account, id, redeemed))) },
  { every: 29, first: 20, doing: ({ account }) => given(account.chance.any(account.all('customer').filter(({ discount }) => discount != null)), ({ id }) => dropCustomerDiscount(account, id)) },
  { every: 22, first: 17, doing: (room) => given(room.account.chance.any(room.account.all('discount').filter(stands(room))), ({ id }) => given(redeemable(room.account, 'eur'), (redeemed) => swapCoupon(room.account, id, redeemed))) },
  { every: 16, first: 4, doing: (room) => given(someCustomer(room), ({ id }) => keepCard(room.account, id)) },
  { every: 26, first: 12, doing: ({ account }) => given(account.chance.any(account.all('discount').filter(({ subscription }) => subscription !== null)), ({ id }) => dropSubscriptionDiscount(account, id)) },
  { every: 21, first: 15, doing: (room) => given(room.account.all('customer').length > 4 ? someCustomer(room) : undefined, ({ id }) => deleteCustomer(room.account, id)) },
]

export const SUBSCRIPTION_RITUALS: Ritual[] = [
  { every: 5, first: 2, doing: (room) => given(someSubscription(room), ({ id }) => changeQuantity(room.account, id)) },
  { every: 6, first: 3, doing: (room) => given(someCustomer(room), ({ id }) => subscribeSomehow(room, id)) },
  { every: 13, first: 9, doing: (room) => given(someSubscription(room, ({ status }) => status === 'active'), ({ id }) => cancelNow(room.account, id)) },
  { every: 10, first: 5, doing: (room) => given(someSubscription(room, ({ status, cancel_at_period_end: ends }) => status === 'active' && !ends), ({ id }) => cancelAtPeriodEnd(room.account, id)) },
  ...(['applied', 'expired'] as const).map((outcome, at) => ({ every: 34, first: 6 + at * 17, doing: (room: Room) => given(someSubscription(room), ({ id }) => changeLater(room.account, id, outcome)) })),
  { every: 37, first: 14, doing: (room) => given(someSubscription(room, ({ status }) => status === 'active'), ({ id }) => pauseSubscription(room.account, id)) },
  { every: 31, first: 16, doing: (room) => given(someSubscription(room, ({ pause_collection: pause }) => pause === null), ({ id }) => pauseCollection(room.account, id)) },
  ...(['release', 'cancel', 'let go', 'abort'] as const).map((end, at) => ({ every: 40, first: 7 + at * 10, doing: (room: Room) => scheduleSome(room, end) })),
  { every: 12, first: 6, doing: (room) => quoteSome(room, 'accepted') },
  { every: 23, first: 11, doing: (room) => quoteSome(room, 'canceled') },
]

export const INVOICE_RITUALS: Ritual[] = [
  { every: 1, first: 1, doing: (room) => given(someSubscription(room), ({ customer, currency }) => addItem(room.account, customer, currency)) },
  { every: 3, first: 3, doing: (room) => given(somePending(room), ({ id }) => editItem(room.account, id)) },
  { every: 14, first: 10, doing: (room) => given(somePending(room), ({ id }) => deleteItem(room.account, id)) },
  { every: 8, first: 5, doing: (room) => given(someCustomer(room), ({ id }) => billManyThings(room, id)) },
  { every: 19, first: 13, doing: (room) => given(somePending(room), ({ customer, currency }) => deleteDraft(room.account, draftPending(room.account, customer, currency).id)) },
  { every: 9, first: 7, doing: ({ account }) => given(account.chance.any(account.all('invoice').filter(({ status, customer }) => status === 'open' && customer !== null && account.find('customer', customer))), ({ id }) => credit(account, id)) },
  { every: 7, first: 8, doing: ({ account }) => given(account.chance.any(account.all('invoice').filter(({ status, total, customer }) => status === 'paid' && total > 1000 && customer !== null && account.find('customer', customer))), ({ id }) => credit(account, id)) },
]

export const PAYMENT_RITUALS: Ritual[] = [
  { every: 4, first: 4, doing: (room) => given(someCharge(room), ({ id, amount }) => refund(room.account, id, amount, 'succeeds')) },
  { every: 5, first: 4, doing: (room) => given(someCharge(room, ({ amount }) => amount > 10), ({ id, amount }) => refundInParts(room, id, amount)) },
  { every: 22, first: 12, doing: (room) => given(someCharge(room), ({ id, amount }) => refund(room.account, id, Math.ceil(amount / 2), 'fails')) },
  { every: 15, first: 9, doing: (room) => given(someCharge(room), ({ id }) => dispute(room.account, id, room.account.chance.pick(['won', 'lost']))) },
  { every: 12, first: 5, doing: (room) => given(someCharge(room), ({ id }) => openReview(room.account, id)) },
  { every: 18, first: 6, doing: (room) => given(someCharge(room), ({ id }) => warn(room.account, id)) },
  { every: 6, first: 2, doing: (room) => given(someCharge(room), ({ id }) => describeCharge(room.account, id)) },
  { every: 7, first: 3, doing: (room) => given(someCustomer(room), ({ id }) => authorize(room.account, id, paymentMethodOf(room.account, id), room.account.chance.between(100, 90_000))) },
  ...(['succeeds', 'fails'] as const).map((outcome, at) => ({ every: 14, first: 2 + at * 7, doing: (room: Room) => given(someCustomer(room), ({ id }) => debit(room.account, id, room.account.chance.between(500, 50_000), outcome)) })),
  { every: 3, first: 1, doing: (room) => given(someCustomer(room), ({ id }) => wander(room.account, id)) },
  { every: 4, first: 2, doing: (room) => given(someCustomer(room), ({ id }) => setUp(room.account, id)) },
]

export const BALANCE_RITUALS: Ritual[] = [
  { every: 1, first: 2, doing: payOutAll },
  { every: 5, first: 3, doing: (room) => given(someCharge(room), ({ id, amount, currency }) => transfer(room.account, { charge: id, amount: Math.ceil(amount / 2), currency }, room.account.chance.pick([0, 1, 12]))) },
  { every: 6, first: 4, doing: (room) => given(someCharge(room), ({ id, currency }) => earnFee(room.account, id, currency, room.account.chance.pick([0, 1, 12]))) },
  ...(['succeeded', 'failed', 'canceled', 'reversed'] as const).map((outcome, at) => ({ every: 44, first: 5 + at * 11, doing: ({ account }: Room) => topUp(account, 3_000_000_000 + at, outcome) })),
]

function scheduleSome(room: Room, end: 'release' | 'cancel' | 'let go' | 'abort'): void {
  const free = someSubscription(room, ({ status, schedule: none, currency, cancel_at_period_end: ends }) => status === 'active' && none === null && currency === 'eur' && !ends)
  const [first, second] = room.addOns
  if (!first || !second) return
  const subscription = free ?? subscribeSomehow(room, arrive(room).id)
  if (subscription.status === 'active') schedule(room.account, subscription, [first.id, second.id], end)
}

function quoteSome(room: Room, outcome: 'accepted' | 'canceled'): void {
  const prices = room.account.chance.happens(0.3) ? room.addOns.slice(0, 12) : room.plans.slice(0, 1)
  given(someCustomer(room), ({ id }) => draftQuote(room.account, id, prices, outcome))
}

/** A discount of a customer, or of a subscription that still runs. */
function stands({ account }: Room) {
  return ({ subscription }: { subscription: string | null }) => subscription === null || account.get('subscription', subscription).status !== 'canceled'
}

/** An item of a customer who is still there; after a month it is left alone. */
function somePending({ account }: Room) {
  const since = account.now() - 28 * 86_400
  return account.chance.any(account.all('invoiceitem').filter(({ invoice, date, customer }) => invoice === null && date > since && account.find('customer', customer)))
}

function billManyThings({ account }: Room, customer: string): void {
  const count = account.chance.pick([1, 3, 14])
  for (let thing = 0; thing < count; thing += 1) addItem(account, customer, 'gbp')
  sendPending(account, customer, 'gbp')
}

/** The first half at once, the second some days later. */
function refundInParts({ account }: Room, charge: string, amount: number): void {
  const half = Math.floor(amount / 2)
  refund(account, charge, half, 'succeeds')
  account.later(account.now() + 2 * 86_400, () => {
    const { amount_refunded: given, disputed } = account.get('charge', charge)
    if (given === half && !disputed) refund(account, charge, amount - half, 'succeeds')
  })
}

/** Everything that is available, currency by currency; some of it comes back. */
function payOutAll({ account }: Room): void {
  const sums = new Map<string, number>()
  for (const { currency, net, status } of account.all('balance_transaction')) if (status === 'available') sums.set(currency, (sums.get(currency) ?? 0) + net)
  for (const [currency, sum] of sums) if (sum > 1000) payOut(account, currency, sum, account.chance.pick(['paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'failed', 'canceled']))
}
