import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { signIn } from './assertion-for-test'
import { startGcs, type GcsServer } from './gcs-server'

const Page = z.object({ items: z.array(z.record(z.string(), z.unknown())).default([]), nextPageToken: z.string().optional() })

let server: GcsServer
let token: string

beforeAll(async () => {
  server = await startGcs()
  const key = server.createKey('reader')
  token = await signIn(server, key)
  server.createBucket('shop')
  server.createBucket('many')
  for (const bucket of ['shop', 'many']) server.grant(bucket, key.client_email, { list: true, read: true })
  for (let at = 0; at < 1203; at++) server.putObject('many', `part/${String(at).padStart(4, '0')}`, 'x')
})
beforeEach(() => {
  for (const name of ['a/1.csv', 'a/2.csv', 'b/ü &+?.csv']) server.putObject('shop', name, '123456789', { contentType: 'text/csv' })
  server.requests.length = 0
})
afterAll(() => server.close())

test('an object is told with its size, time, generation and checksums', async () => {
  const { items } = await page('shop', { prefix: 'b/' })
  expect(items).toEqual([expect.objectContaining({ kind: 'storage#object', name: 'b/ü &+?.csv', bucket: 'shop', size: '9', contentType: 'text/csv', md5Hash: 'JfnnlDI7RTiF9RgfG2JNCw==', crc32c: '4waSgw==', etag: expect.any(String), generation: expect.stringMatching(/^\d{16}$/), updated: expect.stringMatching(/Z$/) })])
  expect(await (await get('shop', 'b/ü &+?.csv')).json()).toEqual(items[0])
  server.putObject('shop', 'composed', 'x', { isComposite: true })
  expect((await page('shop', { prefix: 'composed' })).items[0]).not.toHaveProperty('md5Hash')
  server.deleteObject('shop', 'composed')
})

test('lists in the order of the bytes of names, at most a thousand on a page, whatever is asked for', async () => {
  const first = await page('many', { maxResults: '5000' })
  const second = await page('many', { pageToken: first.nextPageToken! })
  expect([first.items.length, second.items.length, second.nextPageToken]).toEqual([1000, 203, undefined])
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(Array.from({ length: 1203 }, (_, at) => `part/${String(at).padStart(4, '0')}`))
  server.putObject('shop', 'z/\u{1f600}', '')
  server.putObject('shop', 'z/\uffee', '')
  expect((await page('shop', { prefix: 'z/' })).items.map(({ name }) => name)).toEqual(['z/\uffee', 'z/\u{1f600}'])
  for (const name of ['z/\u{1f600}', 'z/\uffee']) server.deleteObject('shop', name)
})

test('a page goes on after the last name, though that object is gone and others came', async () => {
  const first = await page('shop', { maxResults: '1' })
  server.deleteObject('shop', 'a/1.csv')
  server.putObject('shop', 'a/0.csv', 'x')
  server.putObject('shop', 'a/11.csv', 'x')
  expect((await page('shop', { pageToken: first.nextPageToken! })).items.map(({ name }) => name)).toEqual(['a/11.csv', 'a/2.csv', 'b/ü &+?.csv'])
  for (const name of ['a/0.csv', 'a/11.csv']) server.deleteObject('shop', name)
})

test('starts at a name, itself included, and answers with the fields that are asked for', async () => {
  expect(await page('shop', { startOffset: 'a/2.csv', maxResults: '1', fields: 'items(name,size),nextPageToken' })).toEqual({ items: [{ name: 'a/2.csv', size: '9' }], nextPageToken: expect.any(String) })
  expect(await page('shop', { startOffset: 'a/2.csv', prefix: 'b', fields: 'items/name' })).toEqual({ items: [{ name: 'b/ü &+?.csv' }] })
})

test.each([
  [{ maxResults: 'many' }, 400, 'invalid'],
  [{ pageToken: 'bm9uZQ==' }, 400, 'invalid'],
  [{ fields: 'items(colour)' }, 400, 'invalidParameter'],
  [{ matchGlob: '**' }, 501, 'notImplemented'],
])('a list with %o is refused', async (query, status, reason) => {
  const response = await ask('/storage/v1/b/shop/o', query)
  expect([response.status, await response.json()]).toEqual([status, { error: expect.objectContaining({ code: status, errors: [expect.objectContaining({ domain: 'global', reason })] }) }])
})

test.each([
  ['bytes=2-4', 206, 'bytes 2-4/9', '345'],
  ['bytes=7-', 206, 'bytes 7-8/9', '89'],
  ['bytes=-2', 206, 'bytes 7-8/9', '89'],
  ['bytes=7-100', 206, 'bytes 7-8/9', '89'],
  ['bytes=9-', 416, null, 'The requested range cannot be satisfied.'],
  ['lines=1-2', 200, null, '123456789'],
])('a range %s is answered with %i', async (range, status, contentRange, text) => {
  const response = await get('shop', 'a/1.csv', { alt: 'media' }, { range })
  expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([status, contentRange, text])
  expect(server.requests).toEqual([{ method: 'GET', path: '/storage/v1/b/shop/o/a%2F1.csv?alt=media', range, status }])
})

