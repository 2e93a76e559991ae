import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assertionOf, exchange, READ_ONLY, signIn } from './assertion-for-test'
import { startGcs, type GcsServer, type ServiceAccountKey } from './gcs-server'

let server: GcsServer
let key: ServiceAccountKey

beforeAll(async () => {
  server = await startGcs()
  key = server.createKey('reader')
  server.createBucket('shop')
  server.grant('shop', key.client_email, { list: true })
})
afterAll(() => server.close())

test('a signed assertion is exchanged for a bearer token that lists', async () => {
  const { status, answer } = await exchange(server, assertionOf(key))
  expect([status, answer]).toEqual([200, { access_token: expect.stringMatching(/^ya29\./), expires_in: 3599, token_type: 'Bearer' }])
  expect((await list(String(answer.access_token))).status).toBe(200)
})

test('any of the keys of an account signs, until it is deleted', async () => {
  const second = server.createKey('reader')
  for (const each of [key, second]) expect((await exchange(server, assertionOf(each))).status).toBe(200)
  server.deleteKey(second)
  expect((await exchange(server, assertionOf(second))).answer).toMatchObject({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' })
})

const now = () => Math.floor(Date.now() / 1000)
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey

test.each<[string, string, RegExp, () => string]>([
  ['signed with another key', 'invalid_grant', /Signature/, () => assertionOf({ ...key, private_key: stranger })],
  ['whose claims were changed after it was signed', 'invalid_grant', /Signature/, () => tampered(assertionOf(key))],
  ['without a signature', 'invalid_grant', /parse/, () => `${assertionOf(key, {}, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
  ['of another algorithm', 'invalid_grant', /parse/, () => assertionOf(key, {}, { alg: 'HS256' })],
  ['of an account that is not there', 'invalid_grant', /account not found/, () => assertionOf({ ...key, client_email: 'nobody@tributary-test.iam.gserviceaccount.com' })],
  ['for another audience', 'invalid_grant', /audience/, () => assertionOf(key, { aud: 'https://oauth2.googleapis.com/token' })],
  ['by a clock that is ten minutes fast', 'invalid_grant', /short-lived/, () => assertionOf(key, { iat: now() + 600, exp: now() + 4200 })],
  ['that has expired', 'invalid_grant', /short-lived/, () => assertionOf(key, { iat: now() - 4200, exp: now() - 600 })],
  ['that lives longer than an hour', 'invalid_grant', /short-lived/, () => assertionOf(key, { exp: now() + 3700 })],
  ['without a scope', 'invalid_scope', /scope/, () => assertionOf(key, { scope: '' })],
  ['for somebody else', 'unauthorized_client', /unauthorized/, () => assertionOf(key, { sub: 'boss@example.com' })],
])('an assertion %s is refused', async (_name, error, words, assertion) => {
  const { status, answer } = await exchange(server, assertion())
  expect([status, answer]).toEqual([400, { error, error_description: expect.stringMatching(words) }])
})

test('another kind of grant is refused', async () => {
  expect((await exchange(server, assertionOf(key), 'client_credentials')).answer).toMatchObject({ error: 'unsupported_grant_type' })
})

test('a bearer token expires by the clock of the server', async () => {
  const token = await signIn(server, key)
  server.advance(3598)
  expect((await list(token)).status).toBe(200)
  server.advance(2)
  expect(await list(token)).toMatchObject({ status: 401, reason: 'authError' })
  server.advance(-3600)
})

test('a made-up token is refused, and one whose scope is too narrow', async () => {
  expect(await list('ya29.made-up')).toMatchObject({ status: 401, reason: 'authError' })
  const narrow = await signIn(server, key, { scope: READ_ONLY.replace('devstorage.read_only', 'bigquery') })
  expect(await list(narrow)).toMatchObject({ status: 403, reason: 'forbidden' })
})

function tampered(assertion: string): string {
  const [header, , signature] = assertion.split('.')
  const other = assertionOf(key, { exp: now() + 1800 }).split('.')[1]
  return `${header}.${other}.${signature}`
}

async function list(token: string): Promise<{ status: number; reason: unknown }> {
  const response = await fetch(`${server.url}/storage/v1/b/shop/o`, { headers: { authorization: `Bearer ${token}` } })
  const body = (await response.json()) as { error?: { errors: { reason: string }[] } } // the emulator's own answer
  return { status: response.status, reason: body.error?.errors[0]?.reason }
}
