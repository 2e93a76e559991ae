import type { Account } from '../account'
import { cardOf, makePaymentMethod } from '../shapes/customers'
import type { Kinds } from '../shapes/kinds'
import { address, email, personName } from '../texts'

/** The first one becomes the customer's default. */
export function attachPaymentMethod(account: Account, customer: string): Kinds['payment_method'] {
  const { chance } = account
  const number = chance.below(1_000_000)
  const billing = { address: address(number), email: email(number), name: personName(number), phone: null, tax_id: null }
  const { id } = account.add(
    makePaymentMethod({
      id: account.id('pm_'),
      created: account.now(),
      billing_details: billing,
      ...(chance.happens(0.9) ? { card: cardOf(number) } : { type: 'sepa_debit', sepa_debit: debitOf(number) }),
    }),
  )
  const method = account.change('payment_method', id, { customer }, 'payment_method.attached')
  const { invoice_settings: settings } = account.get('customer', customer)
  if (settings.default_payment_method === null) account.change('customer', customer, { invoice_settings: { ...settings, default_payment_method: id } }, 'customer.updated')
  return method
}

function debitOf(number: number): NonNullable<Kinds['payment_method']['sepa_debit']> {
  return { bank_code: '37040044', branch_code: '', country: 'DE', fingerprint: `sepa${number}`, generated_from: null, last4: String(number % 10_000).padStart(4, '0') }
}

/** The bank sent a new card, or the holder changed the address. */
export function updatePaymentMethod(account: Account, id: string): void {
  const method = account.get('payment_method', id)
  if (method.card && account.chance.happens(0.5)) {
    account.change('payment_method', id, { card: { ...method.card, exp_year: method.card.exp_year + 3 } }, 'payment_method.automatically_updated')
    return
  }
  account.change('payment_method', id, { billing_details: { ...method.billing_details, address: address(account.chance.below(1000)) } }, 'payment_method.updated')
}

/** It is in no list of Stripe's any more; what was paid with it still names it. */
export function detachPaymentMethod(account: Account, id: string): void {
  const { customer: owner } = account.get('payment_method', id)
  account.change('payment_method', id, { customer: null }, 'payment_method.detached')
  const customer = owner === null ? undefined : account.find('customer', owner)
  if (customer?.invoice_settings.default_payment_method !== id) return
  account.change('customer', customer.id, { invoice_settings: { ...customer.invoice_settings, default_payment_method: null } }, 'customer.updated')
}

/** How this customer pays: the default, or a new one. */
export function paymentMethodOf(account: Account, customer: string): Kinds['payment_method'] {
  const { default_payment_method: id } = account.get('customer', customer).invoice_settings
  return (id === null ? undefined : account.find('payment_method', id)) ?? attachPaymentMethod(account, customer)
}
