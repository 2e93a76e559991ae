import { access as exists, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ObjectChanged } from '@/lib/connectors/objects/object-access'
import { AppError } from '@/lib/core/errors'
import { fetchToFile } from './fetch-to-file'
import { brokenOff, FlakyAccess, joined, numberedBytes } from './flaky-access-for-test'
import { objectBytes } from './object-bytes'

const MB = 1024 * 1024
const AT_ONCE = { firstPauseSeconds: 0 }
const never = new AbortController().signal

let folder: string
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-fetch-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function target(): string {
  return path.join(folder, String(files++))
}

async function fetched(store: FlakyAccess, object = store.listed()): Promise<Buffer> {
  const file = target()
  const bytes = await fetchToFile(store, object, file, never, AT_ONCE)
  const content = await readFile(file)
  expect(bytes).toBe(content.length)
  return content
}

const Drops = fc.array(fc.record({ at: fc.nat(5000), how: fc.constantFrom('error' as const, 'silence' as const) }), { maxLength: 5 })

test('whatever breaks off and however it is cut, the bytes are those of the object', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(5000), fc.integer({ min: 1, max: 700 }), Drops, fc.boolean(), fc.boolean(), async (length, chunkBytes, drops, hasRanges, hasFingerprint) => {
      const bytes = numberedBytes(length)
      const store = new FlakyAccess(bytes, chunkBytes, { drops }, hasRanges)
      const object = store.listed({ fingerprint: hasFingerprint ? '"1"' : null })
      expect((await joined(objectBytes(store, object, never, AT_ONCE))).equals(bytes)).toBe(true)
      const again = new FlakyAccess(bytes, chunkBytes, { drops }, hasRanges)
      expect((await fetched(again, object)).equals(bytes)).toBe(true)
      expect(store.open + again.open).toBe(0)
    }),
    { numRuns: 150 },
  )
})

test('a big object comes in several ranges at once, each of which goes on from where it broke off', async () => {
  const bytes = numberedBytes(40 * MB + 5)
  const drops = [{ at: 3 * MB, how: 'error' as const }, { at: 20 * MB, how: 'silence' as const }, { at: 39 * MB, how: 'error' as const }]
  const store = new FlakyAccess(bytes, 65_000, { drops })
  expect((await fetched(store)).equals(bytes)).toBe(true)
  expect(store.reads.slice(0, 3)).toEqual([{ from: 0, to: 16 * MB }, { from: 16 * MB, to: 32 * MB }, { from: 32 * MB, to: bytes.length }])
  expect(store.reads).toHaveLength(6)
  const ordered = new FlakyAccess(bytes, 65_000, { drops })
  expect((await joined(objectBytes(ordered, ordered.listed(), never, AT_ONCE))).equals(bytes)).toBe(true)
  expect(ordered.reads.every(({ from, to }) => to !== undefined && to - from <= 8 * MB)).toBe(true)
})

test('a read that was interrupted asks for the rest alone', async () => {
  const store = new FlakyAccess(numberedBytes(1000), 100, { drops: [{ at: 350, how: 'error' }] })
  await joined(objectBytes(store, store.listed(), never, AT_ONCE))
  expect(store.reads).toEqual([{ from: 0 }, { from: 400 }])
})

test('an object that nothing tells apart is read again from its start, and the bytes that were given are compared', async () => {
  const bytes = numberedBytes(1000)
  const drops = [{ at: 350, how: 'error' as const }]
  const same = new FlakyAccess(bytes, 100, { drops })
  expect((await joined(objectBytes(same, same.listed({ fingerprint: null }), never, AT_ONCE))).equals(bytes)).toBe(true)
  expect(same.reads).toEqual([{ from: 0 }, { from: 0 }])
  const other = Uint8Array.from(bytes, (byte, index) => (index === 7 ? byte + 1 : byte))
  const changed = new FlakyAccess(bytes, 100, { drops, otherBytes: { afterReads: 1, bytes: other } })
  await expect(joined(objectBytes(changed, changed.listed({ fingerprint: null }), never, AT_ONCE))).rejects.toBeInstanceOf(ObjectChanged)
})

