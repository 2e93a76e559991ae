import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'

/** A card kept in the old way, as a source of the customer: it is changed, and taken away. */
export function keepCard(account: Account, customer: string): void {
  const id = account.id('card_')
  account.add(makeCard(id, customer), 'customer.source.created')
  setDefault(account, customer, null, id)
  account.later(account.now() + 9 * DAY, () => account.find('customer', customer) && account.change('card', id, { exp_year: 2035, name: 'Gülşen Öztürk' }, 'customer.source.updated'))
  account.later(account.now() + 20 * DAY, () => {
    if (!account.find('customer', customer)) return
    setDefault(account, customer, id, null)
    account.remove(id, 'customer.source.deleted')
  })
}

function setDefault(account: Account, customer: string, from: string | null, to: string | null): void {
  if (account.get('customer', customer).default_source === from) account.change('customer', customer, { default_source: to }, 'customer.updated')
}

function makeCard(id: string, customer: string): Kinds['card'] & { object: 'card' } {
  return {
    id,
    object: 'card',
    address_city: null,
    address_country: null,
    address_line1: null,
    address_line1_check: null,
    address_line2: null,
    address_state: null,
    address_zip: null,
    address_zip_check: null,
    brand: 'Visa',
    country: 'US',
    customer,
    cvc_check: 'pass',
    dynamic_last4: null,
    exp_month: 8,
    exp_year: 2030,
    fingerprint: 'fp0Card',
    funding: 'credit',
    last4: '4242',
    metadata: {},
    name: null,
    regulated_status: null,
    tokenization_method: null,
  }
}
