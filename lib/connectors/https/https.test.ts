import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { FilesHost } from '@/test/servers/files-host'
import type { CheckStep } from '../contract'
import { ObjectChanged, type ListedObject, type ObjectAccess } from '../objects/object-access'
import { https } from './connector'
import { leadsTo } from '../objects/follow'

const never = new AbortController().signal
let host: FilesHost

beforeEach(async () => {
  host = await new FilesHost().listen()
})

afterEach(async () => {
  setEnv({ EGRESS: 'any' })
  await host.close()
})

const open = (pattern: string): ObjectAccess => https.files.open({}, pattern)

async function listed(access: ObjectAccess): Promise<ListedObject[]> {
  const pages: ListedObject[][] = []
  for await (const page of access.list(never)) pages.push(page)
  return pages.flat().sort((one, other) => (one.key < other.key ? -1 : 1))
}

async function only(access: ObjectAccess): Promise<ListedObject> {
  const [object, ...more] = await listed(access)
  if (!object || more.length) throw new Error('one object was expected')
  return object
}

async function text(access: ObjectAccess, object: ListedObject, span: { from: number; to?: number } = { from: 0 }): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of access.read(object, span, never)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then((value) => Promise.reject(new Error(`It passed: ${JSON.stringify(value)}`)), (error: unknown) => error)
}

async function checked(pattern: string): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  for await (const step of https.files.check({}, pattern, never)) steps.push(step)
  return steps
}

test('each address is one object, with what the server tells of it, and its bytes', async () => {
  const one = host.put('/a.csv', 'id\n1\n')
  const two = host.put('/b%20c.csv?page=2', 'id\n2\n')
  const access = open(`${one},\n${two}\n${one}`)
  const objects = await listed(access)
  expect(objects).toMatchObject([{ key: one, bytes: 5, modifiedAt: '2026-01-02T03:04:05.000Z' }, { key: two, bytes: 5 }])
  expect(await Promise.all(objects.map((object) => text(access, object)))).toEqual(['id\n1\n', 'id\n2\n'])
  expect(await access.stat(one, never)).toEqual(objects[0])
  expect(access.addressPrefix + one).toBe(one)
})

test('another state within the same second, of the same length, has another fingerprint', async () => {
  const access = open(host.put('/a.csv', 'id\n1\n'))
  const before = await only(access)
  host.put('/a.csv', 'id\n2\n')
  const after = await only(access)
  expect(after.modifiedAt).toBe(before.modifiedAt)
  expect(after.fingerprint).not.toBe(before.fingerprint)
})

test.each([{ etag: 'weak' }, { etag: 'none' }, { hasLength: false, hasRanges: false }] as const)('a server that tells no state for sure (%j) has no fingerprint and no parts: the bytes are compared', async (habits) => {
  const access = open(host.put('/a.csv', 'id\n1\n', habits))
  const object = await only(access)
  expect(object.fingerprint).toBeNull()
  expect(access.hasRanges).toBe(false)
  expect(await text(access, object)).toBe('id\n1\n')
})

test('a server that refuses HEAD is asked for the first byte', async () => {
  const [one, two] = [host.put('/a.csv', 'id\n1\n', { hasHead: false }), host.put('/b.csv', '', { hasHead: false })]
  const access = open(`${one} ${two}`)
  expect(await listed(access)).toMatchObject([{ bytes: 5, fingerprint: expect.stringContaining('" 5') }, { bytes: 0 }])
  expect(access.hasRanges).toBe(true)
})

test('parts are asked for where the server has them, and cut out where it sends everything', async () => {
  const access = open(host.put('/a.csv', '0123456789'))
  const object = await only(access)
  expect(access.hasRanges).toBe(true)
  for (const hasRanges of [true, false]) {
    host.put('/a.csv', '0123456789', { hasRanges })
    expect(await text(access, object, { from: 3, to: 6 })).toBe('345')
    expect(await text(access, object, { from: 8 })).toBe('89')
    expect(await text(access, object, { from: 3, to: 3 })).toBe('')
  }
  await listed(access)
  expect(access.hasRanges).toBe(false)
})

test.each([true, false])('a file that is another by now is noticed, whether the server looks (%s) or we do', async (hasIfMatch) => {
  const access = open(host.put('/a.csv', 'id\n1\n', { hasIfMatch }))
  const object = await only(access)
  host.put('/a.csv', 'id\n2\n', { hasIfMatch })
  expect(await failure(text(access, object))).toBeInstanceOf(ObjectChanged)
  expect(await failure(text(access, object, { from: 2 }))).toBeInstanceOf(ObjectChanged)
  host.put('/a.csv', '', { hasIfMatch })
  expect(await failure(text(access, object, { from: 2 }))).toBeInstanceOf(ObjectChanged)
  host.delete('/a.csv')
  expect(await failure(text(access, object))).toBeInstanceOf(ObjectChanged)
  expect(await access.stat(object.key, never)).toBeNull()
})

test('an address where nothing is fails in words: nobody said that the file may vanish', async () => {
  expect(await failure(listed(open(`${host.url}/gone.csv`)))).toMatchObject({ code: 'not_found', detail: `${host.url}/gone.csv: HTTP 404` })
})

