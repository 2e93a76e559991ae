import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Settling } from './settling'

const DAY = 86_400
const MOST = 20

test('objects are found again by the day of their creation when the first of that day is due', () => {
  const settling = new Settling([], MOST)
  settling.add(3 * DAY + 5, 10 * DAY, 4 * DAY)
  settling.add(3 * DAY + 500, 9 * DAY, 4 * DAY)
  settling.add(4 * DAY, 12 * DAY, 4 * DAY)
  expect(settling.takeDue(9 * DAY - 1)).toEqual([])
  expect(settling.takeDue(9 * DAY)).toEqual([{ from: 3 * DAY, to: 4 * DAY }])
  expect(settling.takeDue(11 * DAY)).toEqual([])
  expect(settling.toJSON()).toEqual([[4, 4, 12 * DAY]])
})

test('what is due and has not settled is looked at again an hour later, not at once', () => {
  const settling = new Settling([], MOST)
  settling.add(3 * DAY, 10 * DAY, 10 * DAY)
  expect(settling.takeDue(10 * DAY)).toEqual([])
  expect(settling.takeDue(10 * DAY + 3600)).toHaveLength(1)
})

test('every object is found when it is due, however few stretches are kept, and they come back from JSON as they were', () => {
  const objects = fc.array(fc.record({ created: fc.nat(400 * DAY), after: fc.integer({ min: 1, max: 400 * DAY }) }), { minLength: 1, maxLength: 80 })
  fc.assert(
    fc.property(objects, fc.nat(800 * DAY), (list, now) => {
      const settling = new Settling([], MOST)
      for (const { created, after } of list) settling.add(created, created + after, created)
      expect(settling.toJSON().length).toBeLessThanOrEqual(MOST)
      const again = new Settling(JSON.parse(JSON.stringify(settling)) as ReturnType<Settling['toJSON']>, MOST)
      expect(again.toJSON()).toEqual(settling.toJSON())
      const due = again.takeDue(now)
      for (const { created, after } of list) if (created + after <= now) expect(due.some(({ from, to }) => from <= created && created < to)).toBe(true)
    }),
  )
})
