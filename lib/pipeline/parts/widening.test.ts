import { expect, it } from 'vitest'
import { Widening, type WideningRules } from './widening'

const rules: WideningRules = { connections: 4, waitingShare: 0.6, idleShare: 0.25, gain: 1.15, windowSeconds: 2, windowBytes: 32 * 1024 ** 2, pauseSeconds: 60 }
const MB = 1024 ** 2

interface Source {
  /** What comes over so many connections, in bytes of a millisecond. */
  rate(connections: number): number
  /** The part of its time that a reader waits, and that the processors have nothing to do. */
  waiting: number
  idle: number
}

/** A read of a made-up source on a clock of its own: after how many seconds it had how many connections. */
function readFor(seconds: number, source: Source, join: 'at once' | 'never' = 'at once') {
  let now = 0
  let readers = 1
  const widening = new Widening(rules, { now: () => now, processors: () => ({ idle: now * source.idle, total: now }) })
  const history: [second: number, readers: number][] = []
  let isNew = false
  while (now < seconds * 1000) {
    const bytes = 2 * MB
    const tookMs = bytes / source.rate(readers)
    now += tookMs
    if (isNew) widening.added(readers)
    isNew = false
    const advice = widening.onBatch(bytes, tookMs * readers * source.waiting, readers)
    if (advice === null) continue
    if (advice === 'add' && join === 'never') {
      widening.stop()
      widening.ended()
      continue
    }
    readers += advice === 'add' ? 1 : -1
    if (advice === 'add') isNew = true
    else widening.ended()
    history.push([Math.round(now / 1000), readers])
  }
  return { history, readers, connections: widening.connections }
}

const perSecond = (megabytes: number) => (megabytes * MB) / 1000

it('a source that gives so much for each connection is read over all that are allowed', () => {
  const { history, connections } = readFor(60, { rate: (n) => n * perSecond(8), waiting: 0.95, idle: 0.8 })
  expect(connections).toBe(4)
  expect(history.map(([, readers]) => readers)).toEqual([2, 3, 4])
})

it('a source next door, as busy as this machine, keeps its one connection', () => {
  expect(readFor(600, { rate: () => perSecond(150), waiting: 0.8, idle: 0.02 })).toMatchObject({ history: [], connections: 1 })
})

it('a read that waits for its own stage keeps its one connection', () => {
  expect(readFor(600, { rate: (n) => n * perSecond(150), waiting: 0.3, idle: 0.8 })).toMatchObject({ history: [], connections: 1 })
})

it('where a second one brings nothing it goes again, and is tried more and more rarely', () => {
  const { history, connections, readers } = readFor(600, { rate: () => perSecond(40), waiting: 0.95, idle: 0.8 })
  const tried = history.filter(([, count]) => count === 2).map(([second]) => second)
  expect(connections).toBe(1)
  expect(readers).toBe(1)
  expect(tried).toHaveLength(4)
  expect(tried.map((second, index) => second - (tried[index - 1] ?? 0)).slice(1)).toEqual([expect.closeTo(65, -1), expect.closeTo(125, -1), expect.closeTo(245, -1)])
})

it('where two are as fast as three, two stay', () => {
  expect(readFor(50, { rate: (n) => Math.min(n, 2) * perSecond(20), waiting: 0.9, idle: 0.8 })).toMatchObject({ readers: 2, connections: 2 })
})

it('a connection that could not be added is the last that was tried', () => {
  expect(readFor(600, { rate: (n) => n * perSecond(8), waiting: 0.95, idle: 0.8 }, 'never')).toMatchObject({ readers: 1, connections: 1 })
})

it('a machine that says nothing of its processors lets the trial tell', () => {
  let now = 0
  const widening = new Widening(rules, { now: () => now, processors: () => ({ idle: 0, total: 0 }) })
  const advice = Array.from({ length: 40 }, () => {
    now += 250
    return widening.onBatch(2 * MB, 245, 1)
  })
  expect(advice).toContain('add')
})
