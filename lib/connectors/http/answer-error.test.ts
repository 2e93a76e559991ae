import { expect, test } from 'vitest'
import { parsedJson, refusedInWords } from './answer-error'
import { failure } from './service-for-test'

function told(status: number, body: string, type = 'application/json'): ReturnType<typeof refusedInWords> {
  return refusedInWords({ status, headers: { 'content-type': type }, body: Buffer.from(body) }, 'api.example.com', (text) => text.replaceAll('key_123', '•••'))
}

test.each([
  [401, 'credentials', false],
  [403, 'permission', false],
  [404, 'not_found', false],
  [429, 'rate_limited', true],
  [500, 'source', true],
  [503, 'source', true],
  [400, 'source', false],
  [304, 'source', false],
] as const)('status %i is %s', (status, code, isRetryable) => {
  expect(told(status, '{"error":"because"}')).toMatchObject({ code, isRetryable, detail: `HTTP ${status}: because`, advice: expect.any(String), title: expect.stringContaining('api.example.com') })
})

test.each([
  ['{"error":{"message":"Stripe’s way","type":"x"}}', 'Stripe’s way'],
  ['{"errors":[{"detail":"JSON:API’s way"}]}', 'JSON:API’s way'],
  ['{"error":"invalid_grant","error_description":"OAuth’s way"}', 'OAuth’s way'],
  ['{"title":"Bad","detail":"the problem of RFC 9457"}', 'the problem of RFC 9457'],
  ['["a list"]', 'a list'],
  ['{"message":"two\\n lines\\u0000 and key_123"}', 'two lines and •••'],
])('of %s people see what it says', (body, said) => {
  expect(told(400, body).detail).toBe(`HTTP 400: ${said}`)
})

test('plain text is a message, a page is none, and a long message is cut after it was blotted', () => {
  expect(told(500, 'upstream is down', 'text/plain').detail).toBe('HTTP 500: upstream is down')
  expect(told(502, '<html><h1>Bad gateway</h1></html>', 'text/html').detail).toBe('HTTP 502')
  expect(told(400, '').detail).toBe('HTTP 400')
  const long = told(400, JSON.stringify({ message: `${'x'.repeat(296)} key_123 and more` })).detail ?? ''
  expect(long).not.toContain('key')
  expect(long.length).toBeLessThan(330)
})

test.each([
  ['', 'It is empty'],
  ['{"a":', 'Its text is no JSON'],
])('a body that is no JSON is told in words: %j', async (body, detail) => {
  const error = await failure(Promise.resolve().then(() => parsedJson({ status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }, 'api.example.com')))
  expect(error).toMatchObject({ code: 'source', detail, title: 'An answer of api.example.com is not JSON' })
})
