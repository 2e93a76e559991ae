import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COUPONS } from '../catalogue/coupons'
import { CUSTOMERS } from '../catalogue/customers'
import { SUBSCRIPTIONS } from '../catalogue/subscriptions'
import type { StripeEvent, StripeSchema } from '../stripe-schema'
import { Touches } from './touches'

function event(type: string, created: number, object: Record<string, unknown> & { object: string; id: string }): StripeEvent {
  return { id: `evt_${type}_${created}`, object: 'event', type, created, data: { object } }
}

const customer = (type: string, created: number, id = 'cus_1') => event(`customer.${type}`, created, { id, object: 'customer' })
const coupon = (type: string, created: number) => event(`coupon.${type}`, created, { id: 'SUMMER', object: 'coupon' })

function touchedBy({ feed, list }: StripeSchema, events: StripeEvent[], handled: StripeEvent[] = []) {
  if (!feed) throw new Error('The schema has no feed')
  const touches = new Touches(feed, list)
  for (const one of events) touches.add(one, handled.includes(one))
  return touches.all().map(({ id, since, isGone }) => ({ id, since, isGone }))
}

test('an object is read once, however many events touched it', () => {
  expect(touchedBy(CUSTOMERS, [customer('updated', 12), customer('updated', 11), customer('created', 10)])).toEqual([{ id: 'cus_1', since: 10, isGone: false }])
})

test('the newest event tells that an object is gone', () => {
  expect(touchedBy(CUSTOMERS, [customer('deleted', 12), customer('updated', 11)])).toEqual([{ id: 'cus_1', since: 11, isGone: true }])
})

test('an id that was used again after its deletion is asked for', () => {
  expect(touchedBy(COUPONS, [coupon('created', 13), coupon('deleted', 12)])).toEqual([{ id: 'SUMMER', since: 12, isGone: false }])
})

test('a deletion within the second of another event is asked for: nobody knows which came first', () => {
  for (const events of [[coupon('deleted', 12), coupon('created', 12)], [coupon('created', 12), coupon('deleted', 12)]]) {
    expect(touchedBy(COUPONS, events)).toEqual([{ id: 'SUMMER', since: 12, isGone: false }])
  }
})

test('a cancelled subscription is read again, not removed', () => {
  const cancelled = event('customer.subscription.deleted', 12, { id: 'sub_1', object: 'subscription' })
  expect(touchedBy(SUBSCRIPTIONS, [cancelled])).toEqual([{ id: 'sub_1', since: 12, isGone: false }])
})

test('what was handled is not handled again, but still tells what the newest event is', () => {
  const [recreated, deleted] = [coupon('created', 13), coupon('deleted', 12)]
  expect(touchedBy(COUPONS, [recreated, deleted], [recreated, deleted])).toEqual([])
  expect(touchedBy(COUPONS, [recreated, deleted], [recreated])).toEqual([{ id: 'SUMMER', since: 12, isGone: false }])
})

test('objects come by their oldest event that is not handled, whatever the order in which events come', () => {
  const types = fc.constantFrom('created', 'updated', 'deleted')
  const events = fc.array(fc.record({ type: types, created: fc.integer({ min: 0, max: 6 }), id: fc.constantFrom('cus_1', 'cus_2', 'cus_3') }), { maxLength: 12 })
  fc.assert(
    fc.property(events, fc.infiniteStream(fc.nat(1000)), (list, order) => {
      const told = list.map(({ type, created, id }) => customer(type, created, id))
      const mixed = told.map((one) => ({ one, at: order.next().value })).sort((a, b) => a.at - b.at).map(({ one }) => one)
      const byId = (touched: ReturnType<typeof touchedBy>) => touched.toSorted((a, b) => a.id.localeCompare(b.id))
      const touched = touchedBy(CUSTOMERS, mixed)
      expect(byId(touched)).toEqual(byId(touchedBy(CUSTOMERS, told)))
      for (const [index, { since, id, isGone }] of touched.entries()) {
        expect(since).toBeGreaterThanOrEqual(touched[index - 1]?.since ?? 0)
        const own = list.filter((one) => one.id === id)
        const newest = own.filter(({ created }) => created === Math.max(...own.map((one) => one.created)))
        expect(isGone).toBe(newest.length === 1 && newest[0]?.type === 'deleted')
      }
    }),
  )
})

test('an object is new when its first event came within an hour of its making, as far as an event told that', () => {
  const made = (type: string, created: number, madeAt: number, id: string) => event(`customer.${type}`, created, { id, object: 'customer', created: madeAt })
  const { feed, list } = CUSTOMERS
  if (!feed) throw new Error('Customers have a feed')
  const touches = new Touches(feed, list)
  for (const one of [made('created', 5000, 5000, 'cus_new'), made('updated', 9000, 5000, 'cus_old'), customer('updated', 9000, 'cus_untold')]) touches.add(one, false)
  expect(touches.all().map(({ id, created, isNew }) => [id, created, isNew])).toEqual([
    ['cus_new', 5000, true],
    ['cus_old', 5000, false],
    ['cus_untold', null, false],
  ])
})
