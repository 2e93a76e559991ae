import { afterEach, expect, test } from 'vitest'
import { seedAccount } from '@/test/servers/stripe/business/seed-account'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { EmulatedStore, StripeServer } from '@/test/servers/stripe/types'
import { addCustomer, change, DAY, found, idsIn, lastBookmark, readAll, readChanges, reading, tableOf } from '@/test/stripe-reads'
import type { ReadObserver } from '../contract'

let server: StripeServer
afterEach(() => server.close())

/** Customers over two years, some hundreds of them within one second. */
function fillCustomers(store: EmulatedStore, count: number): string[] {
  const start = store.now() - 700 * DAY
  return Array.from({ length: count }, (_, index) => addCustomer(store, start + (index % 10 === 0 ? 300 * DAY : Math.floor((index * 700 * DAY) / count))).id)
}

test('a load reads many windows side by side, each object once', async () => {
  server = await startStripe()
  const ids = fillCustomers(server.store, 6000)
  const batches = await readAll(server, 'customers')
  expect(idsIn(batches).toSorted()).toEqual(ids.toSorted())
  const windows = new Set(server.requests.flatMap(({ query }) => query['created[lt]'] ?? []))
  expect(windows.size).toBeGreaterThan(3)
  expect(server.requests.filter(({ path }) => path === '/v1/customers').length).toBeLessThan(60 * 1.5)
})

test('objects that are created, changed and deleted between pages end in the table as they are', async () => {
  server = await startStripe()
  const ids = fillCustomers(server.store, 3000)
  let step = 0
  server.trouble({
    matching: /^\/v1\/customers/,
    times: 40,
    kind: (store) => {
      step++
      server.advance(7)
      store.emit('customer.created', addCustomer(store))
      const [changed, deleted] = [ids[(step * 37) % ids.length] ?? '', ids[(step * 61 + 1) % ids.length] ?? '']
      if (store.find(changed)) change(store, changed, { email: `${step}@example.com` }, 'customer.updated')
      if (store.find(deleted)) store.emit('customer.deleted', store.remove(deleted))
    },
  })
  const batches = await readAll(server, 'customers')
  expect(step).toBeGreaterThan(20)
  const settled = await readChanges(server, 'customers', lastBookmark(batches))
  expect(tableOf(batches, settled).differences(tableOf(await readAll(server, 'customers')))).toEqual([])
})

test('a page goes on without loss when the object before it is deleted, also among hundreds of one second', async () => {
  server = await startStripe()
  const { store } = server
  const ids = Array.from({ length: 1000 }, (_, index) => addCustomer(store, store.now() - DAY - Math.floor(index / 450)).id)
  // the objects after which pages begin are gone just before they are asked for
  const newestFirst = store.all('customer').toReversed()
  let asked = 0
  server.trouble({ matching: /customers\?.*starting_after/, times: 8, kind: () => void store.remove(newestFirst[100 * ++asked - 1]?.id ?? '') })
  const read = new Set(idsIn(await readAll(server, 'customers')))
  expect(server.requests.some(({ status }) => status === 400)).toBe(true)
  expect(ids.filter((id) => store.find(id) && !read.has(id))).toEqual([])
})

test('the object before the next page is deleted after every page of a list that has no filter by time', async () => {
  server = await startStripe()
  const { store } = server
  const ids = Array.from({ length: 850 }, () => store.insert({ id: store.newId('plink_'), object: 'payment_link', active: true, livemode: false }).id)
  let asked = 0
  server.trouble({
    matching: /payment_links\?.*starting_after/,
    times: 30,
    kind: (emulated) => {
      if (asked++ % 2) return
      const oldestSent = emulated.all('payment_link').at(-100 * Math.ceil(asked / 2))
      if (oldestSent) emulated.remove(oldestSent.id)
    },
  })
  const read = new Set(idsIn(await readAll(server, 'payment_links')))
  expect(ids.filter((id) => store.find(id) && !read.has(id))).toEqual([])
  expect(server.requests.some(({ status }) => status === 400)).toBe(true)
})

test('lists that Stripe cuts inside objects are completed', async () => {
  server = await startStripe()
  const { store } = server
  const counts = new Map<string, number>()
  for (let index = 0; index < 300; index++) {
    const { id } = store.insert({ id: store.newId('in_'), object: 'invoice', created: store.now() - index * 5000, status: 'open', livemode: false })
    counts.set(id, index % 3 === 0 ? 10 + (index % 250) : index % 11)
    for (let line = 0; line < (counts.get(id) ?? 0); line++) store.insert({ id: store.newId('il_'), object: 'line_item', invoice: id, amount: line, livemode: false })
  }
  const invoices = await readAll(server, 'invoices')
  for (const { id, lines } of invoices.flatMap(({ rows }) => rows)) {
    expect(lines).toMatchObject({ has_more: false, data: { length: counts.get(String(id)) } })
  }
  const lines = idsIn(await readAll(server, 'invoice_lines'))
  expect(lines.length).toBe([...counts.values()].reduce((sum, count) => sum + count, 0))
  expect(new Set(lines).size).toBe(lines.length)
})

