import { columnsOf } from '../columns'
import type { StripeList, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { touchedBy } from './touched'

export const CUSTOMERS_LIST: StripeList = { path: '/v1/customers', object: 'customer', createdField: 'created' }

export const CUSTOMERS: StripeSchema = {
  name: 'customers',
  list: CUSTOMERS_LIST,
  permission: PERMISSIONS.customers,
  feed: {
    // A discount and a default source are fields of the customer, and have events of their own.
    types: [
      'customer.created',
      'customer.updated',
      'customer.deleted',
      'customer.discount.created',
      'customer.discount.updated',
      'customer.discount.deleted',
      'customer.source.created',
      'customer.source.updated',
      'customer.source.deleted',
    ],
    touched: touchedBy({ customer: 'id', discount: 'customer', card: 'customer', bank_account: 'customer', source: 'customer' }),
    deletions: ['customer.deleted'],
  },
  columns: columnsOf('customers'),
  primaryKey: ['id'],
}
