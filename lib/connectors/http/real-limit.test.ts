import { expect, test } from 'vitest'
import { never, open, sendJson, startService } from './service-for-test'
import { TokenBucket } from './simulated-service-for-test'

/** The bounds leave room for a busy machine; rate-controller.test.ts holds the narrow ones in virtual time. */
test.concurrent.each([[100, 100, 1000], [100, 10, 1000], [25, 25, 200]])('a real service that allows %i a second, with bursts of %i, is used and hardly ever refuses', async (perSecond, burst, calls) => {
  const bucket = new TokenBucket(perSecond, burst)
  const service = await startService((_, response) => {
    const isAllowed = bucket.take(performance.now())
    setTimeout(() => sendJson(response, {}, isAllowed ? 200 : 429), 95)
  })
  const http = open(service, { startPerSecond: 20 })
  try {
    let left = calls
    const begunAt = performance.now()
    const work = async (): Promise<void> => {
      while (left-- > 0) expect((await http.send({ path: 'x' }, never)).status).toBe(200)
    }
    await Promise.all(Array.from({ length: 60 }, work))
    const kept = calls / ((performance.now() - begunAt) / 1000) / perSecond
    expect(kept).toBeGreaterThan(0.7)
    expect(http.usage.refused / http.usage.requests).toBeLessThan(0.1)
    expect(http.pace()).toMatch(/^\d+ of about \d+ requests a second$/)
  } finally {
    http.close()
    await service.close()
  }
})
