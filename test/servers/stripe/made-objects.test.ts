import { expect, test } from 'vitest'
import { started } from './started'
import type { EmulatedObject, EmulatedStore } from './types'

const NOW = 1_767_225_600
const COUNT = 500_000

/** Half a million charges, three in each second, that end now. */
function insertCharges(store: EmulatedStore): { asked(): number } {
  let asked = 0
  const at = (index: number): EmulatedObject => {
    asked++
    return { id: `ch_${index}`, object: 'charge', created: NOW - Math.floor((COUNT - 1 - index) / 3), amount: index }
  }
  store.insertMany({ kind: 'charge', count: COUNT, at, indexOf: (id) => (/^ch_\d+$/.test(id) && Number(id.slice(3)) < COUNT ? Number(id.slice(3)) : null) })
  return { asked: () => asked }
}

test('a page of half a million is made of its objects and a few looks alone', async () => {
  const { store, stripe } = await started()
  const made = insertCharges(store)
  expect((await stripe.charges.list({ limit: 100, created: { lt: NOW - 100_000 } })).data.map(({ amount }) => amount).slice(0, 2)).toEqual([199_996, 199_995])
  expect((await stripe.charges.list({ limit: 2, starting_after: 'ch_400000' })).data.map(({ amount }) => amount)).toEqual([399_999, 399_998])
  expect((await stripe.charges.list({ limit: 2, ending_before: 'ch_400000' })).data.map(({ amount }) => amount)).toEqual([400_002, 400_001])
  expect(made.asked()).toBeLessThan(400)
})

test('changes, removals and newer objects lie over those that are made by number', async () => {
  const { server, store, stripe } = await started()
  insertCharges(store)
  server.advance(1)
  store.insert({ id: 'ch_same', object: 'charge', created: NOW, amount: -1 })
  store.insert({ id: 'ch_newer', object: 'charge', created: NOW + 1, amount: -2 })
  expect(store.update('ch_499998', { amount: 5 })).toEqual({ amount: 499_998 })
  store.remove('ch_499999')
  expect((await stripe.charges.list({ limit: 4 })).data.map(({ id, amount }) => [id, amount])).toEqual([['ch_newer', -2], ['ch_same', -1], ['ch_499998', 5], ['ch_499997', 499_997]])
  expect((await stripe.charges.list({ limit: 1, starting_after: 'ch_same' })).data.map(({ id }) => id)).toEqual(['ch_499998'])
  expect((await stripe.charges.list({ limit: 9, ending_before: 'ch_499997' })).data.map(({ id }) => id)).toEqual(['ch_newer', 'ch_same', 'ch_499998'])
  expect((await stripe.charges.retrieve('ch_499998')).amount).toBe(5)
  await expect(stripe.charges.retrieve('ch_499999')).rejects.toMatchObject({ statusCode: 404 })
  await expect(stripe.charges.list({ starting_after: 'ch_499999' })).rejects.toMatchObject({ code: 'resource_missing' })
})

test('an object that is made by number brings its lists itself, which are cut and paged like others', async () => {
  const { store, stripe } = await started()
  const lines = Array.from({ length: 25 }, (_, line) => ({ id: `il_${line}`, object: 'line_item', amount: line, invoice: 'in_0' }))
  store.insertMany({ kind: 'invoice', count: 1, at: () => ({ id: 'in_0', object: 'invoice', created: NOW, lines }), indexOf: (id) => (id === 'in_0' ? 0 : null) })
  const [invoice] = (await stripe.invoices.list()).data
  expect(invoice?.lines).toMatchObject({ has_more: true, total_count: 25, url: '/v1/invoices/in_0/lines' })
  expect(invoice?.lines.data.map(({ id }) => id)).toEqual(lines.slice(0, 10).map(({ id }) => id))
  const rest = await stripe.invoices.listLineItems('in_0', { limit: 100, starting_after: 'il_9' })
  expect(rest.data.map(({ id }) => id)).toEqual(lines.slice(10).map(({ id }) => id))
})
