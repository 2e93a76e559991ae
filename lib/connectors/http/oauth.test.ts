import { afterEach, expect, test, vi } from 'vitest'
import { toErrorView, toSentence } from '@/lib/core/errors'
import { closeAll, closing, failure, never, open, sendJson, serve, type Service } from './service-for-test'
import type { Http, OAuth2 } from './types'

afterEach(closeAll)

interface Scene {
  http: Http
  tokens: Service
  api: Service
  lines: string[]
}

/** A token endpoint and an API that takes the tokens for which `isGood`. */
async function scene(grant: (count: number) => [unknown, number?], isGood: (token: string) => boolean, auth: Partial<OAuth2> = {}): Promise<Scene> {
  const lines: string[] = []
  const tokens = await serve((_, response, count) => {
    const [value, status = 200] = grant(count)
    setTimeout(() => sendJson(response, value, status), 20)
  })
  const api = await serve((request, response) => (isGood((request.headers.authorization ?? '').replace('Bearer ', '')) ? sendJson(response, 'there') : sendJson(response, { error: `bad token ${request.headers.authorization}` }, 401)))
  const http = open(api, { auth: { kind: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'client:1', clientSecret: 'client secret/1', ...auth }, log: (_, line) => lines.push(line) })
  closing.push(() => http.close())
  return { http, tokens, api, lines }
}

test('client credentials: one token serves all requests, also those at the same time', async () => {
  const { http, tokens, api } = await scene(() => [{ access_token: 'token_1', expires_in: 3600 }], (token) => token === 'token_1', { scope: 'read all', fields: { audience: 'us' } })
  await Promise.all(Array.from({ length: 5 }, () => http.json({ path: 'x' }, never)))
  await http.json({ path: 'x' }, never)
  expect(api.asked).toHaveLength(6)
  expect(tokens.asked).toHaveLength(1)
  expect(tokens.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('client%3A1:client+secret%2F1').toString('base64')}`)
  expect(Object.fromEntries(new URLSearchParams(tokens.asked[0]?.body))).toEqual({ grant_type: 'client_credentials', scope: 'read all', audience: 'us' })
})

test('a refresh token is used, and the one that replaces it is told and used from then on', async () => {
  const told: string[] = []
  vi.useFakeTimers({ toFake: ['Date'] })
  closing.push(() => vi.useRealTimers())
  const { http, tokens } = await scene((count) => [{ access_token: `token_${count}`, expires_in: '3600', refresh_token: `refresh_${count + 1}` }], () => true, { refreshToken: 'refresh_0', clientIn: 'body', onRefreshToken: (token) => told.push(token) })
  await http.json({ path: 'x' }, never)
  vi.setSystemTime(Date.now() + 3_550_000) // shortly before it expires
  await http.json({ path: 'x' }, never)
  expect(told).toEqual(['refresh_1', 'refresh_2'])
  const bodies = tokens.asked.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
  expect(bodies).toEqual([
    { grant_type: 'refresh_token', refresh_token: 'refresh_0', client_id: 'client:1', client_secret: 'client secret/1' },
    { grant_type: 'refresh_token', refresh_token: 'refresh_1', client_id: 'client:1', client_secret: 'client secret/1' },
  ])
})

test('a token that is refused is renewed once, by all who met it together; a second refusal is told', async () => {
  const { http, tokens, api } = await scene((count) => [{ access_token: `token_${count}` }], (token) => token === 'token_1')
  const found = await Promise.all([1, 2, 3].map(() => http.json({ path: 'x' }, never)))
  expect(found.map(({ value }) => value)).toEqual(['there', 'there', 'there'])
  expect(tokens.asked).toHaveLength(2)
  expect(api.asked).toHaveLength(6)

  const never1 = await scene((count) => [{ access_token: `token_${count}` }], () => false)
  expect(await failure(never1.http.json({ path: 'x' }, never))).toMatchObject({ code: 'credentials' })
  expect(never1.tokens.asked).toHaveLength(2)
})

test.each([[400, 'invalid_grant'], [401, 'invalid_client'], [403, 'access_denied']])('a token endpoint that answers %i %s refuses the credentials', async (status, error) => {
  const { http, tokens, api } = await scene(() => [{ error, error_description: 'client secret/1 is wrong' }, status], () => true)
  expect(await failure(http.json({ path: 'x' }, never))).toMatchObject({ code: 'credentials', isRetryable: false, detail: `HTTP ${status}: ${error}`, advice: expect.any(String) })
  expect(tokens.asked).toHaveLength(1)
  expect(api.asked).toHaveLength(0)
})

test('a token endpoint that fails is asked again, and then told as something that may pass', async () => {
  const { http, tokens } = await scene((count) => (count < 2 ? [{}, 503] : [{ access_token: 'token_1' }]), () => true)
  expect((await http.json({ path: 'x' }, never)).value).toBe('there')
  expect(tokens.asked).toHaveLength(3)
  const down = await scene(() => [{}, 503], () => true)
  expect(await failure(down.http.json({ path: 'x' }, never))).toMatchObject({ code: 'source', isRetryable: true })
  const strange = await scene(() => ['hello'], () => true)
  expect(await failure(strange.http.json({ path: 'x' }, never))).toMatchObject({ code: 'source', isRetryable: false })
})

test('no secret and no token is in an error or in the log', async () => {
  const { http, lines } = await scene(() => [{ access_token: 'token_secret_1', refresh_token: 'refresh_secret_2' }], () => false, { refreshToken: 'refresh_secret_1' })
  const error = await failure(http.json({ path: 'x', query: { token: 'token_secret_1', refresh: 'refresh_secret_2' } }, never))
  for (const text of [toSentence(toErrorView(error)), ...lines]) for (const secret of ['token_secret_1', 'refresh_secret_1', 'refresh_secret_2', 'client secret/1']) expect(text).not.toContain(secret)
  expect(lines.length).toBeGreaterThan(0)
})

test('an abort leaves the token to the others, and the end of the session ends its request', async () => {
  const tokens = await serve(() => {})
  const api = await serve((_, response) => sendJson(response, {}))
  const http = open(api, { auth: { kind: 'oauth2', tokenUrl: tokens.url, clientId: 'a', clientSecret: 'bbbb' } })
  const stop = new AbortController()
  const [first, second] = [failure(http.send({ path: 'x' }, stop.signal)), failure(http.send({ path: 'x' }, never))]
  stop.abort()
  expect(await first).toMatchObject({ code: 'cancelled' })
  http.close()
  expect(await second).toMatchObject({ code: 'cancelled' })
})
