import type { Account } from '../account'
import { makeCustomer, makeTaxId } from '../shapes/customers'
import type { Kinds } from '../shapes/kinds'
import { address, description, email, firmName, metadata, personName, phone } from '../texts'
import { cancelNow } from './cancellations'
import { detachPaymentMethod } from './payment-methods'

export function createCustomer(account: Account): Kinds['customer'] {
  const { chance } = account
  const number = chance.below(1_000_000)
  const home = address(number)
  return account.add(
    makeCustomer({
      id: account.id('cus_'),
      created: account.now(),
      address: chance.happens(0.7) ? home : null,
      description: description(number),
      email: chance.happens(0.9) ? email(number) : null,
      metadata: metadata(number),
      name: chance.happens(0.3) ? firmName(number) : personName(number),
      phone: chance.happens(0.3) ? phone(number) : null,
      preferred_locales: chance.happens(0.2) ? ['de', 'en-GB'] : [],
      shipping: chance.happens(0.2) ? { address: home, name: personName(number), phone: null } : null,
      tax_exempt: chance.happens(0.1) ? 'reverse' : 'none',
      ...(chance.happens(0.1) && { business_name: firmName(number) }),
    }),
    'customer.created',
  )
}

/** A new address, text or metadata; sometimes the metadata lose what they had. */
export function updateCustomer(account: Account, id: string): void {
  const { chance } = account
  const number = chance.below(1_000_000)
  const change: Partial<Kinds['customer']> = chance.pick([
    { address: address(number) },
    { name: personName(number), email: email(number) },
    { description: description(number), metadata: metadata(number) },
    { balance: chance.between(-5000, 5000) },
  ])
  account.change('customer', id, change, 'customer.updated')
}

/** Its subscriptions end, its ways to pay are taken off, its tax ids and its discount go with it without a word. */
export function deleteCustomer(account: Account, id: string): void {
  const own = <T extends { customer: string | null }>(objects: T[]) => objects.filter(({ customer }) => customer === id)
  for (const subscription of own(account.all('subscription'))) if (isRunning(subscription)) cancelNow(account, subscription.id)
  for (const method of own(account.all('payment_method'))) detachPaymentMethod(account, method.id)
  for (const card of account.all('card')) if (card.customer === id) account.remove(card.id)
  for (const taxId of own(account.all('tax_id'))) account.remove(taxId.id)
  for (const item of account.below('invoiceitem', id)) if (item.invoice === null) account.remove(item.id, 'invoiceitem.deleted')
  const { discount } = account.get('customer', id)
  if (discount) account.remove(discount.id)
  account.remove(id, 'customer.deleted')
}

export function isRunning({ status }: Kinds['subscription']): boolean {
  return !['canceled', 'incomplete_expired'].includes(status)
}

/** It is verified some hours later. */
export function addTaxId(account: Account, customer: string): void {
  const digits = String(account.chance.between(100_000_000, 999_999_999))
  const { id } = account.add(makeTaxId({ id: account.id('txi_'), created: account.now(), customer, value: `DE${digits}` }), 'customer.tax_id.created')
  account.later(account.now() + 5 * 3600, () => {
    if (!account.find('tax_id', id)) return
    const verification: Kinds['tax_id']['verification'] = { status: 'verified', verified_address: 'Hauptstraße 1, 10115 Berlin', verified_name: 'Teile & Söhne GmbH' }
    account.change('tax_id', id, { verification }, 'customer.tax_id.updated')
  })
}

export function removeTaxId(account: Account, id: string): void {
  account.remove(id, 'customer.tax_id.deleted')
}
