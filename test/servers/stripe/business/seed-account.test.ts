import { expect, test } from 'vitest'
import type { EmulatedStore } from '../types'
import { seedAccount, type SeededKind } from './seed-account'

type Made = Parameters<EmulatedStore['insertMany']>[0]

const NOW = 1_767_225_600

/** What the store is given. */
function seeded(kind: SeededKind, count: number, seed?: number): Made {
  let given: Made | undefined
  const refuse = () => {
    throw new Error('Seeding asks the store for nothing but the time')
  }
  seedAccount(
    { now: () => NOW, insertMany: (made) => (given = made), newId: refuse, insert: refuse, update: refuse, remove: refuse, find: refuse, all: refuse, emit: refuse },
    kind,
    count,
    seed,
  )
  if (!given) throw new Error('Nothing was seeded')
  return given
}

test.each(['charge', 'customer'] as const)('a %s of 500,000 is made from its number alone, the same each time, and of one or two kilobytes', (kind) => {
  const made = seeded(kind, 500_000)
  const again = seeded(kind, 500_000)
  const sizes = Array.from({ length: 1000 }, (_, at) => at * 499).map((index) => {
    const object = made.at(index)
    expect(object).toEqual(again.at(index))
    expect(object.object).toBe(kind)
    return JSON.stringify(object).length
  })
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  expect(mean).toBeGreaterThan(700)
  expect(mean).toBeLessThan(2500)
})

test('another seed makes other objects', () => {
  expect(seeded('customer', 10, 2).at(3)).not.toEqual(seeded('customer', 10, 1).at(3))
})

test('every id leads back to its number, is there once, and an id of others leads nowhere', () => {
  const made = seeded('charge', 50_000)
  const ids = Array.from({ length: 50_000 }, (_, index) => made.at(index).id)
  expect(new Set(ids).size).toBe(50_000)
  expect(ids.every((id, index) => made.indexOf(id) === index)).toBe(true)
  expect(made.indexOf('ch_nobody')).toBeNull()
  expect(made.indexOf(seeded('customer', 10).at(3).id)).toBeNull()
  expect(made.indexOf(seeded('charge', 60_000).at(55_000).id)).toBeNull()
  const rising = ids.filter((id, index) => index > 0 && id > (ids[index - 1] ?? '')).length
  expect(rising).toBeGreaterThan(20_000)
  expect(rising).toBeLessThan(30_000)
})

test('times never fall, reach over two years, leave weeks empty and crowd others', () => {
  const made = seeded('customer', 50_000)
  const times = Array.from({ length: 50_000 }, (_, index) => Number(made.at(index).created))
  expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true)
  expect(times[0]).toBe(NOW - 104 * 7 * 86_400)
  expect(times.at(-1)).toBeLessThan(NOW)
  const weeks = Array.from({ length: 104 }, () => 0)
  for (const time of times) weeks[Math.floor((time - (times[0] ?? 0)) / (7 * 86_400))]! += 1
  expect(weeks.filter((count) => count === 0).length).toBeGreaterThan(5)
  expect(new Set(times).size).toBeLessThan(45_000)
})

test('the customer of a seeded charge is among the seeded customers', () => {
  const charges = seeded('charge', 4000)
  const customers = seeded('customer', 1001)
  for (let index = 0; index < 4000; index += 7) {
    const { customer } = charges.at(index)
    if (customer !== null) expect(customers.indexOf(String(customer))).not.toBeNull()
  }
})
