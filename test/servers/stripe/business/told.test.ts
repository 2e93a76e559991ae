import { beforeAll, expect, test } from 'vitest'
import { STRIPE_SCHEMAS } from '@/lib/connectors/stripe/catalogue/catalogue'
import type { StripeEvent, StripeObject, StripeSchema } from '@/lib/connectors/stripe/stripe-schema'
import { COMPOSED } from '../composed'
import type { EmulatedObject } from '../types'
import { startBusiness } from './business'
import { SILENT_CHANGES } from './silent-changes'
import { testClock, WatchedStore, type Happening } from './watched-store'

const DAY = 86_400
const clock = testClock()
const store = new WatchedStore(3, clock.now)
let founded = 0

beforeAll(() => {
  const business = startBusiness(store, 11)
  founded = store.happenings.length
  for (let day = 1; day <= 200; day += 1) business.liveDay(clock, day)
})

/** The listed objects of a schema whose rows an object of the account is in, by its schema. */
function rowsOf(object: EmulatedObject): [StripeSchema, string][] {
  return STRIPE_SCHEMAS.flatMap((schema): [StripeSchema, string][] => {
    const { list, nested, name } = schema
    if (!nested && list.object === object.object) return [[schema, object.id]]
    const parent = parentIn(schema, object)
    if (name === 'customer_discounts' && object.subscription !== null) return []
    return typeof parent === 'string' ? [[schema, parent]] : []
  })
}

/** What a row or an entry of a row's list belongs to. */
function parentIn({ list, nested, columns, name }: StripeSchema, object: EmulatedObject): unknown {
  if (nested && object.object === 'discount' && ['discounts', 'customer_discounts'].includes(name)) return object[nested.parentColumn]
  if (nested?.field === null && object.object === 'payment_method') return object.customer
  const composed = COMPOSED.find(({ of, child }) => of === list.object && child === object.object)
  if (!composed) return undefined
  const isRow = nested ? nested.field === composed.field : columns.some((column) => column.name === composed.field)
  return isRow ? object[composed.parent] : undefined
}

const toldAt = new Map<string, Set<string>>()

/** What the events of a second touched: `charges ch_1`, and `charges ch_1 gone` where it is to be deleted. */
function told(time: number): Set<string> {
  if (toldAt.size === 0) for (const event of store.events) remember(event)
  return toldAt.get(String(time)) ?? new Set()
}

function remember(event: EmulatedObject): void {
  const told = event as EmulatedObject as StripeEvent // the store makes events of this shape
  const set = toldAt.get(String(told.created)) ?? new Set()
  toldAt.set(String(told.created), set)
  for (const { name, feed } of STRIPE_SCHEMAS) {
    if (!feed?.types.includes(told.type)) continue
    for (const id of feed.touched(told)) {
      set.add(`${name} ${id}`)
      if (feed.deletions.includes(told.type)) set.add(`${name} ${id} gone`)
    }
  }
}

/** Does the catalogue promise to find this, though no event told it? */
function isPromised({ list, feed, lookBack, nested }: StripeSchema, { before, after, time }: Happening): boolean {
  if (!lookBack) return feed === null
  if (before === null) return true // what is new is in the next look back
  const created = Number(before[nested ? 'created' : (list.createdField ?? 'created')])
  const settles = lookBack.settlesAt?.(before as StripeObject) // of one shape
  return after !== null && (time - created <= lookBack.days * DAY || (settles != null && settles <= time))
}

test('everything that happens is told by an event that touches its row, or is what the catalogue promises to look for', () => {
  const silent = new Set<string>()
  const missed = new Set<string>()
  for (const happening of store.happenings.slice(founded)) {
    const { before, after, what, time } = happening
    for (const object of [before, after].filter((object) => object !== null)) {
      for (const [schema, id] of rowsOf(object)) {
        if (told(time).has(`${schema.name} ${id}`)) continue
        silent.add(object.object)
        if (!isPromised(schema, happening)) missed.add(`${schema.name}: ${object.object} ${what}`)
      }
    }
  }
  expect([...missed]).toEqual([])
  expect([...silent].sort()).toEqual(Object.keys(SILENT_CHANGES).sort())
})

test('every deletion is told as one', () => {
  const gone = store.happenings.slice(founded).filter(({ what }) => what === 'gone')
  expect(gone.length).toBeGreaterThan(50)
  for (const { before, time } of gone) {
    for (const [{ name, nested, list }, id] of before ? rowsOf(before) : []) {
      if (!nested && list.object === before?.object) expect(told(time), `${name} ${id}`).toContain(`${name} ${id} gone`)
    }
  }
})

test('an event holds the object as it was, and what was before of what changed', () => {
  const updates = store.events.map((event) => event as EmulatedObject as StripeEvent).filter(({ type }) => type.endsWith('.updated') && type !== 'invoice.updated')
  expect(updates.length).toBeGreaterThan(300)
  for (const { type, data } of updates) {
    expect(Object.keys(data.previous_attributes ?? {}).length, `${type}`).toBeGreaterThan(0)
    for (const [name, before] of Object.entries(data.previous_attributes ?? {})) expect(data.object[name], `${type} ${name}`).not.toEqual(before)
  }
})
