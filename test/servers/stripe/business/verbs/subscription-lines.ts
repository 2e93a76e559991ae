import type { Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { addLine, type Reckoning } from './invoice-lines'

export function itemsOf(account: Account, subscription: string): Kinds['subscription_item'][] {
  return account.below('subscription_item', subscription)
}

type Period = Kinds['line_item']['period']

/** The amount of one period of an item, in minor units; usage is not emulated, so that metered prices and tiers come to nothing. */
export function amountOf({ price, quantity }: Kinds['subscription_item']): number {
  return (price.unit_amount ?? 0) * (quantity ?? 0)
}

/** A line for each item and the period that is to be paid. */
export function addItemLines(account: Account, invoice: Kinds['invoice'], items: Kinds['subscription_item'][], { period, isFree, reckoning }: { period: Period; isFree?: boolean; reckoning: Reckoning }): Kinds['line_item'][] {
  return items.map((item) =>
    addLine(
      account,
      {
        amount: isFree ? 0 : amountOf(item),
        currency: invoice.currency,
        description: isFree ? 'Trial period' : `${item.quantity ?? 0} × ${item.price.nickname ?? 'item'}`,
        invoice: invoice.id,
        metadata: {},
        parent: {
          invoice_item_details: null,
          subscription_item_details: { invoice_item: null, proration: false, proration_details: null, subscription: item.subscription, subscription_item: item.id },
          type: 'subscription_item_details',
        },
        period,
        pricing: { price_details: { price: item.price.id, product: item.price.product }, type: 'price_details', unit_amount_decimal: item.price.unit_amount_decimal },
        quantity: item.quantity ?? null,
        subscription: item.subscription,
      },
      reckoning,
    ),
  )
}
