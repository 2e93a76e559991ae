import { afterEach, expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { closeAll, closing, failure, never, open, sendJson, serve } from './service-for-test'

afterEach(closeAll)

function session(...args: Parameters<typeof open>): ReturnType<typeof open> {
  const http = open(...args)
  closing.push(() => http.close())
  return http
}

test('a request is signed, and its answer is parsed', async () => {
  const service = await serve((_, response) => sendJson(response, { data: [1] }))
  const http = session(service, { auth: { kind: 'bearer', token: 'key_123' }, headers: { 'X-Version': '3' } })
  expect(await http.json({ path: '/v1/things', query: { limit: '1', 'expand[]': ['a', 'b'] } }, never)).toMatchObject({ value: { data: [1] }, bytes: 12 })
  expect(service.asked[0]).toMatchObject({ method: 'GET', path: '/v1/things?limit=1&expand%5B%5D=a&expand%5B%5D=b', headers: { authorization: 'Bearer key_123', 'x-version': '3' } })
  expect(http.usage).toMatchObject({ requests: 1, retries: 0, refused: 0, bytes: 12 })
})

test.each([408, 425, 429, 500, 502, 503, 504])('status %i is tried again until it passes, and each attempt is counted', async (status) => {
  const service = await serve((_, response, count) => (count < 2 ? sendJson(response, {}, status) : sendJson(response, 'there')))
  const http = session(service)
  expect((await http.json({ path: 'x' }, never)).value).toBe('there')
  expect(http.usage).toMatchObject({ requests: 3, retries: 2, refused: status === 429 ? 2 : 0 })
})

test.each([400, 401, 403, 404, 409, 410, 422, 501])('status %i is an answer at once', async (status) => {
  const service = await serve((_, response) => sendJson(response, {}, status))
  const http = session(service)
  expect((await http.send({ path: 'x' }, never)).status).toBe(status)
  expect(http.usage.requests).toBe(1)
})

test('after the last attempt the status is an answer, and json says it in words', async () => {
  const service = await serve((_, response) => sendJson(response, { error: { message: 'down for a while' } }, 503))
  const http = session(service)
  expect((await http.send({ path: 'x' }, never)).status).toBe(503)
  expect(service.asked).toHaveLength(4)
  expect(await failure(http.json({ path: 'x' }, never))).toMatchObject({ code: 'source', isRetryable: true, detail: 'HTTP 503: down for a while' })
})

test('a request that may not be repeated is sent once; one that names it is repeated, also at statuses of its own', async () => {
  const service = await serve((request, response) => sendJson(response, {}, request.url === '/lock' ? 409 : 500))
  const http = session(service)
  await http.send({ path: 'x', method: 'POST', body: '{}' }, never)
  expect(service.asked).toHaveLength(1)
  await http.send({ path: 'x', method: 'POST', body: '{}', isRepeatable: true }, never)
  expect(service.asked).toHaveLength(5)
  await http.send({ path: 'lock', repeatStatuses: [409] }, never)
  expect(service.asked).toHaveLength(9)
})

test('Stripe-Should-Retry decides, whatever the status, but too many requests are always repeated', async () => {
  const answers: Record<string, [number, string]> = { '/no': [500, 'false'], '/yes': [409, 'true'], '/slower': [429, 'false'] }
  const service = await serve((request, response) => {
    const [status, word] = answers[request.url ?? ''] ?? [200, '']
    sendJson(response, {}, status, { 'stripe-should-retry': word })
  })
  const http = session(service)
  const attempts = async (path: string): Promise<number> => {
    const before = service.asked.length
    await http.send({ path }, never)
    return service.asked.length - before
  }
  expect([await attempts('no'), await attempts('yes'), await attempts('slower')]).toEqual([1, 4, 4])
})

test('a connection that nobody takes is tried again and then told in words', async () => {
  const service = await serve(() => {})
  const http = session(service)
  await service.close()
  const error = await failure(http.send({ path: 'x' }, never))
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'refused', isRetryable: true, detail: 'Nothing listens at this port (tried 4 times)' })
  expect(http.usage).toMatchObject({ requests: 4, retries: 3 })
})
