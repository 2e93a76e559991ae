import type { Room } from './room'
import type { Kinds } from './shapes/kinds'
import { redeemable } from './verbs/coupons'
import { addTaxId, createCustomer } from './verbs/customers'
import { attachPaymentMethod } from './verbs/payment-methods'
import { subscribe } from './verbs/subscribe'

/** Somebody new comes; most of them subscribe at once. */
export function arrive(room: Room): Kinds['customer'] {
  const { account } = room
  const { chance } = account
  const { id } = createCustomer(account)
  attachPaymentMethod(account, id)
  if (chance.happens(0.3)) addTaxId(account, id)
  if (chance.happens(0.8)) subscribeSomehow(room, id)
  return account.get('customer', id)
}

/** To one of the plans; some try it first, some get a discount, some pay taxes, some take a dozen things more. */
export function subscribeSomehow({ account, plans, addOns, taxRate }: Room, customer: string): Kinds['subscription'] {
  const { chance } = account
  const plan = chance.pick(plans.filter(({ active }) => active))
  const isMonthly = plan.currency === 'eur' && plan.recurring?.interval === 'month'
  const more = isMonthly ? addOns.slice(0, chance.pick([0, 0, 1, 2, 12])) : []
  return subscribe(account, customer, {
    prices: [plan, ...more],
    ...(chance.happens(0.25) && { trialDays: 14 }),
    ...(chance.happens(0.3) && { discount: redeemable(account, plan.currency) }),
    ...(chance.happens(0.3) && { taxRate }),
    outcome: chance.happens(0.95) ? 'succeeds' : 'fails',
  })
}
