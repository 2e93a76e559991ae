import { afterEach, beforeEach, expect, test } from 'vitest'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { EmulatedObject, StripeServer } from '@/test/servers/stripe/types'
import { askedSince, change, DAY, idsIn, lastBookmark, readAll, readChanges, tableOf } from '@/test/stripe-reads'

const HOUR = 3600

let server: StripeServer
beforeEach(async () => {
  server = await startStripe()
})
afterEach(() => server.close())

function addTransaction(availableIn: number): EmulatedObject {
  const { store } = server
  const isPending = availableIn > 0
  return store.insert({ id: store.newId('txn_'), object: 'balance_transaction', created: store.now(), available_on: store.now() + availableIn, status: isPending ? 'pending' : 'available', amount: 1, currency: 'usd' })
}

function addIntent(): EmulatedObject {
  const { store } = server
  const intent = store.insert({ id: store.newId('pi_'), object: 'payment_intent', created: store.now(), amount: 100, status: 'requires_payment_method' })
  store.emit('payment_intent.created', intent)
  return intent
}

test('what has no events is found by listing the newest, also what was made while a load went on', async () => {
  addTransaction(0)
  let isMade = false
  server.trouble({
    matching: /balance_transactions/,
    after: 1,
    kind: () => {
      isMade = true
      addTransaction(0)
    },
  })
  const load = await readAll(server, 'balance_transactions')
  expect(isMade).toBe(true)
  expect(tableOf(load).ids()).toHaveLength(2)
  server.advance(10 * DAY)
  const made = addTransaction(0)
  const before = server.requests.length
  const changes = await readChanges(server, 'balance_transactions', lastBookmark(load))
  expect(idsIn(changes)).toContain(made.id)
  expect(askedSince(server, before)).toEqual(['/v1/balance_transactions'])
})

test('what was seen at the last look and is the same is no change', async () => {
  addTransaction(0)
  const load = await readAll(server, 'balance_transactions')
  const first = await readChanges(server, 'balance_transactions', lastBookmark(load))
  expect(idsIn(await readChanges(server, 'balance_transactions', lastBookmark(first)))).toEqual([])
})

test('what changes by itself is found again when it is due, and only then', async () => {
  const settles = addTransaction(7 * DAY)
  let bookmark = lastBookmark(await readAll(server, 'balance_transactions'))
  server.advance(3 * DAY)
  const early = await readChanges(server, 'balance_transactions', bookmark)
  expect(idsIn(early)).toEqual([])
  bookmark = lastBookmark(early)
  server.advance(4 * DAY)
  server.store.update(settles.id, { status: 'available' })
  const due = await readChanges(server, 'balance_transactions', bookmark)
  expect(due.flatMap(({ rows }) => rows)).toMatchObject([{ id: settles.id, status: 'available' }])
  const before = server.requests.length
  await readChanges(server, 'balance_transactions', lastBookmark(due))
  expect(askedSince(server, before)).toHaveLength(1)
})

test('edits that no event tells are found when the look back is due, and cost nothing before', async () => {
  const intent = addIntent()
  server.advance(60)
  const bookmark = lastBookmark(await readAll(server, 'payment_intents'))
  server.store.update(intent.id, { amount: 200 })
  server.advance(HOUR)
  let before = server.requests.length
  const early = await readChanges(server, 'payment_intents', bookmark)
  expect(askedSince(server, before)).toEqual(['/v1/events'])
  server.advance(6 * HOUR)
  before = server.requests.length
  const due = await readChanges(server, 'payment_intents', lastBookmark(early))
  expect(due.flatMap(({ rows }) => rows)).toMatchObject([{ id: intent.id, amount: 200 }])
  expect(askedSince(server, before)).toEqual(['/v1/events', '/v1/payment_intents'])
})

test('a look that finds an object as it was before a change that events told gives it again', async () => {
  const intent = addIntent()
  let bookmark = lastBookmark(await readAll(server, 'payment_intents'))
  server.advance(7 * HOUR)
  bookmark = lastBookmark(await readChanges(server, 'payment_intents', bookmark))
  change(server.store, intent.id, { amount: 300 }, 'payment_intent.processing')
  const told = await readChanges(server, 'payment_intents', bookmark)
  expect(told.flatMap(({ rows }) => rows)).toMatchObject([{ amount: 300 }])
  server.store.update(intent.id, { amount: 100 })
  server.advance(7 * HOUR)
  const looked = await readChanges(server, 'payment_intents', lastBookmark(told))
  expect(looked.flatMap(({ rows }) => rows)).toMatchObject([{ id: intent.id, amount: 100 }])
})

test('a list that has no filter by time is looked at from its newest on, as far as the look goes', async () => {
  const { store } = server
  const ids = Array.from({ length: 450 }, (_, index) => store.insert({ id: store.newId('qt_'), object: 'quote', created: store.now() - (450 - index) * DAY, status: 'draft' }).id)
  const bookmark = lastBookmark(await readAll(server, 'quotes'))
  server.advance(7 * HOUR)
  const newest = ids.at(-1) ?? ''
  store.update(newest, { status: 'open' })
  const before = server.requests.length
  const changes = await readChanges(server, 'quotes', bookmark)
  expect(changes.flatMap(({ rows }) => rows)).toContainEqual(expect.objectContaining({ id: newest, status: 'open' }))
  expect(askedSince(server, before)).toEqual(['/v1/events', '/v1/quotes'])
})

test('rows below an object that a look finds take the place of those before', async () => {
  const { store } = server
  const session = store.insert({ id: store.newId('cs_'), object: 'checkout.session', created: store.now(), status: 'open' })
  const [first, second] = [0, 1].map(() => store.insert({ id: store.newId('li_'), object: 'item', checkout_session: session.id, quantity: 1, price: null }))
  const load = await readAll(server, 'checkout_session_line_items')
  expect(tableOf(load).ids()).toEqual([first?.id, second?.id].toSorted())
  store.remove(first?.id ?? '')
  server.advance(2 * HOUR)
  expect(tableOf(load, await readChanges(server, 'checkout_session_line_items', lastBookmark(load))).ids()).toEqual([second?.id])
})

test('files that are uploaded, which no event tells, are found', async () => {
  const { store } = server
  const bookmark = lastBookmark(await readAll(server, 'files'))
  server.advance(DAY)
  const file = store.insert({ id: store.newId('file_'), object: 'file', created: store.now(), purpose: 'dispute_evidence' })
  expect(idsIn(await readChanges(server, 'files', bookmark))).toEqual([file.id])
})
