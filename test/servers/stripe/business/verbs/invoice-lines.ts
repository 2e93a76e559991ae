import type { Account } from '../account'
import { makeInvoiceLine } from '../shapes/invoices'
import type { Kinds } from '../shapes/kinds'

type Taxes = NonNullable<Kinds['line_item']['taxes']>

function taxesOn(taxable: number, rates: Kinds['tax_rate'][]): Taxes {
  return rates.map(({ id, percentage }) => ({
    amount: Math.round((taxable * percentage) / 100),
    tax_behavior: 'exclusive',
    tax_rate_details: { tax_rate: id },
    taxability_reason: 'standard_rated',
    taxable_amount: taxable,
    type: 'tax_rate_details',
  }))
}

/** How the lines of one invoice are reckoned: what is taken off, and what is laid on. */
export interface Reckoning {
  discounts: Kinds['discount'][]
  rates: Kinds['tax_rate'][]
  /** What is left of discounts of a fixed amount, which are taken off once. */
  left: Map<string, number>
}

export function startReckoning(account: Account, discounts: Kinds['discount'][], rates: Kinds['tax_rate'][] = []): Reckoning {
  const fixed = discounts.flatMap(({ id, source }) => {
    const off = source.coupon === null ? null : account.find('coupon', source.coupon)?.amount_off
    return off == null ? [] : [[id, off] as const]
  })
  return { discounts, rates, left: new Map(fixed) }
}

/** Each discount takes from what the one before left. */
function discountAmounts(account: Account, { discounts, left }: Reckoning, amount: number): { amount: number; discount: string }[] {
  let rest = amount
  return discounts.map(({ id, source }) => {
    const percent = source.coupon === null ? undefined : account.find('coupon', source.coupon)?.percent_off
    const fixed = left.get(id)
    const taken = Math.max(0, Math.min(rest, fixed ?? Math.round((rest * (percent ?? 0)) / 100)))
    if (fixed !== undefined) left.set(id, fixed - taken)
    rest -= taken
    return { amount: taken, discount: id }
  })
}

type Line = Pick<Kinds['line_item'], 'amount' | 'currency' | 'invoice' | 'period'> & Partial<Kinds['line_item']>

export function addLine(account: Account, given: Line, reckoning: Reckoning): Kinds['line_item'] {
  const off = given.amount > 0 ? discountAmounts(account, reckoning, given.amount) : []
  const taxable = given.amount - off.reduce((sum, { amount }) => sum + amount, 0)
  return account.add(makeInvoiceLine({ id: account.id('il_'), discount_amounts: off, discounts: off.map(({ discount }) => discount), taxes: taxesOn(taxable, reckoning.rates), ...given }))
}

type Sums = Pick<Kinds['invoice'], 'subtotal' | 'subtotal_excluding_tax' | 'total' | 'total_excluding_tax' | 'total_discount_amounts' | 'total_taxes' | 'amount_due' | 'amount_remaining'>

/** What an invoice with these lines adds up to. */
export function sumsOf(lines: Kinds['line_item'][]): Sums {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
  const discounts = merged(lines.flatMap((line) => line.discount_amounts ?? []), ({ discount }) => discount)
  const taxes = merged(lines.flatMap((line) => line.taxes ?? []), (tax) => tax.tax_rate_details?.tax_rate ?? '')
  const exclusive = subtotal - discounts.reduce((sum, { amount }) => sum + amount, 0)
  const total = exclusive + taxes.reduce((sum, { amount }) => sum + amount, 0)
  const due = Math.max(0, total)
  return { subtotal, subtotal_excluding_tax: subtotal, total, total_excluding_tax: exclusive, total_discount_amounts: discounts, total_taxes: taxes, amount_due: due, amount_remaining: due }
}

function merged<T extends { amount: number }>(parts: T[], keyOf: (part: T) => string): T[] {
  const sums = new Map<string, T>()
  for (const part of parts) {
    const key = keyOf(part)
    const known = sums.get(key)
    sums.set(key, { ...part, amount: part.amount + (known?.amount ?? 0) })
  }
  return [...sums.values()]
}
