import { expect, test } from 'vitest'
import { simulate, TokenBucket } from './simulated-service-for-test'

test('print', () => {
  const show = (name: string, r: ReturnType<typeof simulate>) => console.log(name, (r.kept * 100).toFixed(1), r.refused, (r.refusedShare * 100).toFixed(2), r.controller.limit?.toFixed(1), r.mostUnderWay)
  for (const burst of [0, 1, 5, 100]) show(`100/${burst}`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000 }))
  for (const burst of [0, 1, 5, 25]) show(`25/${burst}`, simulate({ bucket: new TokenBucket(25, burst), requests: 400 }))
  for (const burst of [1, 25]) show(`25/${burst} 2000`, simulate({ bucket: new TokenBucket(25, burst), requests: 2000 }))
  for (const burst of [1, 5]) show(`5/${burst}`, simulate({ bucket: new TokenBucket(5, burst), requests: 400 }))
  for (const burst of [1]) show(`1/${burst}`, simulate({ bucket: new TokenBucket(1, burst), requests: 200 }))
  for (const burst of [1, 100]) show(`100/${burst} 250ms`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: () => 250 }))
  for (const burst of [1, 10, 100]) show(`100/${burst} jitter`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: (r) => 90 + 20 * r() }))
  for (const burst of [1, 500]) show(`500/${burst}`, simulate({ bucket: new TokenBucket(500, burst), requests: 20000 }))
  for (const burst of [1, 100]) show(`100/${burst} 20000`, simulate({ bucket: new TokenBucket(100, burst), requests: 20000 }))
  for (const burst of [0, 50, 100]) { const b = new TokenBucket(100, burst); const r = simulate({ bucket: b, untilMs: 120e3, at: [[20000, () => { b.perSecond = 50 }]] }); console.log('drop', burst, [18, 20, 22, 25, 30, 40, 60].map((s) => r.passedPerSecond(s * 1000, s * 1000 + 2000)).join(' '), r.refusedBetween(20e3, 30e3), r.refusedBetween(30e3, 120e3)) }
  for (const burst of [0, 50, 100]) { const b = new TokenBucket(100, burst); const r = simulate({ bucket: b, untilMs: 200e3, at: [[60000, () => { b.perSecond = 200 }]] }); console.log('double', burst, [58, 70, 80, 90, 100, 110, 120, 130, 150, 180].map((s) => r.passedPerSecond(s * 1000, s * 1000 + 2000)).join(' '), r.refused) }
  expect(1).toBe(1)
})