test('a body that is cut is a failure that may pass', async () => {
  const access = open(host.put('/a.csv', '0123456789'))
  const object = await only(access)
  host.trouble({ path: '/a.csv', cutAfter: 4 })
  expect(await failure(text(access, object))).toMatchObject({ code: 'unreachable', isRetryable: true })
})

test('redirects are followed to other hosts, five times at most', async () => {
  const other = await new FilesHost().listen()
  try {
    const target = other.put('/real.csv', 'id\n1\n')
    for (let hop = 1; hop < 5; hop++) host.redirect(`/hop${hop}`, `/hop${hop + 1}`)
    const access = open(host.redirect('/hop0', '/hop1').replace('hop0', 'hop1'))
    host.redirect('/hop5', target)
    const object = await only(access)
    expect(object).toMatchObject({ key: `${host.url}/hop1`, bytes: 5 })
    expect(await text(access, object)).toBe('id\n1\n')
    expect(await failure(listed(open(`${host.url}/hop0`)))).toMatchObject({ code: 'source', title: expect.stringContaining('redirects without end') })
  } finally {
    await other.close()
  }
})

test.each(['http://169.254.169.254/latest/meta-data', 'http://[fd00:ec2::254]/'])('no redirect leads to where nobody may connect: %s', async (to) => {
  expect(await failure(listed(open(host.redirect('/a.csv', to))))).toMatchObject({ code: 'not_allowed' })
})

test('private addresses are refused where only public ones are allowed', async () => {
  const pattern = host.put('/a.csv', 'id\n1\n')
  setEnv({ EGRESS: 'public' })
  expect(await failure(listed(open(pattern)))).toMatchObject({ code: 'not_allowed' })
  expect(host.requests).toEqual([])
})

test('a redirect to something that is no web address is refused', async () => {
  expect(await failure(listed(open(host.redirect('/a.csv', 'file:///etc/passwd'))))).toMatchObject({ code: 'not_allowed', title: expect.stringContaining('leads out of the encryption') })
})

test('a redirect out of the encryption is refused, and within the clear it is not', () => {
  const to = (location: string, from: string) => leadsTo({ status: 301, headers: { location } }, new URL(from))?.href
  expect(() => to('http://example.com/a.csv', 'https://example.com/a.csv')).toThrow('leads out of the encryption')
  expect(to('http://example.com/a.csv', 'http://example.com/b.csv')).toBe('http://example.com/a.csv')
  expect(to('/c.csv', 'https://example.com/a.csv')).toBe('https://example.com/c.csv')
})

test('a signature in an address is sent, and shown nowhere', async () => {
  const pattern = host.put('/a.csv?sig=s3cr3t&page=1', 'id\n1\n')
  const access = open(pattern)
  const object = await only(access)
  expect(object.key).toBe(`${host.url}/a.csv?sig=•••&page=1`)
  expect(await text(access, object)).toBe('id\n1\n')
  host.delete('/a.csv?sig=s3cr3t&page=1')
  expect(JSON.stringify(await checked(pattern))).not.toContain('s3cr3t')
  expect(new Set((await listed(open(`${host.put('/b?key=1', 'a')} ${host.put('/b?key=2', 'b')}`))).map(({ key }) => key)).size).toBe(2)
})

test('the check says what is there, and warns of a page', async () => {
  const fine = await checked(host.put('/a.csv', 'id\n1\n'))
  expect(fine.map(({ id, status }) => `${id} ${status}`)).toEqual(['list ok', 'match ok', 'read ok', 'content ok'])
  const page = await checked(host.put('/login', '<html>', { contentType: 'text/html; charset=utf-8' }))
  expect(page.at(-1)).toMatchObject({ id: 'content', status: 'warning', error: { title: 'This looks like a web page, not a file' } })
  expect((await checked(`${host.url}/gone`)).at(-1)).toMatchObject({ status: 'failed', error: { code: 'not_found' } })
  host.trouble({ path: '/closed', status: 403 })
  host.trouble({ path: '/closed', status: 403 })
  expect((await checked(`${host.url}/closed`)).at(-1)).toMatchObject({ status: 'failed', error: { code: 'permission', title: 'The file is not public' } })
})

test.each([
  ['https://example.com/*.csv', 'Public files have no wildcards'],
  ['https://bucket.s3.amazonaws.com/*.csv', 'Public files have no wildcards'],
  ['s3://bucket/a.csv', 'This kind of address is not for public files'],
  ['https://user:word@example.com/a.csv', 'The address holds a user name'],
  ['https://docs.google.com/spreadsheets/d/1/edit', 'This is a Google sheet'],
  ['orders.csv', 'This is no address'],
  [' ', 'There is no address'],
])('%s is refused in words', (pattern, title) => {
  expect(() => https.files.checkPattern({}, pattern)).toThrow(title)
})

test('an abort ends a read within a moment and frees the connection', async () => {
  const access = open(host.put('/a.csv', '0123456789'))
  const object = await only(access)
  host.trouble({ path: '/a.csv', holds: true })
  const stop = new AbortController()
  const read = failure((async () => {
    for await (const _ of access.read(object, { from: 0 }, stop.signal)) void _
  })())
  await vi.waitFor(() => expect(host.requests.at(-1)?.method).toBe('GET'))
  stop.abort()
  expect(await read).toMatchObject({ code: 'cancelled' })
})
