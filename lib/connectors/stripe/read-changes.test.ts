import { afterEach, beforeEach, expect, test } from 'vitest'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { StripeServer } from '@/test/servers/stripe/types'
import { addCustomer, askedSince, change, DAY, found, idsIn, lastBookmark, readAll, readChanges, tableOf } from '@/test/stripe-reads'
import { ChangesLost } from '../changes-lost'
import type { Bookmark } from '../contract'

let server: StripeServer
beforeEach(async () => {
  server = await startStripe()
})
afterEach(() => server.close())

async function loaded(schema: string): Promise<Bookmark> {
  return lastBookmark(await readAll(server, schema))
}

/** An event as if it had been created earlier than it can be seen. */
function tellLate(type: string, id: string, secondsAgo: number): void {
  const { store } = server
  store.insert({ id: store.newId('evt_'), object: 'event', type, created: store.now() - secondsAgo, data: { object: found(store, id) } })
}

test('a read of changes with nothing new asks for the events once, and for nothing else', async () => {
  addCustomer(server.store)
  const bookmark = await loaded('customers')
  server.advance(3600)
  const before = server.requests.length
  const batches = await readChanges(server, 'customers', bookmark)
  expect(idsIn(batches)).toEqual([])
  expect(askedSince(server, before)).toEqual(['/v1/events'])
})

test('each object that events touched is asked for once, and what was handled is not asked for again', async () => {
  const ids = Array.from({ length: 30 }, () => addCustomer(server.store, server.store.now() - DAY).id)
  const bookmark = await loaded('customers')
  for (let round = 0; round < 12; round++) for (const id of ids) change(server.store, id, { email: `${round}@example.com` }, 'customer.updated')
  let before = server.requests.length
  const first = await readChanges(server, 'customers', bookmark)
  expect(idsIn(first).toSorted()).toEqual(ids.toSorted())
  expect(askedSince(server, before).filter((path) => path !== '/v1/events').toSorted()).toEqual(ids.map((id) => `/v1/customers/${id}`).toSorted())
  before = server.requests.length
  // within the overlap all of the events are listed again
  expect(idsIn(await readChanges(server, 'customers', lastBookmark(first)))).toEqual([])
  expect(new Set(askedSince(server, before))).toEqual(new Set(['/v1/events']))
})

test('an event of the very second of the last read is not missed', async () => {
  const { id } = addCustomer(server.store)
  const first = await readChanges(server, 'customers', await loaded('customers'))
  change(server.store, id, { email: 'same@example.com' }, 'customer.updated')
  expect(idsIn(await readChanges(server, 'customers', lastBookmark(first)))).toEqual([id])
})

test('an event that becomes visible minutes after it was created is not missed', async () => {
  const { id } = addCustomer(server.store)
  const bookmark = await loaded('customers')
  server.advance(900)
  const first = await readChanges(server, 'customers', bookmark)
  tellLate('customer.updated', id, 540)
  const second = await readChanges(server, 'customers', lastBookmark(first))
  expect(idsIn(second)).toEqual([id])
  expect(idsIn(await readChanges(server, 'customers', lastBookmark(second)))).toEqual([])
})

test('a deletion that an event tells is believed; an id that may be used again within its second is asked for', async () => {
  const { store } = server
  const coupon = (id: string) => store.insert({ id, object: 'coupon', created: store.now(), valid: true, redeem_by: null })
  for (const id of ['GONE', 'AGAIN', 'SAME SECOND']) coupon(id)
  const bookmark = await loaded('coupons')
  server.advance(DAY)
  for (const id of ['GONE', 'AGAIN', 'SAME SECOND']) store.emit('coupon.deleted', store.remove(id))
  store.emit('coupon.created', coupon('SAME SECOND'))
  server.advance(60)
  store.emit('coupon.created', coupon('AGAIN'))
  const before = server.requests.length
  const batches = await readChanges(server, 'coupons', bookmark)
  expect(batches.flatMap(({ removals }) => removals)).toEqual([{ id: 'GONE' }])
  expect(new Set(idsIn(batches))).toEqual(new Set(['AGAIN', 'SAME SECOND']))
  expect(askedSince(server, before)).not.toContain('/v1/coupons/GONE')
})

test('an object that is gone when it is asked for leaves, though no event told it', async () => {
  const { store } = server
  const [kept, lost] = [addCustomer(store), addCustomer(store)]
  const product = store.insert({ id: 'prod_1', object: 'product', created: store.now(), active: true })
  const bookmarks = [await loaded('customers'), await loaded('products')] as const
  for (const { id } of [kept, lost]) change(store, id, { email: 'x@example.com' }, 'customer.updated')
  change(store, product.id, { active: false }, 'product.updated')
  for (const { id } of [lost, product]) store.remove(id)
  const batches = await readChanges(server, 'customers', bookmarks[0])
  expect(batches.flatMap(({ removals }) => removals)).toEqual([{ id: lost.id }])
  expect(idsIn(batches)).toEqual([kept.id])
  expect((await readChanges(server, 'products', bookmarks[1])).flatMap(({ removals }) => removals)).toEqual([{ id: product.id }])
})

