import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultyProxy } from '@/test/servers/faulty-proxy'
import { startProxiedBucket, type ProxiedBucket } from '@/test/servers/proxied-bucket'
import { hasNoRadosgw } from '@/test/servers/radosgw'
import { MB, newFile, newFolder, storeForTest, type BucketForTest } from './bucket-for-test'
import { removeAbandonedUploads } from './list-bucket'
import type { ObjectStore } from './store'

let room: ProxiedBucket
let client: S3Client
let proxy: FaultyProxy
let given: BucketForTest

beforeAll(async () => {
  if (hasNoRadosgw) return
  room = await startProxiedBucket()
  ;({ client, proxy, given } = room)
})
afterAll(() => room?.stop())

describe.skipIf(hasNoRadosgw)('a bucket as a store', () => {
  test.each([['a small file', 1000], ['an empty file', 0], ['a file just of one part', 8 * MB], ['a file of many parts', 35 * MB + 7]])('%s is put, and read by another machine as it was', async (_, bytes) => {
    const file = await newFile(bytes)
    expect(await storeForTest(given).store.put(file.path, file.local)).toBe(bytes)
    const other = storeForTest(given)
    const local = await other.store.hold([file], other.folder)
    expect((await readFile(local(file.path))).equals(file.content)).toBe(true)
  })

  test('what was put on this machine is read without asking the bucket, and what was fetched is not fetched again', async () => {
    const { store, folder } = storeForTest(given)
    const file = await newFile(10 * MB)
    await store.put(file.path, file.local)
    const asked = proxy.asked.length
    const local = await store.hold([file], folder)
    expect((await readFile(local(file.path))).equals(file.content)).toBe(true)
    const other = storeForTest(given)
    expect(proxy.asked.length).toBe(asked)
    await other.store.hold([file], other.folder)
    const fetched = proxy.asked.length
    expect(fetched).toBeGreaterThan(asked)
    await other.store.hold([file, file], newFolder('again'))
    expect(proxy.asked.length).toBe(fetched)
  })

  test('a key is written once: the same file again is fine, another one is refused and the first stays', async () => {
    for (const bytes of [1000, 20 * MB]) {
      const { store } = storeForTest(given)
      const [file, other] = await Promise.all([newFile(bytes), newFile(bytes)])
      await store.put(file.path, file.local)
      await store.put(file.path, file.local)
      await expect(store.put(file.path, other.local)).rejects.toMatchObject({ code: 'conflict', advice: expect.stringContaining('prefix') })
      const fresh = storeForTest(given)
      expect((await readFile((await fresh.store.hold([file], fresh.folder))(file.path))).equals(file.content)).toBe(true)
    }
  })
})

describe.skipIf(hasNoRadosgw)('the files of a bucket', () => {
  test('files are listed below the prefix of the installation alone, over several pages, and removed many at a time', async () => {
    const { store } = storeForTest(given, { prefix: 'many/' })
    await room.gateway.fill('shop', Array.from({ length: 1203 }, (_, at) => ({ key: `many/w/s/data/${String(at).padStart(4, '0')}.parquet`, body: 'x' })))
    const keys = await keysOf(store)
    expect(keys).toHaveLength(1203)
    expect(keys[7]).toBe('w/s/data/0007.parquet')
    expect(await keysOf(store, 'w/s/data/000')).toHaveLength(10)
    const before = proxy.asked.length
    await store.remove([...keys.slice(1), 'w/s/data/never.parquet'])
    expect(proxy.asked.length - before).toBe(2)
    expect(await keysOf(store)).toEqual(keys.slice(0, 1))
    expect((await keysOf(storeForTest(given).store)).length).toBeGreaterThan(0)
  })

  test('whether it answers costs one request, no listing; a key that may not list is told so too, and a wrong one or a bucket that is not there is none', async () => {
    const probe = () => storeForTest(given, { prefix: 'probed/' }).store.probe(new AbortController().signal)
    const before = proxy.asked.length
    await probe()
    expect(proxy.asked.slice(before)).toHaveLength(1)
    for (const [fault, code] of [['AccessDenied', undefined], ['InvalidAccessKeyId', 'credentials'], ['NoSuchBucket', 'bad_config']] as const) {
      proxy.fault = () => ({ answer: fault === 'NoSuchBucket' ? 404 : 403, code: fault })
      const failed = await probe().then(() => undefined, (error: unknown) => error)
      if (code) expect(failed).toMatchObject({ code })
      else expect(failed).toBeUndefined()
    }
    proxy.fault = () => undefined
  })

  test('a store that removes one file at a time only is asked so', async () => {
    const { store } = storeForTest(given, { prefix: 'one/' })
    const files = await Promise.all([newFile(10), newFile(10), newFile(10)])
    for (const file of files) await store.put(file.path, file.local)
    proxy.fault = ({ query }) => (query.has('delete') ? { answer: 501, code: 'NotImplemented' } : undefined)
    await store.remove(files.map((file) => file.path))
    proxy.fault = () => undefined
    expect(await keysOf(store)).toEqual([])
  })

  test('a store that does not know conditional writes is asked what is there first', async () => {
    const { store } = storeForTest(given)
    proxy.fault = ({ headers }) => (headers['if-none-match'] ? { answer: 501, code: 'NotImplemented' } : undefined)
    for (const bytes of [1000, 20 * MB]) {
      const [file, other] = await Promise.all([newFile(bytes), newFile(bytes)])
      await store.put(file.path, file.local)
      await store.put(file.path, file.local)
      await expect(store.put(file.path, other.local)).rejects.toMatchObject({ code: 'conflict' })
    }
    proxy.fault = () => undefined
  })

  test('uploads that were broken off are removed once they are old, and no others', async () => {
    const { bucket } = storeForTest(given, { prefix: 'broken/' })
    for (const key of ['broken/w/s/data/a.parquet', 'other/w/s/data/b.parquet']) await client.send(new CreateMultipartUploadCommand({ Bucket: 'shop', Key: key }))
    expect(await removeAbandonedUploads(bucket)).toBe(0)
    expect(await removeAbandonedUploads(bucket, Date.now() + 25 * 3_600_000)).toBe(1)
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'shop' }))
    expect(Uploads.map(({ Key }) => Key)).toEqual(['other/w/s/data/b.parquet'])
  })
})

