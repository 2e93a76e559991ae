import type { Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makePrice, makeProduct, MONTHLY, planOf } from '../shapes/products'
import { description, metadata } from '../texts'

export function createProduct(account: Account, name: string): Kinds['product'] {
  const number = account.chance.below(1_000_000)
  return account.add(
    makeProduct({
      id: account.id('prod_'),
      created: account.now(),
      name,
      description: description(number),
      images: account.chance.happens(0.3) ? ['https://shop.emulated.example/picture.png'] : [],
      marketing_features: account.chance.happens(0.3) ? [{ name: 'Unlimited ünïcödé' }] : [],
      metadata: metadata(number),
      shippable: account.chance.happens(0.3) ? true : null,
      unit_label: account.chance.happens(0.3) ? 'seat' : null,
    }),
    'product.created',
  )
}

/** A plan has an id of its own, as the store keeps one object by an id; at Stripe it has that of its price. */
export function planIdOf(price: string): string {
  return price.replace('price_', 'plan_')
}

type Priced = Pick<Kinds['price'], 'product' | 'currency' | 'unit_amount'> & Partial<Kinds['price']>

/** One that recurs is a plan too. */
export function createPrice(account: Account, given: Priced): Kinds['price'] {
  const made = makePrice({ id: account.id('price_'), created: account.now(), metadata: metadata(account.chance.below(1000)), ...given })
  const price = account.add(made, 'price.created')
  if (price.recurring) account.add({ ...planOf(price), object: 'plan', id: planIdOf(price.id) }, 'plan.created')
  return price
}

/** Prices of every odd kind: without minor units, with three, of fractions of a cent, beyond 32 bits, in tiers, of any amount. */
export function createOddPrices(account: Account, product: string): Kinds['price'][] {
  const metered = { ...MONTHLY, usage_type: 'metered' as const }
  const tiers = [
    { flat_amount: 500, flat_amount_decimal: '500', unit_amount: null, unit_amount_decimal: '0.000000000001', up_to: 100 },
    { flat_amount: null, flat_amount_decimal: null, unit_amount: 3, unit_amount_decimal: '3', up_to: null },
  ]
  const odd: Omit<Priced, 'product'>[] = [
    { currency: 'jpy', unit_amount: 1980, recurring: MONTHLY, nickname: '月額' },
    { currency: 'kwd', unit_amount: 12_345, recurring: MONTHLY, lookup_key: 'kwd_monthly' },
    { currency: 'usd', unit_amount: null, unit_amount_decimal: '0.123456789012', recurring: metered },
    { currency: 'eur', unit_amount: 3_000_000_000, nickname: 'Beyond 32 bits' },
    { currency: 'usd', unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered', tiers_mode: 'graduated', tiers, recurring: metered },
    { currency: 'gbp', unit_amount: null, unit_amount_decimal: null, custom_unit_amount: { maximum: 100_000, minimum: 50, preset: null } },
    { currency: 'eur', unit_amount: 700, transform_quantity: { divide_by: 12, round: 'up' }, tax_behavior: 'inclusive', recurring: { ...MONTHLY, interval: 'year', trial_period_days: 30 } },
  ]
  return odd.map((price) => createPrice(account, { product, ...price }))
}

export function updatePrice(account: Account, id: string, change: Partial<Kinds['price']>): void {
  const price = account.change('price', id, change, 'price.updated')
  if (!price.recurring) return
  const { active, nickname, metadata } = price
  account.change('plan', planIdOf(id), { active, nickname, metadata }, 'plan.updated')
}

export function updateProduct(account: Account, id: string, change: Partial<Kinds['product']>): void {
  account.change('product', id, { ...change, updated: account.now() }, 'product.updated')
}

/** Its price goes with it. */
export function deletePlan(account: Account, price: string): void {
  account.remove(planIdOf(price), 'plan.deleted')
  account.remove(price, 'price.deleted')
}

/** Only one without prices can be deleted. */
export function deleteProduct(account: Account, id: string): void {
  if (account.all('price').some(({ product }) => product === id)) throw new Error(`${id} has prices: Stripe does not delete it`)
  account.remove(id, 'product.deleted')
}
