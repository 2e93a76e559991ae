import { expect, test } from 'vitest'
import { startBusiness } from '../business'
import { testClock, WatchedStore } from '../watched-store'
import { silentlyDelete, type VanishingKind } from './silently-delete'

test('what vanishes is told by no event, and the business goes on without it', () => {
  const clock = testClock()
  const store = new WatchedStore(1, clock.now)
  const business = startBusiness(store, 2)
  const vanished: Record<VanishingKind, number> = { coupon: 0, customer: 0, invoiceitem: 0, price: 0, product: 0, tax_id: 0 }
  const kinds = Object.keys(vanished) as VanishingKind[] // its keys are the kinds
  for (let day = 1; day <= 250; day += 1) {
    business.liveDay(clock, day)
    if (day % 5 !== 0) continue
    for (const kind of kinds) {
      const told = store.events.length
      const id = silentlyDelete(business.account, kind)
      expect(store.events.length).toBe(told)
      if (id === undefined) continue
      vanished[kind] += 1
      expect(store.find(id)).toBeUndefined()
      expect(store.happenings.at(-1)).toMatchObject({ what: 'gone', before: { id, object: kind } })
    }
  }
  for (const kind of kinds) expect(vanished[kind], `${kind}`).toBeGreaterThan(5)
})