test('a gap that is longer than Stripe remembers is told in words before anything else', async () => {
  addCustomer(server.store)
  const bookmark = await loaded('customers')
  server.advance(41 * DAY)
  const reading = readChanges(server, 'customers', bookmark)
  await expect(reading).rejects.toBeInstanceOf(ChangesLost)
  await expect(reading).rejects.toMatchObject({ reason: 'the last sync was 41 days ago, and Stripe keeps its changes for 30' })
  server.advance(-41 * DAY + 28 * DAY)
  expect(idsIn(await readChanges(server, 'customers', bookmark))).toEqual([])
})

test('a bookmark of another account or of an unfinished load tells of no changes', async () => {
  for (let index = 0; index < 250; index++) addCustomer(server.store, server.store.now() - index * DAY)
  const batches = await readAll(server, 'customers')
  const unfinished = batches[0]?.bookmark ?? {}
  await expect(readChanges(server, 'customers', unfinished)).rejects.toBeInstanceOf(ChangesLost)
  server.connect('acct_1Other')
  await expect(readChanges(server, 'customers', lastBookmark(batches), { config: { account_id: 'acct_1Other' } })).rejects.toBeInstanceOf(ChangesLost)
})

test('a new key goes on where the old one was, unless it is the key of another account', async () => {
  addCustomer(server.store)
  const bookmark = await loaded('customers')
  const changed = addCustomer(server.store)
  server.store.emit('customer.created', changed)
  const own = await readChanges(server, 'customers', bookmark, { config: { api_key: server.keyWithout('rak_payout_read') } })
  expect(idsIn(own)).toEqual([changed.id])
  const other = await startStripe({ seed: 99 })
  try {
    await expect(readChanges(server, 'customers', bookmark, { config: { api_key: other.key, base_url: other.url } })).rejects.toBeInstanceOf(ChangesLost)
  } finally {
    await other.close()
  }
})

test('many changes are read in batches, and a read that ends after any of them can go on from it', async () => {
  const ids = Array.from({ length: 350 }, (_, index) => addCustomer(server.store, server.store.now() - index * 60).id)
  const load = await readAll(server, 'customers')
  for (const id of ids) {
    server.advance(20)
    change(server.store, id, { email: `${id}@example.com` }, 'customer.updated')
  }
  const batches = await readChanges(server, 'customers', lastBookmark(load))
  expect(batches.filter(({ rows }) => rows.length > 0).length).toBeGreaterThanOrEqual(4)
  const fresh = tableOf(await readAll(server, 'customers'))
  for (const [index, { bookmark }] of batches.entries()) {
    if (!bookmark) continue
    const rest = await readChanges(server, 'customers', bookmark)
    expect(tableOf(load, batches.slice(0, index + 1), rest).differences(fresh)).toEqual([])
    // at most the overlap is read again
    expect(idsIn(rest).length).toBeLessThanOrEqual(350 - idsIn(batches.slice(0, index + 1)).length + 31)
  }
})

test('failures and refusals among the changes lose none of them', async () => {
  const ids = Array.from({ length: 60 }, () => addCustomer(server.store, server.store.now() - DAY).id)
  const bookmark = await loaded('customers')
  for (const id of ids) change(server.store, id, { email: 'x@example.com' }, 'customer.updated')
  server.trouble({ after: 1, times: 2, kind: { status: 429 } })
  server.trouble({ matching: /customers\/cus/, after: 5, times: 2, kind: { cutAfterBytes: 20 } })
  server.trouble({ matching: /customers\/cus/, after: 20, times: 2, kind: { status: 502 } })
  expect(idsIn(await readChanges(server, 'customers', bookmark)).toSorted()).toEqual(ids.toSorted())
})

test('many new objects are read by the pages of their list, old ones by their ids, and each as it is', async () => {
  const { store } = server
  const old = Array.from({ length: 40 }, (_, index) => addCustomer(store, store.now() - (index + 1) * 9 * DAY))
  const load = await readAll(server, 'customers')
  for (let index = 0; index < 400; index++) {
    server.advance(60)
    const made = addCustomer(store)
    store.emit('customer.created', made)
    if (index % 10 === 0) change(store, old[index / 10]?.id ?? '', { email: 'old@example.com' }, 'customer.updated')
    if (index % 50 === 1) store.emit('customer.deleted', store.remove(made.id))
  }
  const before = server.requests.length
  const changes = await readChanges(server, 'customers', lastBookmark(load))
  const asked = askedSince(server, before).filter((path) => path !== '/v1/events')
  expect(asked.filter((path) => path === '/v1/customers').length).toBeGreaterThanOrEqual(4)
  expect(asked.length).toBeLessThan(40 + 20)
  const ids = idsIn(changes)
  expect(new Set(ids).size).toBe(ids.length)
  expect(tableOf(load, changes).differences(tableOf(await readAll(server, 'customers')))).toEqual([])
})

test('new objects that stand far apart among others are not looked for page by page', async () => {
  const { store } = server
  const bookmark = await loaded('customers')
  const start = store.now()
  for (let index = 0; index < 100; index++) {
    server.advance(60)
    const made = addCustomer(store)
    store.emit('customer.created', made)
  }
  // of the others no event tells
  for (let index = 0; index < 6000; index++) addCustomer(store, start + index)
  const before = server.requests.length
  const changes = await readChanges(server, 'customers', bookmark)
  expect(idsIn(changes)).toHaveLength(100)
  expect(askedSince(server, before).filter((path) => path === '/v1/customers').length).toBeLessThanOrEqual(4)
})
