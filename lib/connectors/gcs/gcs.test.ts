import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { startGcs, type GcsServer, type ServiceAccountKey } from '@/test/servers/gcs/gcs-server'
import type { CheckStep } from '../contract'
import { filesConnectorSuite } from '../files-suite'
import { failure } from '../suite/suite'
import { accessOf, bytesOf, listed, onlyOne, type SuiteStore } from '../suite/suite-store'
import { gcs } from './connector'

const never = new AbortController().signal
let server: GcsServer
let key: ServiceAccountKey
let store: SuiteStore

beforeAll(async () => {
  server = await startGcs()
  server.createBucket('shop')
  const [lister, reader, deleted] = ['lister', 'reader', 'owner'].map((name) => server.createKey(name)) as [ServiceAccountKey, ServiceAccountKey, ServiceAccountKey]
  key = server.createKey('owner')
  server.deleteKey(deleted)
  server.grant('shop', key.client_email, { list: true, read: true })
  server.grant('shop', lister.client_email, { list: true })
  server.grant('shop', reader.client_email, { read: true })
  store = {
    config: configOf(key),
    wrongSecret: configOf(deleted),
    unlisted: { config: configOf(reader), right: 'storage.objects.list' },
    unread: { config: configOf(lister), right: 'storage.objects.get' },
    secrets: [key, lister, reader, deleted].flatMap((each) => [each.private_key, JSON.stringify(each), each.private_key_id]),
    pattern: (keys) => `gs://shop/${keys}`,
    missing: (keys) => `gs://nowhere/${keys}`,
    put: (name, body) => Promise.resolve(void server.putObject('shop', name, body)),
    remove: (name) => Promise.resolve(server.deleteObject('shop', name)),
    manyObjects: 2300,
    // Google knows no line breaks in a name, and 1,024 bytes of it
    canHold: (name) => !/[\r\n]/.test(name),
  }
})

afterAll(() => server.close())

describe('by a service account', () => {
  filesConnectorSuite(gcs, () => store)
})

function configOf(account: ServiceAccountKey): Record<string, unknown> {
  return { key_file: JSON.stringify(account), endpoint: server.url }
}

const tokens = () => server.requests.filter(({ path }) => path === '/token').length
const asked = (method: string, text: string) => server.requests.filter((seen) => seen.method === method && seen.path.includes(text))

async function checked(config: Record<string, unknown>): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  for await (const step of gcs.check(gcs.config.parse(config), never)) steps.push(step)
  return steps
}

test('a token is fetched once for all that read at the same time', async () => {
  for (let at = 0; at < 20; at++) await store.put(`token/${at}.csv`, `row ${at}`)
  const before = tokens()
  const access = accessOf(gcs, store, 'token/*')
  const objects = await listed(access)
  await Promise.all(objects.map((object) => bytesOf(access, object)))
  expect(tokens() - before).toBe(1)
})

test('a token that is void in the middle is replaced, and the request sent again', async () => {
  await store.put('token/void.csv', 'row')
  const access = accessOf(gcs, store, 'token/void.csv')
  const object = await onlyOne(access)
  const before = tokens()
  server.advance(3700)
  try {
    expect((await bytesOf(access, object)).toString()).toBe('row')
    expect(tokens() - before).toBe(1)
  } finally {
    server.advance(-3700)
  }
})

test('a clock that is hours off is told as such, with the time it shows', async () => {
  server.advance(-7200)
  try {
    expect((await checked(store.config)).at(-1)?.error).toMatchObject({ code: 'credentials', title: 'The clock of this machine is wrong', detail: expect.stringMatching(/\d{4}-\d\d-\d\dT/) })
  } finally {
    server.advance(7200)
  }
})

test('what is stored packed comes packed, with the length that was listed', async () => {
  const { gzipSync } = await import('node:zlib')
  const packed = gzipSync('a\n'.repeat(1000))
  server.putObject('shop', 'packed/a.csv', packed, { contentEncoding: 'gzip' })
  const access = accessOf(gcs, store, 'packed/*')
  const object = await onlyOne(access)
  expect(object.bytes).toBe(packed.length)
  expect((await bytesOf(access, object)).equals(packed)).toBe(true)
  expect((await bytesOf(access, object, { from: 5 })).equals(packed.subarray(5))).toBe(true)
})

test('a read that is cut or refused for the moment may be tried again; a listing does so by itself', async () => {
  await store.put('trouble/a.csv', '0123456789')
  const access = accessOf(gcs, store, 'trouble/*')
  const object = await onlyOne(access)
  server.trouble({ in: 'trouble%2Fa.csv', cutAfter: 4 })
  expect(await failure(bytesOf(access, object))).toMatchObject({ code: 'unreachable', isRetryable: true })
  server.trouble({ in: 'trouble%2Fa.csv', status: 503 })
  expect(await failure(bytesOf(access, object))).toMatchObject({ code: 'source', isRetryable: true })
  server.trouble({ in: '/o?prefix=trouble', status: 503, times: 2 })
  expect(await listed(access)).toHaveLength(1)
})

test('one file is asked for by its name, without a listing', async () => {
  await store.put('one/a.csv', 'x')
  const before = asked('GET', '/o?').length
  await onlyOne(accessOf(gcs, store, 'one/a.csv'))
  expect(asked('GET', '/o?').length).toBe(before)
})

test.each([
  ['a deleted key', (account: ServiceAccountKey) => ({ ...account, private_key_id: '0'.repeat(40) }), 'Google does not accept the key of the service account'],
  ['an account that is not there', (account: ServiceAccountKey) => ({ ...account, client_email: 'nobody@tributary-test.iam.gserviceaccount.com' }), 'Google does not know the service account'],
  ['an address for tokens that is not Google’s', (account: ServiceAccountKey) => ({ ...account, token_uri: 'https://tokens.example.com/token' }), 'The key file names a strange address for tokens'],
])('%s is told apart', async (_, change, title) => {
  expect((await checked(configOf(change(key)))).at(-1)).toMatchObject({ status: 'failed', error: { title, advice: expect.any(String) } })
})

test.each([
  ['{', 'This is no JSON'],
  ['{"type":"authorized_user","client_id":"x"}', 'this one says "authorized_user"'],
  ['{"type":"service_account","client_email":"a@b.c"}', 'lacks private_key'],
  ['{"type":"service_account","client_email":"a@b.c","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIabc\\n-----END PRIVATE KEY-----"}', 'cannot be read'],
])('a key file that cannot be one is told why: %s', (text, message) => {
  const issue = gcs.config.safeParse({ key_file: text }).error?.issues[0]
  expect(issue).toMatchObject({ path: ['key_file'], message: expect.stringContaining(message) })
  expect(issue?.message).not.toContain('MIIabc')
})

test.each([
  ['s3://shop/*.csv', 'This is an address of a store that speaks S3'],
  ['https://account.blob.core.windows.net/shop/*.csv', 'This is an address of Azure Blob'],
  ['https://files.example.com/shop/*.csv', 'This is the address of another store'],
])('%s is refused in words', (pattern, title) => {
  expect(() => gcs.files.checkPattern(gcs.config.parse(store.config), pattern)).toThrow(title)
})

test('private addresses are refused where only public ones are allowed, before anything is sent', async () => {
  setEnv({ EGRESS: 'public' })
  try {
    expect(await failure(listed(gcs.files.open(gcs.config.parse(store.config), 'gs://shop/**')))).toMatchObject({ code: 'not_allowed' })
  } finally {
    setEnv({ EGRESS: 'any' })
  }
})
