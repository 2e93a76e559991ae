import { columnsOf } from '../columns'
import type { StripeEvent, StripeList, StripeSchema } from '../stripe-schema'
import { PERMISSIONS } from './permissions'
import { idsIn, touchedBy } from './touched'

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

/** The discount of a whole customer, which each of their invoices gets; those of subscriptions are in `discounts`. */
export const CUSTOMER_DISCOUNTS: StripeSchema = {
  name: 'customer_discounts',
  list: CUSTOMERS_LIST,
  nested: { parentColumn: 'customer', field: 'discount', path: null },
  permission: PERMISSIONS.customers,
  feed: {
    types: ['customer.discount.created', 'customer.discount.updated', 'customer.discount.deleted', 'customer.updated', 'customer.deleted'],
    touched: touchedBy({ customer: 'id', discount: 'customer' }),
    deletions: ['customer.deleted'],
  },
  columns: columnsOf('customer_discounts'),
  primaryKey: ['id'],
}

/** Those of customers. The account's own tax ids belong to no customer and are not among them. */
export const TAX_IDS: StripeSchema = {
  name: 'tax_ids',
  list: { ...CUSTOMERS_LIST, expand: ['data.tax_ids'] },
  nested: { parentColumn: 'customer', field: 'tax_ids', path: (customer) => `/v1/customers/${encodeURIComponent(customer)}/tax_ids` },
  permission: PERMISSIONS.customers,
  feed: {
    types: ['customer.tax_id.created', 'customer.tax_id.updated', 'customer.tax_id.deleted', 'customer.deleted'],
    touched: touchedBy({ customer: 'id', tax_id: 'customer' }),
    deletions: ['customer.deleted'],
  },
  columns: columnsOf('tax_ids'),
  primaryKey: ['id'],
}

/**
 * Those that customers keep. Stripe lists them customer by customer; one that was used without being kept is in no list, and is told by
 * the payment_method_details of its charge.
 */
export const PAYMENT_METHODS: StripeSchema = {
  name: 'payment_methods',
  list: CUSTOMERS_LIST,
  nested: { parentColumn: 'customer', field: null, path: (customer) => `/v1/customers/${encodeURIComponent(customer)}/payment_methods`, probe: '/v1/payment_methods' },
  permission: PERMISSIONS.paymentMethods,
  feed: {
    types: ['payment_method.attached', 'payment_method.automatically_updated', 'payment_method.detached', 'payment_method.updated', 'customer.deleted'],
    touched: customerOfPaymentMethod,
    deletions: ['customer.deleted'],
  },
  columns: columnsOf('payment_methods'),
  primaryKey: ['id'],
}

/** A detached one no longer names its customer; the event tells whose it was. */
function customerOfPaymentMethod(event: StripeEvent): string[] {
  const named = touchedBy({ customer: 'id', payment_method: 'customer' })(event)
  return named.length > 0 ? named : idsIn(event.data.previous_attributes?.customer)
}
