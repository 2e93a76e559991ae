import { afterEach, beforeEach, expect, test } from 'vitest'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { StripeServer } from '@/test/servers/stripe/types'
import { addCustomer, askedSince, change, DAY, idsIn, lastBookmark, readAll, readChanges } from '@/test/stripe-reads'

let server: StripeServer
beforeEach(async () => {
  server = await startStripe()
})
afterEach(() => server.close())

const eventIds = () => server.store.all('event').map(({ id }) => id)

test('events are the rows themselves: each comes once, and none is asked for by its id', async () => {
  const { store } = server
  const customer = addCustomer(store)
  for (let index = 0; index < 350; index++) {
    server.advance(index % 7 === 0 ? 3600 : 0)
    change(store, customer.id, { email: `${index}@example.com` }, 'customer.updated')
  }
  const load = await readAll(server, 'events')
  expect(idsIn(load).toSorted()).toEqual(eventIds().toSorted())
  const known = new Set(eventIds())
  for (let index = 0; index < 150; index++) change(store, customer.id, { email: `again ${index}@example.com` }, 'customer.updated')
  const before = server.requests.length
  const changes = await readChanges(server, 'events', lastBookmark(load))
  expect(idsIn(changes).toSorted()).toEqual(eventIds().filter((id) => !known.has(id)).toSorted())
  expect(new Set(askedSince(server, before))).toEqual(new Set(['/v1/events']))
  expect(idsIn(await readChanges(server, 'events', lastBookmark(changes)))).toEqual([])
})

test('events that Stripe has forgotten since are not removed', async () => {
  const { store } = server
  store.emit('customer.created', addCustomer(store))
  const load = await readAll(server, 'events')
  server.advance(20 * DAY)
  store.emit('customer.created', addCustomer(store))
  const second = await readChanges(server, 'events', lastBookmark(load))
  server.advance(20 * DAY)
  const third = await readChanges(server, 'events', lastBookmark(second))
  expect([...second, ...third].flatMap(({ removals }) => removals)).toEqual([])
  expect(idsIn([...load, ...second, ...third])).toHaveLength(2)
})
