import { describe, expect, test } from 'vitest'
import { bySchema, chooseNames, parseFrequency, parseListing, parseLookBack, parseMethod, parseNames } from './schema-options'

const names = ['orders', 'orders=old', 'a.b c', 'x:y', 'all']

describe('--method', () => {
  test('takes a schema whose name holds =, a dot, a space or a colon', () => {
    const methods = bySchema('--method', ['orders=full', 'a.b c=incremental:up=dated:at', 'x:y=full'], names, parseMethod)
    expect([...methods]).toEqual([
      ['orders', { method: 'full', replicationKey: null }],
      ['a.b c', { method: 'incremental', replicationKey: 'up=dated:at' }],
      ['x:y', { method: 'full', replicationKey: null }],
    ])
  })

  test('without a field follows the changes that the source tells', () => {
    expect(parseMethod('incremental')).toEqual({ method: 'incremental', replicationKey: null })
  })

  test('takes the longest schema name that leaves a method', () => {
    expect([...bySchema('--method', ['orders=old=full'], names, parseMethod).keys()]).toEqual(['orders=old'])
  })

  test('refuses a schema that is not there, and what is no method', () => {
    expect(() => bySchema('--method', ['nothing=full'], names, parseMethod)).toThrow('no schema nothing')
    for (const text of ['orders=delta', 'orders=incremental:', 'orders']) expect(() => bySchema('--method', [text], names, parseMethod)).toThrow('write')
  })
})

describe('names', () => {
  test('stand with commas between them, or in a JSON array', () => {
    expect(parseNames('--key', 'a, b,c')).toEqual(['a', 'b', 'c'])
    expect(parseNames('--key', '["a,b","c"]')).toEqual(['a,b', 'c'])
    expect(() => parseNames('--key', '[1]')).toThrow('JSON array')
  })

  test('all means every schema, and a schema named all can be named in an array', () => {
    expect(chooseNames(undefined, names)).toBe('all')
    expect(chooseNames(['all'], names)).toBe('all')
    expect(chooseNames(['["all"]'], names)).toEqual(['all'])
    expect(chooseNames(['orders,x:y', 'orders'], names)).toEqual(['orders', 'x:y'])
    expect(() => chooseNames(['orders,nothing'], names)).toThrow('no schema nothing')
  })
})

test('frequencies are taken as people and as the API write them', () => {
  const read = Object.fromEntries(['5m', '30m', '1h', '6h', '12h', 'daily', 'weekly', 'monthly', 'six_hours', '6 h'].map((text) => [text, parseFrequency(text)]))
  expect(read).toEqual({ '5m': 'five_minutes', '30m': 'thirty_minutes', '1h': 'hour', '6h': 'six_hours', '12h': 'twelve_hours', daily: 'day', weekly: 'week', monthly: 'month', six_hours: 'six_hours', '6 h': 'six_hours' })
  expect(() => parseFrequency('2h')).toThrow('5m, 30m')
})

test('the periodic listing is a frequency, or off', () => {
  expect(parseListing('Weekly')).toBe('week')
  expect(parseListing('off')).toBeNull()
  expect(() => parseListing('never')).toThrow('write daily')
})

test('a look-back is a time, a number, none, or the usual one', () => {
  expect(['90s', '10m', '2H', '1d', '1000', '0', 'default'].map(parseLookBack)).toEqual([90, 600, 7_200, 86_400, 1_000, 0, null])
  for (const text of ['', 'ten', '-5', '1.5h', '10 m', '99999999d']) expect(() => parseLookBack(text)).toThrow('write 10m')
})
