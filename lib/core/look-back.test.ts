import { describe, expect, test } from 'vitest'
import { lookBackKind, lookBackUnit, lookBackWords } from './look-back'

test('what a look-back is counted in follows from the type of the replication key', () => {
  const kinds = Object.fromEntries(['TIMESTAMPTZ', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'DATE', 'BIGINT', 'UINTEGER', 'DECIMAL(20,0)', 'DOUBLE', 'VARCHAR', 'UUID', 'TIME'].map((type) => [type, lookBackKind(type)]))
  expect(kinds).toEqual({ TIMESTAMPTZ: 'time', TIMESTAMP: 'time', 'TIMESTAMP WITH TIME ZONE': 'time', DATE: 'date', BIGINT: 'number', UINTEGER: 'number', 'DECIMAL(20,0)': 'number', DOUBLE: 'number', VARCHAR: null, UUID: null, TIME: null })
})

describe('words', () => {
  test.each([['time', null, '10 minutes'], ['time', 90, '90 seconds'], ['time', 3_600, '1 hour'], ['time', 0, 'none'], ['date', null, '1 day'], ['date', 86_401, '2 days'], ['number', null, 'none'], ['number', 1_000, '1,000']] as const)('%s, %s: %s', (kind, lookBack, words) => {
    expect(lookBackWords(kind, lookBack)).toBe(words)
  })

  test('use the longest unit that the amount is whole in', () => {
    expect([0, 59, 60, 3_600, 5_400, 172_800].map(lookBackUnit)).toEqual(['second', 'second', 'minute', 'hour', 'minute', 'day'])
  })
})
