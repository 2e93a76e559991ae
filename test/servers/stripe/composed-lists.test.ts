import { expect, test } from 'vitest'
import { refusal, started } from './started'
import type { EmulatedStore } from './types'

const NOW = 1_767_225_600

/** An invoice with these many lines, of a customer with a default payment method. */
function insertInvoice(store: EmulatedStore, lines: number): string {
  store.insert({ id: 'pm_1', object: 'payment_method', created: NOW, customer: 'cus_1', type: 'card' })
  store.insert({ id: 'cus_1', object: 'customer', created: NOW, invoice_settings: { default_payment_method: 'pm_1' } })
  store.insert({ id: 'di_1', object: 'discount', customer: 'cus_1', source: { coupon: 'half', type: 'coupon' } })
  store.insert({ id: 'half', object: 'coupon', created: NOW, percent_off: 50 })
  store.insert({ id: 'in_1', object: 'invoice', created: NOW, customer: 'cus_1', discounts: ['di_1'] })
  for (let line = 0; line < lines; line++) store.insert({ id: `il_${line}`, object: 'line_item', invoice: 'in_1', amount: line, discounts: line === 0 ? ['di_1'] : [] })
  return 'in_1'
}

test('a list inside an object is cut after ten, and its address gives the rest in the same order', async () => {
  const { store, stripe } = await started()
  const invoice = await stripe.invoices.retrieve(insertInvoice(store, 12))
  expect(invoice.lines).toMatchObject({ object: 'list', has_more: true, total_count: 12, url: '/v1/invoices/in_1/lines' })
  const rest = await stripe.invoices.listLineItems('in_1', { starting_after: invoice.lines.data.at(-1)?.id })
  expect([...invoice.lines.data, ...rest.data].map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, line) => `il_${line}`))
  expect(rest.has_more).toBe(false)
})

test('the items of a subscription continue under their own address', async () => {
  const { store, stripe } = await started()
  store.insert({ id: 'price_1', object: 'price', created: NOW, active: true })
  store.insert({ id: 'sub_1', object: 'subscription', created: NOW, status: 'active', customer: 'cus_1' })
  for (let item = 0; item < 11; item++) store.insert({ id: `si_${item}`, object: 'subscription_item', created: NOW, subscription: 'sub_1', price: 'price_1' })
  const { items } = await stripe.subscriptions.retrieve('sub_1')
  expect(items).toMatchObject({ has_more: true, url: '/v1/subscription_items?subscription=sub_1' })
  const rest = await stripe.subscriptionItems.list({ subscription: 'sub_1', starting_after: items.data.at(-1)?.id })
  expect([...items.data, ...rest.data].map(({ id }) => id)).toEqual(Array.from({ length: 11 }, (_, item) => `si_${item}`))
  // An id in the place of a price that Stripe always sends whole: it is sent as it is now.
  store.update('price_1', { active: false })
  expect((await stripe.subscriptionItems.retrieve('si_0')).price).toMatchObject({ id: 'price_1', active: false })
})

test('lists that are sent on demand are absent without it, and what the store keeps for itself is never sent', async () => {
  const { store, stripe } = await started()
  store.insert({ id: 'cs_1', object: 'checkout.session', created: NOW })
  store.insert({ id: 'li_1', object: 'item', checkout_session: 'cs_1', quantity: 1 })
  expect(await stripe.checkout.sessions.retrieve('cs_1')).not.toHaveProperty('line_items')
  const [session] = (await stripe.checkout.sessions.list({ expand: ['data.line_items'] })).data
  expect(session?.line_items).toEqual({ object: 'list', data: [{ id: 'li_1', object: 'item', quantity: 1 }], has_more: false, url: '/v1/checkout/sessions/cs_1/line_items' })
  expect((await stripe.checkout.sessions.listLineItems('cs_1')).data).toEqual([{ id: 'li_1', object: 'item', quantity: 1 }])
})

test('what is expanded stands in the place of its id, four levels deep', async () => {
  const { store, stripe } = await started()
  insertInvoice(store, 2)
  const { data } = await stripe.invoices.list({ expand: ['data.customer.invoice_settings.default_payment_method', 'data.discounts.source.coupon', 'data.lines.data.discounts'] })
  expect(data[0]).toMatchObject({
    customer: { id: 'cus_1', invoice_settings: { default_payment_method: { id: 'pm_1', customer: 'cus_1' } } },
    discounts: [{ id: 'di_1', source: { coupon: { id: 'half', percent_off: 50 } } }],
    lines: { data: [{ id: 'il_0', discounts: [{ id: 'di_1', source: { coupon: 'half' } }] }, { id: 'il_1', discounts: [] }] },
  })
  expect((await stripe.invoices.retrieve('in_1', { expand: ['customer'] })).customer).toMatchObject({ object: 'customer' })
  expect((await stripe.invoices.retrieve('in_1')).customer).toBe('cus_1')
})

test('a deleted customer is expanded as deleted; nothing stays nothing; an id that leads nowhere stays an id', async () => {
  const { store, stripe } = await started()
  store.insert({ id: 'cus_1', object: 'customer', created: NOW })
  store.insert({ id: 'ch_1', object: 'charge', created: NOW, customer: 'cus_1', review: null, application: 'ca_1' })
  store.remove('cus_1')
  const charge = await stripe.charges.retrieve('ch_1', { expand: ['customer', 'review', 'application', 'balance_transaction'] })
  expect(charge).toMatchObject({ customer: { id: 'cus_1', object: 'customer', deleted: true }, review: null, application: 'ca_1' })
  expect(charge).not.toHaveProperty('balance_transaction')
})

test.each([
  ['/v1/invoices?expand[]=data.customer.invoice_settings.default_payment_method.customer', 'You cannot expand more than 4 levels of a property. Property: data.customer.invoice_settings.default_payment_method.customer'],
  ['/v1/invoices?expand[]=customer', 'This property cannot be expanded (customer). You may want to try expanding \'data.customer\' instead.'],
  ['/v1/invoices?expand[]=data.metadata', 'This property cannot be expanded (metadata).'],
  ['/v1/invoices?expand[]=data.customer.email', 'This property cannot be expanded (email).'],
  ['/v1/invoices?expand[]=data.lines.first', 'This property cannot be expanded (first).'],
  ['/v1/invoices/in_1?expand[]=data.customer', 'This property cannot be expanded (data).'],
  ['/v1/events?expand[]=data.data', 'This property cannot be expanded (data).'],
])('%s is refused', async (path, message) => {
  const { store, get } = await started()
  insertInvoice(store, 1)
  expect(await refusal(get(path))).toMatchObject({ statusCode: 400, message, param: 'expand' })
})
