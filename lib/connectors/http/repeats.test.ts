import { expect, test } from 'vitest'
import { WireFailure } from './failure'
import { askedPause, Repeats } from './repeats'
import type { Patience } from './types'

const PATIENCE: Patience = { connectSeconds: 1, firstByteSeconds: 1, idleSeconds: 1, requestSeconds: 1, attempts: 5, retrySeconds: 10, pauseSeconds: 60 }
const answer = (status: number, headers: Record<string, string> = {}) => ({ answer: { status, headers, body: Buffer.alloc(0), wireBytes: 0 } })

test.each([
  ['3', 3000],
  ['0', 0],
  ['600', 60_000],
  ['Wed, 25 Nov 2026 12:00:07 GMT', 7000],
  ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
  ['soon', 0],
])('Retry-After: %s is a pause of %i ms, by the clock of the service', (value, ms) => {
  expect(askedPause({ headers: { 'retry-after': value, date: 'Wed, 25 Nov 2026 12:00:00 GMT' } }, PATIENCE)).toBe(ms)
})

test('the pause is chance up to a bound that doubles, and never shorter than what was asked for', () => {
  const pauses = Array.from({ length: 200 }, () => {
    const repeats = new Repeats({ path: 'x' }, PATIENCE)
    return [repeats.pauseAfter(answer(503), 0), repeats.pauseAfter(answer(503), 0), repeats.pauseAfter(answer(503, { 'retry-after': '4' }), 0)]
  })
  for (const [first, second, third] of pauses) {
    expect(first).toBeLessThanOrEqual(500)
    expect(second).toBeLessThanOrEqual(1000)
    expect(third).toBeGreaterThanOrEqual(4000)
  }
  expect(new Set(pauses.map(([first]) => first)).size).toBeGreaterThan(190)
})

test('it ends with the attempts, with the time for all of them, and at once with what no repeat betters', () => {
  const repeats = new Repeats({ path: 'x' }, PATIENCE)
  for (let attempt = 1; attempt < 5; attempt++) expect(repeats.pauseAfter(answer(500), 0)).not.toBeNull()
  expect(repeats.pauseAfter(answer(500), 0)).toBeNull()
  expect(repeats.attempts).toBe(5)
  expect(new Repeats({ path: 'x' }, PATIENCE).pauseAfter(answer(500), 10_000)).toBeNull()
  expect(new Repeats({ path: 'x' }, PATIENCE).pauseAfter(answer(503, { 'retry-after': '20' }), 0)).toBeNull()
  expect(new Repeats({ path: 'x' }, PATIENCE).pauseAfter({ error: new WireFailure('tls', 'expired') }, 0)).toBeNull()
  expect(new Repeats({ path: 'x' }, PATIENCE).pauseAfter({ error: new WireFailure('cut', 'gone') }, 0)).not.toBeNull()
})
