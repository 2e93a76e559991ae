import http from 'node:http'
import net from 'node:net'
import { gunzipSync } from 'node:zlib'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { openClient } from './client'
import { charges, refusal, started } from './started'
import { startStripe } from './stripe-server'
import type { StripeServer } from './types'

test('trouble comes to as many matching requests as it says, after those that it lets pass', async () => {
  const { server, stripe } = await started()
  server.trouble({ matching: /^\/v1\/charges\?/, after: 1, times: 2, kind: { status: 503 } })
  const statuses: (number | undefined)[] = []
  for (const list of [stripe.charges, stripe.customers, stripe.charges, stripe.customers, stripe.charges, stripe.charges]) {
    statuses.push(await list.list({ limit: 1 }).then(() => 200, (error: unknown) => (error instanceof Stripe.errors.StripeError ? error.statusCode : undefined)))
  }
  expect(statuses).toEqual([200, 200, 503, 200, 503, 200])
  expect(server.requests.map(({ status }) => status)).toEqual([200, 200, 503, 200, 503, 200])
})

test('a refusal on demand is in Stripe’s words, with Retry-After where that is asked for', async () => {
  const { server, stripe } = await started()
  server.trouble({ kind: { status: 429, retryAfterSeconds: 7 } })
  server.trouble({ kind: { status: 500 } })
  const limited = await refusal(stripe.charges.list())
  expect(limited).toMatchObject({ statusCode: 429, code: 'rate_limit', headers: { 'retry-after': '7', 'stripe-rate-limited-reason': 'global-rate' } })
  const failed = await refusal(stripe.charges.list())
  expect(failed).toMatchObject({ statusCode: 500, rawType: 'api_error', type: 'StripeAPIError' })
  expect(failed.headers).not.toHaveProperty('retry-after')
})

test('a cut answer ends after so many bytes of its body, or before it began', async () => {
  const { server, store, stripe } = await started()
  charges(store, Array.from({ length: 100 }, (_, index) => index))
  server.trouble({ kind: { cutAfterBytes: 500 } })
  server.trouble({ kind: { cutAfterBytes: 0 } })
  expect(await bytesUntilTheEnd(server, '/v1/charges?limit=100')).toEqual({ status: 200, bytes: 500, isWhole: false })
  expect(await bytesUntilTheEnd(server, '/v1/charges?limit=100')).toEqual({ status: null, bytes: 0, isWhole: false })
  expect(await bytesUntilTheEnd(server, '/v1/charges?limit=100')).toMatchObject({ status: 200, isWhole: true })
  server.trouble({ kind: { cutAfterBytes: 500 } })
  expect(await refusal(stripe.charges.list({ limit: 100 }))).toMatchObject({ type: 'StripeConnectionError' })
  expect(server.requests).toHaveLength(4)
})

test('a request that hangs is under way until its client goes', async () => {
  const { server } = await started()
  server.trouble({ kind: 'hang' })
  const request = http.get(`${server.url}/v1/charges`, { headers: { authorization: `Bearer ${server.key}` } })
  const gone = new Promise((resolve) => request.on('error', resolve))
  await expect.poll(() => server.underWay()).toBe(1)
  expect(server.requests).toEqual([])
  request.destroy()
  await gone
  await expect.poll(() => server.underWay()).toBe(0)
})

test('answers that take their time do so beside each other, and tell what was so when they were asked for', async () => {
  const { server, store, stripe } = await started({ latencyMs: 150 })
  const [id = ''] = charges(store, [0])
  const asked = Array.from({ length: 20 }, () => stripe.charges.list())
  await expect.poll(() => server.underWay()).toBe(20)
  store.update(id, { amount: 9 })
  for (const { data } of await Promise.all(asked)) expect(data[0]?.amount).toBe(0)
  expect(server.underWay()).toBe(0)
  expect((await stripe.charges.list()).data[0]?.amount).toBe(9)
})

test('an answer is zipped for who asks for it', async () => {
  const { server, store } = await started()
  charges(store, Array.from({ length: 100 }, (_, index) => index))
  const { body, headers } = await new Promise<{ body: Buffer; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
    http.get(`${server.url}/v1/charges?limit=100`, { headers: { authorization: `Bearer ${server.key}`, 'accept-encoding': 'gzip, deflate' } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ body: Buffer.concat(parts), headers: response.headers }))
    }).on('error', reject)
  })
  expect(headers['content-encoding']).toBe('gzip')
  const text = gunzipSync(body).toString('utf8')
  expect(text.length).toBeGreaterThan(2 * body.length)
  expect(text).toBe(await (await fetch(`${server.url}/v1/charges?limit=100`, { headers: { authorization: `Bearer ${server.key}`, 'accept-encoding': 'identity' } })).text())
})

test('a closed server leaves no request, no connection and no port', async () => {
  const server = await startStripe({ latencyMs: 60_000 })
  server.trouble({ kind: 'hang' })
  const ended = [openClient(server).charges.list(), openClient(server).customers.list()].map((asked) => refusal(asked))
  await expect.poll(() => server.underWay()).toBe(2)
  await server.close()
  for (const error of await Promise.all(ended)) expect(error.type).toBe('StripeConnectionError')
  await expect.poll(() => server.underWay()).toBe(0)
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1')
  expect(await new Promise((resolve) => socket.on('connect', () => resolve('connected')).on('error', () => resolve('refused')))).toBe('refused')
})

function bytesUntilTheEnd(server: StripeServer, path: string): Promise<{ status: number | null; bytes: number; isWhole: boolean }> {
  return new Promise((resolve) => {
    http.get(server.url + path, { headers: { authorization: `Bearer ${server.key}` } }, (response) => {
      let bytes = 0
      response.on('data', (part: Buffer) => (bytes += part.length)).on('error', () => {}).on('close', () => resolve({ status: response.statusCode ?? 0, bytes, isWhole: response.complete }))
    }).on('error', () => resolve({ status: null, bytes: 0, isWhole: false }))
  })
}