describe.skipIf(hasNoRadosgw)('a file that is read from a bucket', () => {
  test('a file that somebody copied into the bucket by other means is read too', async () => {
    const file = await newFile(20 * MB)
    await client.send(new PutObjectCommand({ Bucket: 'shop', Key: `wh/${file.path}`, Body: file.content }))
    const { store, folder } = storeForTest(given)
    expect((await readFile((await store.hold([file], folder))(file.path))).equals(file.content)).toBe(true)
  })

  test('a file that is gone, shorter, longer or of other bytes is told by its key', async () => {
    const { store, folder } = storeForTest(given)
    const file = await newFile(1000)
    await expect(store.hold([file], folder)).rejects.toMatchObject({ code: 'not_found', detail: expect.stringContaining(file.path) })
    await client.send(new PutObjectCommand({ Bucket: 'shop', Key: `wh/${file.path}`, Body: file.content, Metadata: { 'tributary-sha256': 'f'.repeat(64) } }))
    await expect(store.hold([file], folder)).rejects.toMatchObject({ code: 'bad_file', detail: expect.stringContaining(file.path) })
    for (const bytes of [999, 1001, 9 * MB]) await expect(store.hold([{ ...file, bytes }], folder)).rejects.toMatchObject({ code: 'bad_file', detail: expect.stringMatching(/bytes/) })
    expect(await readdir(folder)).toEqual([])
  })

  test('no key leads out of the store', async () => {
    const { store, folder } = storeForTest(given)
    const file = await newFile(10)
    for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', '']) {
      await expect(store.put(key, file.local)).rejects.toMatchObject({ code: 'invalid' })
      await expect(store.hold([{ path: key, bytes: 10 }], folder)).rejects.toMatchObject({ code: 'invalid' })
    }
  })

  test('what several readers want at once is fetched once, and one that goes away does not end it for the others', async () => {
    const writer = storeForTest(given)
    const file = await newFile(1000)
    await writer.store.put(file.path, file.local)
    const { store, cache } = storeForTest(given)
    const before = proxy.asked.length
    const gone = new AbortController()
    const first = store.hold([file], newFolder('held'), gone.signal)
    const others = Array.from({ length: 5 }, async () => (await store.hold([file], newFolder('held')))(file.path))
    gone.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    for (const place of await Promise.all(others)) expect((await readFile(place)).equals(file.content)).toBe(true)
    expect(proxy.asked.length - before).toBe(1)
    expect(await readdir(path.join(cache, 'incoming'))).toEqual([])
  })

  test('a damaged or shortened file of the cache is noticed and fetched again', async () => {
    const writer = storeForTest(given)
    const file = await newFile(1000)
    await writer.store.put(file.path, file.local)
    const { store, cache } = storeForTest(given)
    await store.hold([file], newFolder('held'))
    for (const damage of [Buffer.from(file.content).fill(0, 500, 501), file.content.subarray(0, 999), Buffer.alloc(0)]) {
      const [name = ''] = (await readdir(cache, { recursive: true })).filter((entry) => entry.endsWith('.parquet'))
      await chmod(path.join(cache, name), 0o600)
      await writeFile(path.join(cache, name), damage)
      const local = await store.hold([file], newFolder('held'))
      expect((await readFile(local(file.path))).equals(file.content)).toBe(true)
      expect((await stat(local(file.path))).mode & 0o222).toBe(0)
    }
  })
})

async function keysOf(store: ObjectStore, prefix?: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}
