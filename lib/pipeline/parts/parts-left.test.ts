import { expect, it } from 'vitest'
import { randomOf } from '@/test/random'
import { PartsLeft, countOf, joined, type Stretch } from './parts-left'

it('one reader takes what is asked for at once, to the last', () => {
  const left = new PartsLeft(10, [], 4)
  expect([left.take(1), left.take(1), left.take(1), left.take(1)]).toEqual([{ from: 0, to: 4 }, { from: 4, to: 8 }, { from: 8, to: 10 }, null])
})

it('several readers take fewer the less there is, and the last one by one', () => {
  const left = new PartsLeft(40, [], 4)
  const sizes: number[] = []
  for (let next = left.take(4); next; next = left.take(4)) sizes.push(next.to - next.from)
  expect(sizes.slice(0, 3)).toEqual([4, 4, 4])
  expect(sizes.slice(-8)).toEqual(Array(8).fill(1))
})

it('what was read before, in whatever stretches, is not taken again', () => {
  const left = new PartsLeft(10, [{ from: 7, to: 9 }, { from: 0, to: 2 }, { from: 4, to: 5 }], 4)
  expect([left.take(1), left.take(1), left.take(1), left.take(1)]).toEqual([{ from: 2, to: 4 }, { from: 5, to: 7 }, { from: 9, to: 10 }, null])
})

it('stretches that touch or overlap are one, also where one lies inside another', () => {
  expect(joined([{ from: 7, to: 9 }, { from: 0, to: 5 }, { from: 2, to: 3 }, { from: 5, to: 6 }])).toEqual([{ from: 0, to: 6 }, { from: 7, to: 9 }])
})

it.each([1, 2, 3, 4, 5, 6, 7, 8])('every part is read once, whatever is given back (seed %i)', (seed) => {
  const random = randomOf(seed)
  const parts = 1 + random(60)
  const before = joined(Array.from({ length: random(4) }, () => random(parts)).map((from) => ({ from, to: from + 1 })))
  const left = new PartsLeft(parts, before, 1 + random(5))
  const read: Stretch[] = [...before]
  for (let next = left.take(1 + random(4)); next; next = left.take(1 + random(4))) {
    if (random(3) === 0) left.giveBack([next])
    else read.push(next)
  }
  expect(joined(read)).toEqual([{ from: 0, to: parts }])
  expect(countOf(read)).toBe(parts)
})
