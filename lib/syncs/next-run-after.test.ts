import { describe, expect, test } from 'vitest'
import { nextRunAfter } from './next-run-after'
import { retryDelaySeconds } from './retry-delay'
import { Frequency } from './schema'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const periods = { five_minutes: 5 * MINUTE, thirty_minutes: 30 * MINUTE, hour: HOUR, six_hours: 6 * HOUR, twelve_hours: 12 * HOUR, day: DAY, week: 7 * DAY }
const from = new Date('2026-11-24T02:34:56.789Z')
const seeds = Array.from({ length: 200 }, (_, number) => `seed ${number}`)

describe.each(Object.entries(periods))('every %s', (name, period) => {
  const frequency = Frequency.parse(name)
  const gap = (seed: string) => nextRunAfter(frequency, from, seed).getTime() - from.getTime()

  test('comes within 1.1 periods, and not right after it came', () => {
    for (const seed of seeds) {
      expect(gap(seed)).toBeGreaterThanOrEqual(period / 10 - 1)
      expect(gap(seed)).toBeLessThanOrEqual(period * 1.1 + 1)
    }
  })

  test('schemas that were linked together, or caught up together after an outage, are spread over the whole period', () => {
    const parts = Array.from({ length: 10 }, () => 0)
    for (const seed of seeds) parts[Math.min(9, Math.floor((gap(seed) / period - 0.1) * 10))]!++
    expect(Math.min(...parts)).toBeGreaterThan(5)
    expect(Math.max(...parts)).toBeLessThan(40)
  })

  test('a schema keeps its minute, though it is always started a little late', () => {
    let at = nextRunAfter(frequency, from, 'a')
    for (let run = 0; run < 50; run++) {
      const next = nextRunAfter(frequency, new Date(at.getTime() + 6_000), 'a')
      expect(Math.abs(next.getTime() - at.getTime() - period)).toBeLessThanOrEqual(1)
      at = next
    }
  })
})

test('every month comes on the same day, or on the last one of a shorter month', () => {
  const day = (date: string) => nextRunAfter('month', new Date(date), 'a').toISOString().slice(0, 10)
  expect(day('2026-01-15T12:00:00Z')).toBe('2026-02-15')
  expect(day('2026-01-31T12:00:00Z')).toBe('2026-02-28')
  expect(day('2028-01-31T12:00:00Z')).toBe('2028-02-29')
  expect(day('2026-12-31T12:00:00Z')).toBe('2027-01-31')
})

test('the pauses between attempts grow fourfold, about 10 s, 40 s, 2.5 min, 10 min', () => {
  expect([1, 2, 3, 4].map((attempt) => retryDelaySeconds(attempt, 0.5))).toEqual([10, 40, 160, 640])
  for (const random of [0, 1]) expect(Math.abs(retryDelaySeconds(2, random) - 40)).toBeLessThanOrEqual(10)
})
