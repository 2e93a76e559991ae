import { afterEach, expect, test, vi } from 'vitest'
import { openHttp, type Http, type HttpOptions } from '../http'
import { RateLimiter, type Turn } from './rate-limiter'
import { closeAll, closing, failure, never, open, sendJson, serve, SHORT, type Service } from './service-for-test'

afterEach(closeAll)

function session(service: Service, account: string, options: Partial<HttpOptions> = {}): Http {
  const http = openHttp({ baseUrl: service.url, account, startPerSecond: 1000, ...options, patience: { ...SHORT, ...options.patience } })
  closing.push(() => http.close())
  return http
}

test('turns come in the order in which they were asked for, repeats first, and who gives up leaves the queue at once', async () => {
  const limiter = new RateLimiter({ startPerSecond: 1000, mostPerSecond: 1000, concurrency: 1 })
  const order: string[] = []
  const turns: Turn[] = []
  const stop = new AbortController()
  const ask = (name: string, isAgain = false, signal = never): Promise<void> =>
    limiter.turn(isAgain, signal).then((turn) => {
      order.push(name)
      turns.push(turn)
    })
  await ask('first')
  const waiting = [ask('second'), ask('third'), ask('repeat', true)]
  const gone = failure(ask('gone', false, stop.signal))
  stop.abort(new Error('gave up'))
  expect(await gone).toMatchObject({ message: 'gave up' })
  expect(limiter.waiting).toBe(3)
  for (let count = 0; count < 3; count++) {
    turns.at(-1)?.passed()
    await vi.waitFor(() => expect(turns.length).toBe(count + 2))
  }
  await Promise.all(waiting)
  expect(order).toEqual(['first', 'repeat', 'second', 'third'])
})

test('sessions of one account share its pace, and another account has its own', async () => {
  const service = await serve((_, response) => sendJson(response, {}))
  const [one, two, other] = [session(service, 'shared', { mostPerSecond: 20 }), session(service, 'shared'), session(service, 'of its own')]
  const begunAt = performance.now()
  const send = (http: Http, count: number): Promise<unknown> => Promise.all(Array.from({ length: count }, () => http.send({ path: 'x' }, never)))
  await send(other, 30)
  await Promise.all([send(one, 6), send(two, 6)])
  expect(performance.now() - begunAt).toBeGreaterThan(450) // 12 requests at 20 a second, the first two together
  expect(two.usage.waitedSeconds).toBeGreaterThan(0.1)
})

test('a refusal makes all sessions of the account pause, and what was learned is still known after the last has closed', async () => {
  let refusals = 0
  const service = await serve((_, response) => (refusals-- > 0 ? sendJson(response, {}, 429, { 'retry-after': '1' }) : sendJson(response, {})))
  const lines: string[] = []
  const [one, two] = [session(service, 'paused', { patience: { pauseSeconds: 0.3 }, log: (_, line) => lines.push(line) }), session(service, 'paused')]
  for (let count = 0; count < 5; count++) await two.send({ path: 'x' }, never)
  expect(two.pace()).toMatch(/^\d+ requests a second$/)
  refusals = 1
  const paused = one.send({ path: 'x' }, never)
  await vi.waitFor(() => expect(one.usage.refused).toBe(1))
  const begunAt = performance.now()
  await two.send({ path: 'x' }, never)
  expect(performance.now() - begunAt).toBeGreaterThan(200)
  await paused
  expect(one.usage).toMatchObject({ requests: 2, retries: 1, refused: 1 })
  expect(lines.some((line) => line.includes('asks for a pause of 0.3 s'))).toBe(true)
  expect(lines.some((line) => /allows about [\d.]+ requests a second/.test(line))).toBe(true)
  one.close()
  two.close()
  expect(session(service, 'paused').pace()).toMatch(/of about [\d.]+ requests a second$/)
  expect(session(service, 'never seen').pace()).toBeNull()
})

test('a storm of refusals ends with the answer that was refused, in words, and few are sent meanwhile', async () => {
  const service = await serve((_, response) => sendJson(response, { message: 'slow down' }, 429))
  const http = open(service)
  closing.push(() => http.close())
  const errors = await Promise.all(Array.from({ length: 4 }, () => failure(http.json({ path: 'x' }, AbortSignal.timeout(20_000)))))
  for (const error of errors) expect(error).toMatchObject({ code: expect.stringMatching(/rate_limited|cancelled/), isRetryable: expect.any(Boolean) })
  expect(http.usage.refused).toBe(service.asked.length)
  expect(service.asked.length).toBeLessThanOrEqual(16)
})
