import { expect, test } from 'vitest'
import { formatAgo, formatBytes, formatCompact, formatCount, formatDateTime, formatDuration, formatPercent, formatQuantity, formatRate } from './format'

test('counts have separators, whatever their size', () => {
  expect(formatCount(0)).toBe('0')
  expect(formatCount(1_204_331)).toBe('1,204,331')
  expect(formatCount(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993')
  expect(formatCompact(1_204_331)).toBe('1.2\u00a0M')
  expect(formatCompact(950)).toBe('950')
})

test('one is one', () => {
  expect(formatQuantity(1, 'row')).toBe('1 row')
  expect(formatQuantity(0, 'row')).toBe('0 rows')
  expect(formatQuantity(2n, 'query', 'queries')).toBe('2 queries')
})

test('bytes have three digits at most and never say 1000', () => {
  const words: [number | bigint, string][] = [[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [1_400_000_000, '1.4 GB'], [310_000_000, '310 MB'], [99_940, '99.9 kB'], [99_960, '100 kB'], [999_400, '999 kB'], [999_600, '1 MB'], [999_999_999, '1 GB'], [2n ** 60n, '1153 PB'], [-1500, '-1.5 kB']]
  for (const [bytes, text] of words) expect(formatBytes(bytes)).toBe(text)
})

test('durations name their two largest units and never say 60 s', () => {
  const words: [number, string][] = [[-5, '0 ms'], [0, '0 ms'], [840, '840 ms'], [999.7, '1 s'], [1200, '1.2 s'], [9_949, '9.9 s'], [9_960, '10 s'], [12_000, '12 s'], [59_600, '1 m'], [72_000, '1 m 12 s'], [3_599_600, '1 h'], [7_500_000, '2 h 5 m'], [86_400_000, '1 d'], [273_600_000, '3 d 4 h']]
  for (const [ms, text] of words) expect(formatDuration(ms)).toBe(text)
})

test('a rate of a slow source does not look stopped', () => {
  expect(formatRate(310_000.4)).toBe('310,000 rows/s')
  expect(formatRate(0.4)).toBe('0.4 rows/s')
  expect(formatRate(Number.POSITIVE_INFINITY)).toBe('0 rows/s')
})

test('a share is 100 % only when it is whole', () => {
  expect(formatPercent(0.999)).toBe('99 %')
  expect(formatPercent(1.2)).toBe('100 %')
  expect(formatPercent(-1)).toBe('0 %')
  expect(formatPercent(0.64)).toBe('64 %')
})

test('times are relative to now, in the past and ahead', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString()
  const words: [string | null, string][] = [[null, 'never'], ['no time', 'never'], [at(-2), 'just now'], [at(2), 'in a moment'], [at(-42), '42 s ago'], [at(-59.9), '59 s ago'], [at(-240), '4 min ago'], [at(-3 * 3600), '3 h ago'], [at(-86_400), '1 day ago'], [at(-2 * 86_400), '2 days ago'], [at(300), 'in 5 min'], [at(-60 * 86_400), '25 Sep 2026']]
  for (const [time, text] of words) expect(formatAgo(time, now)).toBe(text)
})

test('the exact time names its zone', () => {
  expect(formatDateTime('2026-11-24T14:05:09Z', 'UTC')).toBe('24 Nov 2026, 14:05:09 UTC')
  expect(formatDateTime('2026-11-24T23:05:09Z', 'Europe/Berlin')).toMatch(/^25 Nov 2026, 00:05:09 (GMT\+1|CET)$/)
})
