import type { Account } from './account'
import type { Kinds } from './shapes/kinds'
import { isRunning } from './verbs/customers'
import { refundableOf } from './verbs/refunds'

/** What the business sells, and the account that it runs on. */
export interface Room {
  account: Account
  /** Products, the first of which has all of the prices. */
  product: string
  plans: Kinds['price'][]
  addOns: Kinds['price'][]
  wares: Kinds['price'][]
  taxRate: Kinds['tax_rate']
}

/** Somebody, or something, by chance; undefined where there is none. */
export function someCustomer({ account }: Room): Kinds['customer'] | undefined {
  return account.chance.any(account.all('customer'))
}

export function someSubscription({ account }: Room, fits: (subscription: Kinds['subscription']) => boolean = () => true): Kinds['subscription'] | undefined {
  return account.chance.any(account.all('subscription').filter((subscription) => isRunning(subscription) && fits(subscription)))
}

/** A paid charge of the last weeks of which nothing was given back. */
export function someCharge({ account }: Room, fits: (charge: Kinds['charge']) => boolean = () => true): Kinds['charge'] | undefined {
  const since = account.now() - 60 * 86_400
  const exists = ({ customer }: Kinds['charge']) => customer === null || account.find('customer', customer) !== undefined
  return account.chance.any(account.all('charge').filter((charge) => charge.created > since && refundableOf(charge) === charge.amount && exists(charge) && fits(charge)))
}

/** Does it with what there is, or not at all. */
export function given<T>(found: T | undefined, doing: (found: T) => unknown): void {
  if (found !== undefined) doing(found)
}
