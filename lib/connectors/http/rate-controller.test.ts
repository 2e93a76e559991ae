import { describe, expect, test } from 'vitest'
import { FixedWindow, simulate, SlidingWindow, TokenBucket } from './simulated-service-for-test'

describe('100 requests a second are allowed, at a latency of 100 ms', () => {
  test.each([1, 5, 10, 20, 50, 100])('over 2,000 requests at least 92 of 100 that are allowed are used, ramp-up included, when bursts of %i are saved up', (burst) => {
    const run = simulate({ bucket: new TokenBucket(100, burst), requests: 2000 })
    expect(run.kept).toBeGreaterThan(0.92)
    expect(run.refusedShare).toBeLessThan(0.015)
  })

  test.each([1, 10, 100])('over 20,000 requests at least 96 of 100, with at most 7 of 1,000 refused, when bursts of %i are saved up', (burst) => {
    const run = simulate({ bucket: new TokenBucket(100, burst), requests: 20_000 })
    expect(run.kept).toBeGreaterThan(0.96)
    expect(run.refusedShare).toBeLessThan(0.007)
  })

  test.each([1, 10, 100])('at 250 ms it is the same, when bursts of %i are saved up', (burst) => {
    expect(simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: () => 250 }).kept).toBeGreaterThan(0.92)
  })

  test.each([5, 10, 100])('and when the latency varies, with bursts of %i', (burst) => {
    expect(simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: (random) => 90 + 20 * random() }).kept).toBeGreaterThan(0.92)
  })
})

test.each([5, 20, 100])('a busy process that sends late, on a network that varies, loses nothing, with bursts of %i', (burst) => {
  const run = simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: (random) => 100 + 5 * random(), lateMs: (random) => (random() < 0.02 ? 20 : 3 * random()) })
  expect(run.kept).toBeGreaterThan(0.9)
  expect(run.refusedShare).toBeLessThan(0.02)
})

test('where no burst passes, single refusals that come from hiccups on the way do not bring the pace down', () => {
  const run = simulate({ bucket: new TokenBucket(100, 1), requests: 20_000, latencyMs: (random) => 100 + (random() < 0.005 ? 20 * random() : 0.2 * random()) })
  expect(run.kept).toBeGreaterThan(0.92)
  expect(run.refusedShare).toBeLessThan(0.01)
})

test('a service that lets no burst pass is known for one, also when the first two requests come apart on their way', () => {
  let count = 0
  const run = simulate({ bucket: new TokenBucket(100, 1), requests: 2000, latencyMs: () => (count++ === 0 ? 160 : 100) })
  expect(run.kept).toBeGreaterThan(0.88)
  expect(run.refusedShare).toBeLessThan(0.02)
})

describe('25 requests a second are allowed', () => {
  test.each([[1, 400], [2, 400], [5, 400], [10, 400], [25, 400], [1, 2000], [5, 2000], [25, 2000]])('with bursts of %i never more than one in 100 is refused of %i calls', (burst, requests) => {
    const run = simulate({ bucket: new TokenBucket(25, burst), requests })
    expect(run.refusedShare).toBeLessThanOrEqual(0.01)
    expect(run.kept).toBeGreaterThan(0.7)
  })
})

test.each([1, 5])('5 requests a second with bursts of %i are used, though the search starts far above', (burst) => {
  const run = simulate({ bucket: new TokenBucket(5, burst), requests: 400 })
  expect(run.kept).toBeGreaterThan(0.92)
  expect(run.refused).toBeLessThan(13)
})

test.each([1, 20, 500])('500 requests a second with bursts of %i are found and used', (burst) => {
  const run = simulate({ bucket: new TokenBucket(500, burst), requests: 20_000, options: { concurrency: 100 } })
  expect(run.kept).toBeGreaterThan(0.92)
  expect(run.refusedShare).toBeLessThan(0.01)
})

