import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { STRIPE_SCHEMAS } from '@/lib/connectors/stripe/catalogue/catalogue'
import { idMaker } from './ids'
import { started } from './started'
import type { EmulatedStore } from './types'

/** Some of everything, by the ids that the store gives. */
function fill(store: EmulatedStore, advance: (seconds: number) => void): void {
  for (const { list } of STRIPE_SCHEMAS.filter((schema) => schema.list.object !== 'event')) {
    for (let number = 0; number < 15; number++) {
      const object = store.insert({ id: store.newId(`${list.object.slice(0, 3)}_`), object: list.object, created: store.now(), status: number % 2 ? 'active' : 'canceled', number })
      if (list.object === 'invoice') for (let line = 0; line < 12; line++) store.insert({ id: store.newId('il_'), object: 'line_item', invoice: object.id, amount: line })
      store.emit(`${list.object}.updated`, object, store.update(object.id, { number: number + 1 }))
      advance(number)
    }
  }
}

/** What a client reads of the whole account, with all that Stripe's answers have. */
async function digestOf(seed: number, keys = 0): Promise<string> {
  const { server, store, get } = await started({ seed })
  for (let key = 0; key < keys; key++) server.keyWithout('rak_charge_read')
  fill(store, (seconds) => server.advance(seconds))
  const hash = createHash('sha256')
  for (const path of new Set(STRIPE_SCHEMAS.map(({ list }) => `${list.path}?limit=7&${new URLSearchParams(list.query)}`))) {
    for (let after = ''; ; ) {
      const { data, has_more: hasMore } = await get(path + after)
      hash.update(JSON.stringify(data))
      if (!hasMore) break
      after = `&starting_after=${data.at(-1)?.id}`
    }
  }
  return hash.digest('hex')
}

test('the same seed and order of calls give the same account, whatever keys there are; another seed gives another', async () => {
  const digest = await digestOf(3)
  expect(await digestOf(3, 2)).toBe(digest)
  expect(await digestOf(4)).not.toBe(digest)
})

test('ids have Stripe’s form, and none comes twice', () => {
  const newId = idMaker(1)
  expect(newId('cus_')).toMatch(/^cus_[A-Za-z0-9]{14}$/)
  expect(newId('ch_')).toMatch(/^ch_[A-Za-z0-9]{24}$/)
  expect(new Set(Array.from({ length: 20_000 }, () => newId('in_'))).size).toBe(20_000)
})
