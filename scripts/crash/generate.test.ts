import { describe, expect, test } from 'vitest'
import { generate, isSync, methods, type Trouble } from './generate'

const histories = Array.from({ length: 500 }, (_, number) => generate(number + 1))
const troubles = histories.flatMap(({ rounds }) => rounds)

describe('the histories of seeds 1 to 500', () => {
  test('are the same each time, and no two are', () => {
    expect(Array.from({ length: 500 }, (_, number) => generate(number + 1))).toEqual(histories)
    expect(new Set(histories.map(({ seed: _, ...history }) => JSON.stringify(history))).size).toBe(500)
  })

  test('have every kind of trouble often, and every method, key, verb and disk', () => {
    const count = (kind: Trouble['kind']) => troubles.filter(({ trouble }) => trouble.kind === kind).length
    const kinds: Trouble['kind'][] = ['none', 'killed', 'killed by chance', 'frozen past its lease', 'swept beside', 'two workers', 'source cut', 'disk full', 'database killed']
    expect(count('whole worker killed')).toBeGreaterThan(3)
    for (const kind of kinds) expect([kind, count(kind) > 40]).toEqual([kind, true])
    expect(new Set(histories.map(({ settings }) => settings.method))).toEqual(new Set(methods))
    expect(new Set(histories.map(({ key }) => key)).size).toBe(3)
    expect(new Set(troubles.map(({ verb }) => verb)).size).toBe(10)
    for (const test of [histories.filter(({ settings }) => settings.inParts), histories.filter(({ settings }) => settings.compacts), histories.filter(({ disks }) => disks === 'two')]) expect(test.length).toBeGreaterThan(50)
  })

  test('ask nothing of a table that it cannot have: no deletion of a source that only grows, no comparison without a key that has ranges', () => {
    for (const { key, settings, rounds } of histories) {
      if (settings.method === 'appended') expect(rounds.flatMap(({ changes }) => changes).filter((kind) => !kind.startsWith('insert'))).toEqual([])
      if (key === 'code') expect([settings.method === 'reconciled', settings.inParts, rounds.some(({ verb }) => verb === 'repair')]).toEqual([false, false, false])
      // what only a sync can meet
      for (const { verb, trouble } of rounds) if (!isSync(verb)) expect(['none', 'killed', 'killed by chance', 'database killed']).toContain(trouble.kind)
    }
  })
})