describe('a service that says what it allows', () => {
  const wild = { latencyMs: (random: () => number) => 100 + 8 * random(), lateMs: (random: () => number) => (random() < 0.02 ? 20 : 2 * random()) }

  test.each([[25, 5], [25, 25], [100, 5], [100, 10], [100, 100]])('is used from the start, with at most one of 100 refused: %i a second with bursts of %i', (perSecond, burst) => {
    for (const network of [{}, wild]) {
      const run = simulate({ bucket: new TokenBucket(perSecond, burst), requests: 2100 * (perSecond / 100), options: { likelyPerSecond: perSecond }, ...network })
      expect(run.kept).toBeGreaterThan(0.94)
      expect(run.refusedShare).toBeLessThan(0.01)
    }
  })

  test.each([50, 200])('and allows something else is found out all the same: it says %i and allows 100', (likelyPerSecond) => {
    const run = simulate({ bucket: new TokenBucket(100, 10), requests: 6000, options: { likelyPerSecond } })
    expect(run.kept).toBeGreaterThan(0.88)
    expect(run.refusedShare).toBeLessThan(0.01)
  })
})

describe('a service that counts', () => {
  test.each([0, 300, 700])('by the second of the calendar is found out, beginning at %i ms', (offset) => {
    const run = simulate({ bucket: new FixedWindow(100, offset), requests: 4000 })
    expect(run.kept).toBeGreaterThan(0.87)
    expect(run.refusedShare).toBeLessThan(0.015)
  })

  test('what passed within the last second is found out', () => {
    const run = simulate({ bucket: new SlidingWindow(100), requests: 4000 })
    expect(run.kept).toBeGreaterThan(0.9)
    expect(run.refusedShare).toBeLessThan(0.015)
  })
})

describe('the limit moves', () => {
  test.each([1, 10, 50, 100])('it halves: from 10 s later on all that is allowed is used, and few are refused, with bursts of %i', (burst) => {
    const bucket = new TokenBucket(100, burst)
    const run = simulate({ bucket, untilMs: 60_000, at: [[20_000, () => (bucket.perSecond = 50)]] })
    expect(run.passedPerSecond(30_000, 60_000)).toBeGreaterThan(44)
    expect(run.refusedBetween(20_000, 60_000)).toBeLessThan(40)
  })

  test.each([1, 10, 50, 100])('it doubles: half a minute later it is used, with bursts of %i', (burst) => {
    const bucket = new TokenBucket(100, burst)
    const run = simulate({ bucket, untilMs: 120_000, at: [[60_000, () => (bucket.perSecond = 200)]] })
    expect(run.passedPerSecond(90_000, 120_000)).toBeGreaterThan(180)
  })
})

test('a service that names a pause is not sent anything until it is over, and pauses stay rare', () => {
  const run = simulate({ bucket: new TokenBucket(100, 1), requests: 2000, retryAfterMs: 1000 })
  expect(run.kept).toBeGreaterThan(0.8)
  expect(run.refused).toBeLessThan(20)
})

test('a service that refuses everything is asked rarely, and used again when it lets requests pass', () => {
  const bucket = new TokenBucket(100, 100)
  const run = simulate({ bucket, untilMs: 200_000, at: [[20_000, () => (bucket.isClosed = true)], [80_000, () => (bucket.isClosed = false)]] })
  expect(run.sentBetween(21_000, 80_000)).toBeLessThan(60)
  expect(run.passedPerSecond(160_000, 200_000)).toBeGreaterThan(60)
})

test('a pace that may not be exceeded is kept', () => {
  const run = simulate({ bucket: new TokenBucket(100, 100), requests: 1000, options: { mostPerSecond: 30 } })
  expect(run.refused).toBe(0)
  expect(run.sentBetween(10_000, 20_000)).toBeLessThanOrEqual(301)
})

test('never more are under way than may be', () => {
  expect(simulate({ bucket: new TokenBucket(1000, 1000), requests: 1000, options: { concurrency: 7 } }).mostUnderWay).toBe(7)
})
