import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { refusal, started } from './started'

const NOW = 1_767_225_600
const DAY = 86_400

test('an event holds the object as it was then, its lists cut, and what was before', async () => {
  const { server, store, stripe } = await started()
  const invoice = store.insert({ id: 'in_1', object: 'invoice', created: NOW, status: 'draft', metadata: { kept: 'yes', changed: 'old', lost: 'x' }, discounts: ['di_1'] })
  for (let line = 0; line < 11; line++) store.insert({ id: `il_${line}`, object: 'line_item', invoice: invoice.id, amount: line })
  server.advance(60)
  const previous = store.update('in_1', { status: 'open', metadata: { kept: 'yes', changed: 'new', added: 'y' }, discounts: [], number: 'A-1' })
  store.emit('invoice.updated', store.find('in_1') ?? invoice, previous)
  store.update('in_1', { status: 'paid' })
  const [event] = (await stripe.events.list()).data
  expect(event).toMatchObject({
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: NOW + 60,
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type: 'invoice.updated',
    data: {
      object: { id: 'in_1', status: 'open', lines: { has_more: true, data: { length: 10 } } },
      previous_attributes: { status: 'draft', metadata: { changed: 'old', lost: 'x', added: null }, discounts: ['di_1'], number: null },
    },
  })
  expect(event?.data.previous_attributes).not.toHaveProperty('metadata.kept')
  expect(await stripe.events.retrieve(event?.id ?? '')).toMatchObject({ id: event?.id, data: { object: { status: 'open' } } })
})

test('several events of a second are told the newest first', async () => {
  const { server, store, stripe } = await started()
  const customer = store.insert({ id: 'cus_1', object: 'customer', created: NOW })
  for (const type of ['customer.created', 'customer.updated', 'customer.deleted']) store.emit(type, customer)
  server.advance(1)
  store.emit('customer.created', customer)
  expect((await stripe.events.list()).data.map(({ type, created }) => [type, created - NOW])).toEqual([['customer.created', 1], ['customer.deleted', 0], ['customer.updated', 0], ['customer.created', 0]])
})

test('events are asked for by type, group or several types', async () => {
  const { store, stripe, get } = await started()
  const object = store.insert({ id: 'cus_1', object: 'customer', created: NOW })
  for (const type of ['customer.created', 'customer.subscription.created', 'charge.succeeded', 'charge.dispute.created']) store.emit(type, object)
  const types = async (params: Stripe.EventListParams) => (await stripe.events.list(params)).data.map(({ type }) => type)
  expect(await types({ type: 'customer.created' })).toEqual(['customer.created'])
  expect(await types({ type: 'charge.*' })).toEqual(['charge.dispute.created', 'charge.succeeded'])
  expect(await types({ type: 'charge.dispute.*' })).toEqual(['charge.dispute.created'])
  expect(await types({ type: 'dispute.*' })).toEqual([])
  expect(await types({ types: ['charge.succeeded', 'customer.created'] })).toEqual(['charge.succeeded', 'customer.created'])
  expect(await types({ types: ['charge.succeeded', 'customer.created'], limit: 1 })).toEqual(['charge.succeeded'])
  const many = Array.from({ length: 21 }, (_, index) => `types[]=type.${index}`).join('&')
  for (const [path, param] of [
    ['/v1/events?type=a.b&types[]=a.c', 'type'],
    [`/v1/events?${many}`, 'types'],
    ['/v1/events?types[]=charge.*', 'types'],
    ['/v1/events?type=*.created', 'type'],
  ] as const) expect(await refusal(get(path))).toMatchObject({ statusCode: 400, param })
})

test('events are forgotten after thirty days of the test clock, in the list and by id', async () => {
  const { server, store, stripe } = await started()
  const object = store.insert({ id: 'cus_1', object: 'customer', created: NOW })
  store.emit('customer.created', object)
  const [old] = (await stripe.events.list()).data
  server.advance(10 * DAY)
  store.emit('customer.updated', object)
  server.advance(20 * DAY)
  expect((await stripe.events.list()).data).toHaveLength(2)
  server.advance(1)
  expect((await stripe.events.list()).data.map(({ type }) => type)).toEqual(['customer.updated'])
  expect(await refusal(stripe.events.retrieve(old?.id ?? ''))).toMatchObject({ statusCode: 404, code: 'resource_missing' })
  expect(await refusal(stripe.events.list({ starting_after: old?.id }))).toMatchObject({ statusCode: 400, param: 'starting_after' })
})

test('an old event is gone by its id although nobody listed since', async () => {
  const { server, store, stripe } = await started()
  store.emit('customer.created', store.insert({ id: 'cus_1', object: 'customer', created: NOW }))
  const [event] = store.all('event')
  server.advance(31 * DAY)
  expect(await refusal(stripe.events.retrieve(event?.id ?? ''))).toMatchObject({ statusCode: 404 })
})

test('every answer has the time of the test clock', async () => {
  const { server } = await started({ now: NOW + 5 })
  server.advance(DAY)
  const answer = await fetch(`${server.url}/v1/charges`, { headers: { authorization: `Bearer ${server.key}` } })
  expect(answer.headers.get('date')).toBe(new Date((NOW + 5 + DAY) * 1000).toUTCString())
})