test('failures, refusals and cut connections lose nothing', async () => {
  server = await startStripe()
  const ids = fillCustomers(server.store, 3000)
  for (const kind of [{ status: 503 }, { status: 500 }, { status: 429 }, { cutAfterBytes: 0 }, { cutAfterBytes: 3000 }] as const) {
    server.trouble({ matching: /^\/v1\/customers/, after: 3, times: 2, kind })
  }
  expect(idsIn(await readAll(server, 'customers')).toSorted()).toEqual(ids.toSorted())
  expect(server.requests.filter(({ status }) => status !== 200).length).toBeGreaterThanOrEqual(6)
})

test('a load that was killed goes on at every one of its bookmarks, and ends as a load that was not', async () => {
  server = await startStripe()
  const { store } = server
  const ids = fillCustomers(store, 2500)
  const batches = await readAll(server, 'customers')
  change(store, ids[5] ?? '', { email: 'new@example.com' }, 'customer.updated')
  store.emit('customer.deleted', store.remove(ids[6] ?? ''))
  const fresh = tableOf(await readAll(server, 'customers'))
  for (const [index, { bookmark }] of batches.entries()) {
    if (!bookmark) continue
    const rest = await readAll(server, 'customers', { changes: { read: 'everything', bookmark: structuredClone(bookmark) } })
    expect(tableOf(batches.slice(0, index + 1), rest).differences(fresh)).toEqual([])
    // what was read is not read again
    expect(idsIn(rest).length).toBeLessThanOrEqual(ids.length - idsIn(batches.slice(0, index + 1)).length + 1)
  }
})

test('a load that was killed longer ago than Stripe remembers begins anew', async () => {
  server = await startStripe()
  const { store } = server
  const ids = fillCustomers(store, 500)
  const [first] = await readAll(server, 'customers')
  server.advance(40 * DAY)
  const rest = await readAll(server, 'customers', { changes: { read: 'everything', bookmark: first?.bookmark ?? {} } })
  expect(idsIn(rest).toSorted()).toEqual(ids.toSorted())
})

test('a slow consumer holds the reader back', async () => {
  server = await startStripe()
  fillCustomers(server.store, 12_000)
  const batches = reading(server, 'customers')
  for (let taken = 0; taken < 10; taken++) await batches.next()
  let before = -1
  await expect
    .poll(() => {
      const isStill = server.requests.length === before && server.underWay() === 0
      before = server.requests.length
      return isStill
    }, { timeout: 10_000, interval: 100 })
    .toBe(true)
  expect(server.requests.length).toBeLessThan(10 + 64 + 5)
  await batches.return(undefined)
})

test('a connected account is read with its id alone', async () => {
  server = await startStripe()
  addCustomer(server.store)
  const theirs = addCustomer(server.connect('acct_1Connected'))
  const batches = await readAll(server, 'customers', { config: { account_id: 'acct_1Connected' } })
  expect(idsIn(batches)).toEqual([theirs.id])
  expect(new Set(server.requests.map(({ account }) => account))).toEqual(new Set(['acct_1Connected']))
})

test('without the permission for events a read of what follows them names it', async () => {
  server = await startStripe()
  addCustomer(server.store)
  const failing = readAll(server, 'customers', { config: { api_key: server.keyWithout('rak_event_read') } })
  await expect(failing).rejects.toMatchObject({ code: 'permission', title: expect.stringContaining('Events'), advice: expect.stringContaining('Events') })
})

test('a list of another kind of objects is refused in words', async () => {
  server = await startStripe()
  const { store } = server
  store.insertMany({ kind: 'customer', count: 1, at: () => ({ id: 'ch_1', object: 'charge', created: store.now() }), indexOf: (id) => (id === 'ch_1' ? 0 : null) })
  await expect(readAll(server, 'customers')).rejects.toMatchObject({ code: 'source', detail: expect.stringContaining('“charge”') })
})

test('a read tells how many rows it expects, its windows, and what it asked for', async () => {
  server = await startStripe()
  fillCustomers(server.store, 5000)
  const lines: string[] = []
  const expected: (number | null)[] = []
  const observer = { log: (_: string, line: string) => lines.push(line), warn: () => undefined, progress: ({ rowsExpected }: { rowsExpected: number | null }) => expected.push(rowsExpected) }
  await readAll(server, 'customers', { observer })
  expect(lines.join('\n')).toMatch(/\d+ windows, \d+ pages, 5,000 objects/)
  expect(lines.join('\n')).toMatch(/\d+ requests, 0 retries, 0 refused/)
  expect(expected.at(-1)).toBe(5000)
  expect(found(server.store, idsIn(await readAll(server, 'customers'))[0] ?? '').object).toBe('customer')
})

test('what is left of a load is told without being led astray by bursts', async () => {
  server = await startStripe()
  seedAccount(server.store, 'charge', 20_000)
  const told: number[] = []
  const observer: ReadObserver = { log: () => undefined, warn: () => undefined, progress: ({ rowsExpected }) => rowsExpected !== null && told.push(rowsExpected) }
  await readAll(server, 'charges', { observer })
  expect(told.length).toBeGreaterThan(20)
  expect(told.filter((rows) => rows < 5_000 || rows > 60_000)).toEqual([])
  expect(told.at(-1)).toBe(20_000)
})
