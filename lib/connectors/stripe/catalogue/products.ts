import { columnsOf } from '../columns'
import type { StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

export const PRODUCTS: StripeSchema = {
  name: 'products',
  list: { path: '/v1/products', object: 'product', createdField: 'created' },
  permission: PERMISSIONS.products,
  feed: { types: ['product.created', 'product.updated', 'product.deleted'], touched: touchedBy({ product: 'id' }), deletions: ['product.deleted'] },
  columns: columnsOf('products'),
  primaryKey: ['id'],
}

export const PRICES: StripeSchema = {
  name: 'prices',
  list: { path: '/v1/prices', object: 'price', createdField: 'created' },
  permission: PERMISSIONS.prices,
  feed: { types: ['price.created', 'price.updated', 'price.deleted'], touched: touchedBy({ price: 'id' }), deletions: ['price.deleted'] },
  columns: columnsOf('prices'),
  primaryKey: ['id'],
}

/** Prices in their older form. */
export const PLANS: StripeSchema = {
  name: 'plans',
  list: { path: '/v1/plans', object: 'plan', createdField: 'created' },
  permission: PERMISSIONS.prices,
  feed: { types: ['plan.created', 'plan.updated', 'plan.deleted'], touched: touchedBy({ plan: 'id' }), deletions: ['plan.deleted'] },
  columns: columnsOf('plans'),
  primaryKey: ['id'],
}

export const TAX_RATES: StripeSchema = {
  name: 'tax_rates',
  list: { path: '/v1/tax_rates', object: 'tax_rate', createdField: 'created' },
  permission: PERMISSIONS.taxRates,
  feed: { types: ['tax_rate.created', 'tax_rate.updated'], touched: touchedBy({ tax_rate: 'id' }), deletions: [] },
  columns: columnsOf('tax_rates'),
  primaryKey: ['id'],
}

export const METERS: StripeSchema = {
  name: 'meters',
  list: { path: '/v1/billing/meters', object: 'billing.meter', createdField: null },
  permission: PERMISSIONS.meters,
  feed: {
    types: ['billing.meter.created', 'billing.meter.deactivated', 'billing.meter.reactivated', 'billing.meter.updated'],
    touched: touchedBy({ 'billing.meter': 'id' }),
    deletions: [],
  },
  columns: columnsOf('meters'),
  primaryKey: ['id'],
}
