import { expect, test } from 'vitest'
import { charges, started } from './started'

const NOW = 1_767_225_600

test('every object of a long list comes once, the newest first', async () => {
  const { server, store, stripe } = await started()
  const ids = charges(store, Array.from({ length: 2500 }, (_, index) => Math.floor(index / 7)))
  const found: string[] = []
  for await (const { id } of stripe.charges.list({ limit: 100 })) found.push(id)
  expect(found).toEqual(ids.reverse())
  expect(server.requests).toHaveLength(25)
})

test('a list has ten objects, tells its address, and has no more when all are told', async () => {
  const { store, stripe } = await started()
  charges(store, Array.from({ length: 11 }, (_, index) => index))
  expect(await stripe.charges.list()).toMatchObject({ object: 'list', has_more: true, url: '/v1/charges', data: { length: 10 } })
  expect(await stripe.charges.list({ limit: 11 })).toMatchObject({ has_more: false, data: { length: 11 } })
  expect(await stripe.customers.list()).toEqual(expect.objectContaining({ object: 'list', data: [], has_more: false, url: '/v1/customers' }))
})

test('of one second, what was inserted later comes first; what was made earlier has its place, whenever it was inserted', async () => {
  const { store, stripe } = await started()
  const [first, second, third, late] = charges(store, [5, 5, 5, 4])
  const { data } = await stripe.charges.list()
  expect(data.map(({ id }) => id)).toEqual([third, second, first, late])
})

test('ending_before gives what stands directly before, the newest first', async () => {
  const { store, stripe } = await started()
  const ids = charges(store, [0, 1, 2, 3, 4, 5]).reverse()
  const before = await stripe.charges.list({ ending_before: ids[4], limit: 2 })
  expect(before.data.map(({ id }) => id)).toEqual([ids[2], ids[3]])
  expect(before.has_more).toBe(true)
  const rest = await stripe.charges.list({ ending_before: ids[2], limit: 2 })
  expect(rest.data.map(({ id }) => id)).toEqual([ids[0], ids[1]])
  expect(rest.has_more).toBe(false)
})

test('times of creation filter with every bound, or one second', async () => {
  const { store, stripe } = await started()
  const [a, b, c, d] = charges(store, [1, 2, 2, 3])
  const listed = async (created: object | number) => (await stripe.charges.list({ created: created as number })).data.map(({ id }) => id)
  expect(await listed({ gte: NOW + 2 })).toEqual([d, c, b])
  expect(await listed({ gt: NOW + 2 })).toEqual([d])
  expect(await listed({ lte: NOW + 2 })).toEqual([c, b, a])
  expect(await listed({ lt: NOW + 2 })).toEqual([a])
  expect(await listed({ gte: NOW + 2, lt: NOW + 3 })).toEqual([c, b])
  expect(await listed(NOW + 2)).toEqual([c, b])
  const page = await stripe.charges.list({ created: { lte: NOW + 2 }, limit: 1, starting_after: d })
  expect([page.data[0]?.id, page.has_more]).toEqual([c, true])
})

test('invoice items are ordered and filtered by their date', async () => {
  const { store, stripe } = await started()
  for (const [id, date] of [['ii_late', NOW + 9], ['ii_early', NOW + 1]] as const) store.insert({ id, object: 'invoiceitem', date, invoice: null })
  expect((await stripe.invoiceItems.list()).data.map(({ id }) => id)).toEqual(['ii_late', 'ii_early'])
  expect((await stripe.invoiceItems.list({ created: { lt: NOW + 9 } })).data.map(({ id }) => id)).toEqual(['ii_early'])
})

test('cancelled subscriptions are only listed when asked for', async () => {
  const { store, stripe } = await started()
  for (const status of ['active', 'canceled', 'incomplete_expired', 'trialing']) store.insert({ id: `sub_${status}`, object: 'subscription', created: NOW, status, customer: 'cus_1' })
  const listed = async (status?: 'all' | 'canceled' | 'ended' | 'trialing') => (await stripe.subscriptions.list(status && { status })).data.map(({ id }) => id.slice(4)).sort()
  expect(await listed()).toEqual(['active', 'incomplete_expired', 'trialing'])
  expect(await listed('all')).toEqual(['active', 'canceled', 'incomplete_expired', 'trialing'])
  expect(await listed('canceled')).toEqual(['canceled'])
  expect(await listed('ended')).toEqual(['canceled', 'incomplete_expired'])
  expect(await listed('trialing')).toEqual(['trialing'])
})

test('the payment methods of a customer follow it, and are listed below it', async () => {
  const { store, stripe } = await started()
  for (const id of ['cus_1', 'cus_2']) store.insert({ id, object: 'customer', created: NOW })
  for (const [id, customer] of [['pm_1', 'cus_1'], ['pm_2', 'cus_1'], ['pm_3', 'cus_2']] as const) store.insert({ id, object: 'payment_method', created: NOW, customer, type: 'card' })
  const listed = async (customer: string) => (await stripe.customers.listPaymentMethods(customer)).data.map(({ id }) => id)
  expect(await listed('cus_1')).toEqual(['pm_2', 'pm_1'])
  expect(store.update('pm_2', { customer: null })).toEqual({ customer: 'cus_1' })
  expect(await listed('cus_1')).toEqual(['pm_1'])
  store.update('pm_2', { customer: 'cus_2' })
  store.remove('pm_3')
  expect(await listed('cus_2')).toEqual(['pm_2'])
  expect((await stripe.paymentMethods.list()).data.map(({ id }) => id)).toEqual(['pm_2', 'pm_1'])
  expect((await stripe.customers.listPaymentMethods('cus_1', { type: 'paypal' })).data).toEqual([])
})

test('objects that come, change and go between two pages are met as they are', async () => {
  const { server, store, stripe } = await started()
  const ids = charges(store, [0, 1, 2, 3, 4, 5]).reverse()
  server.trouble({
    matching: /starting_after/,
    kind: (changing) => {
      changing.insert({ id: 'ch_new', object: 'charge', created: NOW + 9, amount: 1 })
      changing.update(ids[4] ?? '', { amount: 77 })
      changing.remove(ids[3] ?? '')
    },
  })
  const found: [string, number][] = []
  for await (const { id, amount } of stripe.charges.list({ limit: 3 })) found.push([id, amount])
  expect(found).toEqual([[ids[0], 5], [ids[1], 4], [ids[2], 3], [ids[4], 77], [ids[5], 0]])
})

test('times and ids never change, nothing is inserted twice, and what was given cannot be changed in passing', async () => {
  const { store } = await started()
  const [id = ''] = charges(store, [0])
  expect(() => store.update(id, { created: 1 })).toThrow('never changes')
  expect(() => charges(store, [0]).map((again) => store.insert({ id: again, object: 'charge' }))).toThrow('already has')
  expect(() => Object.assign(store.find(id) ?? {}, { amount: 5 })).toThrow(TypeError)
})
