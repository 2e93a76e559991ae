import { expect, test } from 'vitest'
import { FixedWindow, simulate, SlidingWindow, TokenBucket } from './simulated-service-for-test'

test('print', () => {
  const out: string[] = []
  const show = (name: string, r: ReturnType<typeof simulate>) => out.push([name.padEnd(22), (r.kept * 100).toFixed(1), r.refused, (r.refusedShare * 100).toFixed(2), r.controller.limit?.toFixed(1), r.mostUnderWay].join(' '))
  for (const burst of [1, 2, 5, 10, 20, 50, 100, 200]) show(`100/${burst}`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000 }))
  for (const burst of [1, 2, 5, 10, 25, 50]) show(`25/${burst} 400`, simulate({ bucket: new TokenBucket(25, burst), requests: 400 }))
  for (const burst of [1, 5, 25]) show(`25/${burst} 2000`, simulate({ bucket: new TokenBucket(25, burst), requests: 2000 }))
  for (const burst of [1, 5]) show(`5/${burst} 400`, simulate({ bucket: new TokenBucket(5, burst), requests: 400 }))
  for (const burst of [1]) show(`1/${burst} 200`, simulate({ bucket: new TokenBucket(1, burst), requests: 200 }))
  for (const burst of [1, 10, 100]) show(`100/${burst} 250ms`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: () => 250 }))
  for (const burst of [1, 2, 5, 10, 100]) show(`100/${burst} jitter`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: (r) => 90 + 20 * r() }))
  for (const burst of [1]) show(`100/${burst} jitter .5`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000, latencyMs: (r) => 100 + r() }))
  for (const burst of [1]) show(`25/${burst} jitter 20`, simulate({ bucket: new TokenBucket(25, burst), requests: 400, latencyMs: (r) => 90 + 20 * r() }))
  for (const burst of [25]) show(`25/${burst} jitter 20`, simulate({ bucket: new TokenBucket(25, burst), requests: 400, latencyMs: (r) => 90 + 20 * r() }))
  for (const burst of [1, 20, 500]) show(`500/${burst} 10000`, simulate({ bucket: new TokenBucket(500, burst), requests: 10000, options: { concurrency: 100 } }))
  for (const burst of [1, 20, 500]) show(`500/${burst} 20000`, simulate({ bucket: new TokenBucket(500, burst), requests: 20000, options: { concurrency: 100 } }))
  for (const burst of [1, 10, 100]) show(`100/${burst} 20000`, simulate({ bucket: new TokenBucket(100, burst), requests: 20000 }))
  for (const burst of [1, 10, 100]) show(`100/${burst} retry-after 1`, simulate({ bucket: new TokenBucket(100, burst), requests: 2000, retryAfterMs: 1000 }))
  for (const offset of [0, 300, 700]) show(`fixed 100 +${offset}`, simulate({ bucket: new FixedWindow(100, offset), requests: 2000 }))
  for (const offset of [0, 300, 700]) show(`fixed 25 +${offset}`, simulate({ bucket: new FixedWindow(25, offset), requests: 400 }))
  for (const rate of [100, 25]) show(`sliding ${rate}`, simulate({ bucket: new SlidingWindow(rate), requests: rate * 20 }))
  for (const burst of [1, 10, 50, 100]) { const b = new TokenBucket(100, burst); const r = simulate({ bucket: b, untilMs: 120e3, at: [[20000, () => { b.perSecond = 50 }]] }); out.push(`halve ${burst} ` + [18, 20, 22, 25, 30, 40, 60, 100].map((s) => r.passedPerSecond(s * 1000, s * 1000 + 2000)).join(' ') + ` refused ${r.refusedBetween(20e3, 30e3)} ${r.refusedBetween(30e3, 120e3)}`) }
  for (const burst of [1, 10, 50, 100]) { const b = new TokenBucket(100, burst); const r = simulate({ bucket: b, untilMs: 200e3, at: [[60000, () => { b.perSecond = 200 }]] }); out.push(`double ${burst} ` + [58, 70, 80, 90, 100, 110, 120, 130, 150, 180].map((s) => r.passedPerSecond(s * 1000, s * 1000 + 2000)).join(' ') + ` ${r.refused}`) }
  console.log(out.join('\n'))
  expect(1).toBe(1)
})