test('a generation that was replaced is not there, and a condition on it fails', async () => {
  const before = (await get('shop', 'a/1.csv', { alt: 'media' })).headers.get('x-goog-generation')!
  expect((await get('shop', 'a/1.csv', { alt: 'media', ifGenerationMatch: before })).status).toBe(200)
  const after = server.putObject('shop', 'a/1.csv', 'new')
  expect(Number(after)).toBeGreaterThan(Number(before))
  expect((await get('shop', 'a/1.csv', { alt: 'media', ifGenerationMatch: before })).status).toBe(412)
  expect((await get('shop', 'a/1.csv', { alt: 'media', generation: before })).status).toBe(404)
  const told = await get('shop', 'a/1.csv', { ifGenerationMatch: before })
  expect([told.status, await told.json()]).toEqual([412, { error: expect.objectContaining({ errors: [expect.objectContaining({ reason: 'conditionNotMet' })] }) }])
})

test('what is stored zipped is unzipped for who does not take it so, whole and without a range', async () => {
  const zipped = gzipSync('id\n1\n')
  server.putObject('shop', 'zipped', zipped, { contentEncoding: 'gzip' })
  const plain = await get('shop', 'zipped', { alt: 'media' }, { range: 'bytes=0-1', 'accept-encoding': 'identity' })
  expect([plain.status, await plain.text(), plain.headers.get('x-goog-stored-content-encoding')]).toEqual([200, 'id\n1\n', 'gzip'])
  const asStored = await get('shop', 'zipped', { alt: 'media' }, { 'accept-encoding': 'gzip' })
  expect([asStored.headers.get('content-length'), asStored.headers.get('content-encoding')]).toEqual([String(zipped.length), 'gzip'])
  server.deleteObject('shop', 'zipped')
})

test('who may list and who may read are told apart, in the words of the service', async () => {
  const [lister, reader] = [server.createKey('lister'), server.createKey('fetcher')]
  server.grant('shop', lister.client_email, { list: true })
  server.grant('shop', reader.client_email, { read: true })
  const statuses = async (key: typeof lister) => {
    const authorization = `Bearer ${await signIn(server, key)}`
    const answers = [await ask('/storage/v1/b/shop/o', {}, { authorization }), await get('shop', 'a/1.csv', { alt: 'media' }, { authorization })]
    return Promise.all(answers.map(async (answer) => [answer.status, answer.ok || (await answer.text())]))
  }
  expect(await statuses(lister)).toEqual([[200, true], [403, expect.stringContaining(`${lister.client_email} does not have storage.objects.get access`)]])
  expect(await statuses(reader)).toEqual([[403, expect.stringContaining(`${reader.client_email} does not have storage.objects.list access`)], [200, true]])
  const nobody = await fetch(`${server.url}/storage/v1/b/shop/o`)
  expect([nobody.status, await nobody.json()]).toEqual([401, { error: expect.objectContaining({ errors: [expect.objectContaining({ reason: 'required', location: 'Authorization' })] }) }])
  server.grant('shop', 'allUsers', { list: true })
  expect((await fetch(`${server.url}/storage/v1/b/shop/o`)).status).toBe(200)
})

test('a missing bucket, a missing object and an unknown address are told apart', async () => {
  const messages = await Promise.all(['/storage/v1/b/nowhere/o', '/storage/v1/b/shop/o/none', '/storage/v1/b/shop/o/a/1.csv'].map(async (path) => {
    const response = await ask(path)
    return [response.status, ((await response.json()) as { error: { message: string } }).error.message] // the emulator's own answer
  }))
  expect(messages).toEqual([[404, 'The specified bucket does not exist.'], [404, 'No such object: shop/none'], [404, 'Not Found']])
})

test('trouble comes when it is told to: a failure, a cut body, a change just before the answer', async () => {
  server.trouble({ in: 'a%2F1.csv', status: 503, times: 2 })
  expect([(await get('shop', 'a/1.csv')).status, (await get('shop', 'a/1.csv')).status, (await get('shop', 'a/1.csv')).status]).toEqual([503, 503, 200])
  server.trouble({ in: 'a%2F1.csv', cutAfter: 4 })
  const cut = await get('shop', 'a/1.csv', { alt: 'media' })
  expect([cut.status, cut.headers.get('content-length')]).toEqual([200, '9'])
  await expect(cut.text()).rejects.toThrow('terminated')
  server.trouble({ in: 'alt=media', before: () => server.putObject('shop', 'a/1.csv', 'other') })
  expect(await (await get('shop', 'a/1.csv', { alt: 'media' })).text()).toBe('other')
})

function ask(path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
  const search = new URLSearchParams(query).toString()
  return fetch(`${server.url}${path}${search && `?${search}`}`, { headers: { authorization: `Bearer ${token}`, ...headers } })
}

function get(bucket: string, name: string, query?: Record<string, string>, headers?: Record<string, string>): Promise<Response> {
  return ask(`/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`, query, headers)
}

async function page(bucket: string, query: Record<string, string>): Promise<z.infer<typeof Page>> {
  return Page.parse(await (await ask(`/storage/v1/b/${bucket}/o`, query)).json())
}
