import { DAY, type Account } from '../account'
import { isRunning } from './customers'

export type VanishingKind = 'coupon' | 'customer' | 'invoiceitem' | 'price' | 'product' | 'tax_id'

/**
 * An object is gone, and no event tells it: one that was missed, or that was older than the feed's memory. For tests of the periodic
 * listing alone; nothing in the business does so. It is one that nothing runs on, so that the business goes on as before. Gives its
 * id; undefined where there is none of this kind.
 */
export function silentlyDelete(account: Account, kind: VanishingKind): string | undefined {
  const id = account.chance.any(vanishing(account, kind))
  if (id !== undefined) account.remove(id)
  return id
}

function vanishing(account: Account, kind: VanishingKind): string[] {
  const busy = new Set(account.all('subscription').flatMap((subscription) => (isRunning(subscription) ? [subscription.customer] : [])))
  const sold = new Set(account.all('price').map(({ product }) => product))
  // until then a product of the shop is still being set up
  const isSettled = ({ created }: { created: number }) => created < account.now() - 6 * DAY
  switch (kind) {
    case 'coupon':
      return account.all('coupon').filter(isSettled).map(({ id }) => id)
    case 'customer':
      return account.all('customer').filter(({ id, discount }) => !busy.has(id) && discount == null).map(({ id }) => id)
    case 'invoiceitem':
      return account.all('invoiceitem').filter(({ invoice }) => invoice === null).map(({ id }) => id)
    case 'price':
      return account.all('price').filter((price) => isSettled(price) && !price.active).map(({ id }) => id)
    case 'product':
      return account.all('product').filter((product) => isSettled(product) && !sold.has(product.id)).map(({ id }) => id)
    case 'tax_id':
      return account.all('tax_id').map(({ id }) => id)
  }
}