test('a read that breaks off again and again without a byte is given up, with what the store said', async () => {
  const store = new FlakyAccess(numberedBytes(1000), 100)
  let reads = 0
  store.read = async function* () {
    reads++
    if (reads === 1) yield numberedBytes(1000).subarray(0, 10)
    throw brokenOff()
  }
  await expect(joined(objectBytes(store, store.listed(), never, AT_ONCE))).rejects.toThrow('The connection broke')
  // the byte that came with the first one renewed its patience
  expect(reads).toBe(6)
  const silent = new FlakyAccess(numberedBytes(1000), 100)
  silent.read = async function* () {}
  await expect(fetched(silent)).rejects.toMatchObject({ title: 'mem://bucket/a.csv broke off while it was read', isRetryable: true })
})

test('a read that goes on a little each time is never given up', async () => {
  const bytes = numberedBytes(2000)
  const store = new FlakyAccess(bytes, 100, { drops: Array.from({ length: 19 }, (_, index) => ({ at: index * 100, how: 'error' as const })) })
  expect((await fetched(store)).equals(bytes)).toBe(true)
  expect(store.reads).toHaveLength(20)
})

test('an error that would come again is passed on at once', async () => {
  const store = new FlakyAccess(numberedBytes(1000), 100)
  let reads = 0
  store.read = async function* () {
    reads++
    yield* []
    throw new AppError('permission', { title: 'No permission to read' })
  }
  await expect(fetched(store)).rejects.toThrow('No permission to read')
  expect(reads).toBe(1)
})

test.each([{ changesAt: 500 }, { tooMuch: 1 }])('an object that is another one by now is told, and leaves no file: %j', async (flaws) => {
  const store = new FlakyAccess(numberedBytes(1000), 100, flaws)
  const file = target()
  await expect(fetchToFile(store, store.listed(), file, never, AT_ONCE)).rejects.toBeInstanceOf(ObjectChanged)
  await expect(exists(file)).rejects.toThrow('ENOENT')
  await expect(joined(objectBytes(store, store.listed(), never, AT_ONCE))).rejects.toBeInstanceOf(ObjectChanged)
})

test('one range that fails ends the others, and leaves no file', async () => {
  const store = new FlakyAccess(numberedBytes(40 * MB), 65_000, { changesAt: 33 * MB })
  const file = target()
  await expect(fetchToFile(store, store.listed(), file, never, AT_ONCE)).rejects.toBeInstanceOf(ObjectChanged)
  await expect(exists(file)).rejects.toThrow('ENOENT')
  expect(store.open).toBe(0)
})

test('a store that ignores ranges is refused in words', async () => {
  const store = new FlakyAccess(numberedBytes(40 * MB), 65_000, { tooMuch: 10 })
  await expect(fetched(store)).rejects.toMatchObject({ title: 'mem://bucket/a.csv cannot be read in parts' })
})

test('an object whose length nobody tells is read to its end', async () => {
  const store = new FlakyAccess(numberedBytes(1000), 100)
  expect(await fetched(store, store.listed({ bytes: null }))).toHaveLength(1000)
})

test.each([1000, 40 * MB])('an aborted signal ends a read of %i bytes at once, also of a store that does not hear it', async (length) => {
  const store = new FlakyAccess(numberedBytes(length), 100, { hangsAt: 500 })
  const controller = new AbortController()
  const reading = joined(objectBytes(store, store.listed(), controller.signal))
  setImmediate(() => controller.abort())
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
})

test('a pause between tries ends when the signal is aborted', async () => {
  const store = new FlakyAccess(numberedBytes(1000), 100)
  const controller = new AbortController()
  store.read = async function* () {
    setImmediate(() => controller.abort())
    yield* []
    throw brokenOff()
  }
  await expect(fetchToFile(store, store.listed(), target(), controller.signal, { firstPauseSeconds: 3600 })).rejects.toMatchObject({ code: 'cancelled' })
})

test('whoever stops reading ends the read', async () => {
  const store = new FlakyAccess(numberedBytes(40 * MB), 65_000)
  for await (const chunk of objectBytes(store, store.listed(), never)) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
  await expect.poll(() => store.open).toBe(0)
})

test('no more is fetched ahead than a few megabytes', async () => {
  const store = new FlakyAccess(numberedBytes(30 * MB), 65_536)
  let given = 0
  const read = store.read.bind(store)
  store.read = async function* (object, span) {
    for await (const chunk of read(object, span)) {
      given += chunk.length
      yield chunk
    }
  }
  const bytes = objectBytes(store, store.listed(), never)
  await bytes.next()
  // as many turns as it would take to read everything
  for (let turn = 0; turn < 2000; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(given).toBeLessThanOrEqual(9 * MB)
  await bytes.return(undefined)
})
