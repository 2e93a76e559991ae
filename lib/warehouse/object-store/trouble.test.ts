import { readdir, readFile } from 'node:fs/promises'
import { HeadObjectCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { AppError, toSentence } from '@/lib/core/errors'
import type { Asked, Fault, FaultyProxy } from '@/test/servers/faulty-proxy'
import { startProxiedBucket, type ProxiedBucket } from '@/test/servers/proxied-bucket'
import { hasNoRadosgw } from '@/test/servers/radosgw'
import { MB, newFile, SHORT, storeForTest, type BucketForTest } from './bucket-for-test'

/** Neither a small file nor one in parts may be lost, whatever happens. */
const KINDS = [['a small file', 100_000], ['a file in parts', 20 * MB]] as const
/** Happens to each kind of request once. */
const firstTime = (fault: Fault) => ({ before }: Asked) => (before === 0 ? fault : undefined)

let room: ProxiedBucket
let client: S3Client
let proxy: FaultyProxy
let given: BucketForTest

beforeAll(async () => {
  if (hasNoRadosgw) return
  room = await startProxiedBucket()
  ;({ client, proxy, given } = room)
})
afterEach(() => {
  if (proxy) proxy.fault = () => undefined
})
afterAll(() => room?.stop())

const passing: [string, Fault][] = [
  ['answers 503 SlowDown', { answer: 503, code: 'SlowDown' }],
  ['answers 500', { answer: 500, code: 'InternalError' }],
  ['answers 503 with a page of a proxy', { answer: 503, body: '<html><body>Service unavailable</body></html>' }],
  ['answers 429', { answer: 429 }],
  ['breaks the connection before an answer', { cutAnswerAt: 0 }],
  ['breaks the connection inside the answer', { cutAnswerAt: 50_000 }],
  ['breaks the connection inside the request', { cutRequestAt: 50_000 }],
  ['does what it is asked to and loses the answer', 'answer is lost'],
  ['spoils a byte of the answer', 'answer is spoilt'],
  ['spoils a byte of the request', 'request is spoilt'],
]

const lasting: [string, Fault, string, RegExp, number][] = [
  ['is full (QuotaExceeded)', { answer: 403, code: 'QuotaExceeded' }, 'storage_full', /full.*nothing that was there is lost/i, 1],
  ['is full (507)', { answer: 507 }, 'storage_full', /full/, 1],
  ['is full (MinIO)', { answer: 507, code: 'XMinioStorageFull' }, 'storage_full', /full/, 1],
  ['lets nobody write', { answer: 403, code: 'AccessDenied' }, 'permission', /s3:PutObject/, 1],
  ['does not know the key', { answer: 403, code: 'InvalidAccessKeyId' }, 'credentials', /AWS_ACCESS_KEY_ID/, 1],
  ['refuses the secret', { answer: 403, code: 'SignatureDoesNotMatch' }, 'credentials', /AWS_SECRET_ACCESS_KEY/, 1],
  ['has a key that is over', { answer: 400, code: 'ExpiredToken' }, 'credentials', /AWS_SESSION_TOKEN/, 1],
  ['has no such bucket', { answer: 404, code: 'NoSuchBucket' }, 'bad_config', /no bucket named shop.*WAREHOUSE_URL/, 1],
  ['is in another region', { answer: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-3' } }, 'bad_config', /eu-west-3.*AWS_REGION/, 1],
  ['goes on asking to slow down', { answer: 503, code: 'SlowDown' }, 'rate_limited', /slow down/, SHORT.attempts],
  ['goes on failing', { answer: 500 }, 'unreachable', /failed to answer/, SHORT.attempts],
  ['is a website', { answer: 200, body: '<!doctype html><html><body>Welcome</body></html>' }, 'unreachable', /broken answers|no store that speaks S3/, SHORT.attempts],
]

describe.skipIf(hasNoRadosgw).each(KINDS)('%s, on a day that gets better,', (_kind, bytes) => {
  test.each(passing)('is written and read whole when the store %s', async (_, fault) => {
    const file = await newFile(bytes)
    const { store } = storeForTest(given)
    proxy.fault = ({ method, ...asked }) => (fault === 'answer is spoilt' && method !== 'GET' ? undefined : firstTime(fault)({ method, ...asked }))
    await store.put(file.path, file.local)
    proxy.asked.length = 0
    const other = storeForTest(given)
    const local = await other.store.hold([file], other.folder)
    expect((await readFile(local(file.path))).equals(file.content)).toBe(true)
    proxy.fault = () => undefined
    const fresh = storeForTest({ ...given, endpoint: room.gateway.endpoint })
    expect((await readFile((await fresh.store.hold([file], fresh.folder))(file.path))).equals(file.content)).toBe(true)
  })
})

describe.skipIf(hasNoRadosgw).each(KINDS)('%s, on a day that stays bad,', (_kind, bytes) => {
  test.each(lasting)('is refused in words when the store %s, and what is here stays', async (_, fault, code, words, attempts) => {
    const file = await newFile(bytes)
    const { store } = storeForTest(given)
    proxy.fault = ({ method }) => (method === 'HEAD' ? undefined : fault)
    proxy.asked.length = 0
    const error = await failure(store.put(file.path, file.local))
    expect(error).toMatchObject({ code, isRetryable: true, advice: expect.any(String) })
    expect(toSentence(error)).toMatch(words)
    expect(toSentence(error)).not.toContain('secret-words')
    expect(proxy.asked.filter(({ method }) => method !== 'HEAD')).toHaveLength(attempts)
    expect((await readFile(file.local)).equals(file.content)).toBe(true)
    await expect(client.send(new HeadObjectCommand({ Bucket: 'shop', Key: `wh/${file.path}` }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
  })
})

describe.skipIf(hasNoRadosgw).each(KINDS)('%s', (_kind, bytes) => {
  test('that is refused in the middle leaves nothing behind, and can be put again', async () => {
    const file = await newFile(bytes)
    const { store } = storeForTest(given)
    proxy.fault = ({ method, query, before }) => (method === 'PUT' && (bytes < 8 * MB || (query.get('partNumber') === '2' && before < 100)) ? { answer: 507 } : undefined)
    expect(await failure(store.put(file.path, file.local))).toMatchObject({ code: 'storage_full' })
    proxy.fault = () => undefined
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: 'shop', Prefix: `wh/${file.path}` }))).Uploads ?? []).toEqual([])
    await store.put(file.path, file.local)
  })

  test('of which nothing comes is given up after some tries', async () => {
    const file = await newFile(bytes)
    await storeForTest(given).store.put(file.path, file.local)
    for (const fault of ['hangs', { hangsAt: 1000 }] as const) {
      const { store, folder } = storeForTest(given, { patience: { ...SHORT, idleMs: 300, attempts: 2 } })
      proxy.fault = () => fault
      expect(await failure(store.hold([file], folder))).toMatchObject({ code: 'timeout', title: 'The bucket of the warehouse does not answer' })
      expect(await readdir(folder)).toEqual([])
    }
  })

  test('of which nothing comes is not waited for once the work is cancelled', async () => {
    const file = await newFile(bytes)
    await storeForTest(given).store.put(file.path, file.local)
    const { store, folder } = storeForTest(given)
    for (const work of [(signal: AbortSignal) => store.hold([file], folder, signal), async (signal: AbortSignal) => store.put((await newFile(10)).path, file.local, signal)]) {
      const stop = new AbortController()
      proxy.fault = () => {
        setImmediate(() => stop.abort(new AppError('cancelled', { title: 'Stopped by you' })))
        return 'hangs'
      }
      expect(await failure(work(stop.signal))).toMatchObject({ code: 'cancelled', title: 'Stopped by you' })
    }
  })
})

describe.skipIf(hasNoRadosgw)('a bucket on a bad day', () => {
  test('an upload in parts whose end was not heard of, and is not known any more, is found to be there', async () => {
    const file = await newFile(20 * MB)
    const { store } = storeForTest(given)
    proxy.fault = ({ method, query, before }) => (method === 'POST' && query.has('uploadId') ? (before === 0 ? 'answer is lost' : { answer: 404, code: 'NoSuchUpload' }) : undefined)
    await store.put(file.path, file.local)
    expect(proxy.asked.filter(({ method, query }) => method === 'POST' && query.has('uploadId')).length).toBeGreaterThan(1)
    await store.put(file.path, file.local)
  })

  test.each([['lets nobody read', 403, 'AccessDenied', 'permission', /s3:GetObject/], ['has lost it', 404, 'NoSuchKey', 'not_found', /gone/], ['has no such bucket', 404, 'NoSuchBucket', 'bad_config', /no bucket named shop/]])('a read is refused in words when the store %s', async (_, answer, code, expected, words) => {
    const file = await newFile(1000)
    const { store, folder } = storeForTest(given)
    proxy.fault = () => ({ answer, code })
    const error = await failure(store.hold([file], folder))
    expect(error).toMatchObject({ code: expected, advice: expect.any(String) })
    expect(toSentence(error)).toMatch(words)
  })

  test('a bucket that sends other bytes each time is told, and nothing of it is kept', async () => {
    const file = await newFile(20 * MB)
    await storeForTest(given).store.put(file.path, file.local)
    const { store, folder, cache } = storeForTest(given)
    proxy.fault = () => 'answer is spoilt'
    expect(await failure(store.hold([file], folder))).toMatchObject({ code: 'bad_file', detail: expect.stringContaining(file.path) })
    expect([await readdir(folder), (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.parquet') || name.endsWith('.part'))]).toEqual([[], []])
  })

  test('a bucket that cannot be reached is told by its address, without the key', async () => {
    const file = await newFile(1000)
    const { store } = storeForTest({ ...given, endpoint: 'http://127.0.0.1:1' })
    const error = await failure(store.put(file.path, file.local))
    expect(error).toMatchObject({ code: 'unreachable', detail: '127.0.0.1:1: ECONNREFUSED', isRetryable: true })
    expect(toSentence(error)).not.toContain(given.secretKey)
  })

  test('removing and listing survive a bad day too, and are refused in words', async () => {
    const { store } = storeForTest(given, { prefix: 'rm/' })
    const file = await newFile(10)
    await store.put(file.path, file.local)
    proxy.fault = firstTime({ answer: 503, code: 'SlowDown' })
    proxy.asked.length = 0
    expect(await all(store.list())).toEqual([{ key: file.path, bytes: 10 }])
    await store.remove([file.path])
    proxy.fault = () => ({ answer: 403, code: 'AccessDenied' })
    expect(await failure(all(store.list()))).toMatchObject({ code: 'permission', advice: expect.stringContaining('s3:ListBucket') })
    expect(await failure(store.remove([file.path]))).toMatchObject({ code: 'permission', advice: expect.stringContaining('s3:DeleteObject') })
    proxy.fault = () => undefined
    expect(await all(store.list())).toEqual([])
  })

  test('a wrong clock is set right by what the store says', async () => {
    const file = await newFile(1000)
    const { store } = storeForTest(given)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 20 * 60_000 })
    try {
      await store.put(file.path, file.local)
    } finally {
      vi.useRealTimers()
    }
  })
})

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then((value) => new Error(`It passed: ${JSON.stringify(value)}`), (thrown: unknown) => thrown)
  if (error instanceof AppError) return error
  throw error
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
