import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, stat, utimes, writeFile, chmod, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from './bucket-for-test'
import { FileCache } from './file-cache'

const KB = 1024
const nameOf = (number: number) => `${number.toString(16).padStart(2, '0')}file.parquet`

async function cacheOf(limitBytes: number) {
  const root = newFolder('cache')
  const held = newFolder('held')
  const cache = new FileCache(root, limitBytes)
  const contents = new Map<number, Buffer>()
  return {
    root,
    held,
    cache,
    contents,
    async keep(number: number, bytes = 10 * KB) {
      const content = randomBytes(bytes)
      contents.set(number, content)
      const file = await cache.newFile()
      await writeFile(file, content)
      await cache.keep(file, nameOf(number), bytes, createHash('sha256').update(content).digest('hex'))
      await rm(file)
    },
    placeOf: (number: number) => path.join(root, nameOf(number).slice(0, 2), nameOf(number)),
    link: (number: number, bytes = 10 * KB) => cache.link(nameOf(number), bytes, path.join(held, nameOf(number))),
    async numbers() {
      return (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.parquet')).map((name) => Number.parseInt(path.basename(name).slice(0, 2), 16)).sort((a, b) => a - b)
    },
  }
}

/** Give a file another time of last use, in seconds before now. */
async function usedBefore(file: string, seconds: number): Promise<void> {
  const { mtime } = await stat(file)
  await utimes(file, Date.now() / 1000 - seconds, mtime)
}

test('the least recently used files go, as many as are needed, and what fits stays', async () => {
  const { keep, link, placeOf, numbers } = await cacheOf(100 * KB)
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
    await keep(number)
    await usedBefore(placeOf(number), 1000 - number)
  }
  await usedBefore(placeOf(8), 5000)
  expect(await link(1)).toBe(true) // used again
  await keep(9, 20 * KB)
  expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  await keep(10)
  const left = await numbers()
  expect(left).toEqual(expect.arrayContaining([1, 9, 10]))
  expect(left).not.toContain(8)
  expect(left).not.toContain(2)
})

test('files that come at once are never more than fit in', async () => {
  const { keep, numbers, root } = await cacheOf(35 * KB)
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 12 }, (_, number) => keep(16 * round + number)))
    expect((await numbers()).length).toBeLessThanOrEqual(3)
  }
  expect((await readdir(path.join(root, 'incoming'))).length).toBe(0)
})

test('a file that is being read outlives its entry', async () => {
  const { keep, link, numbers, held, contents } = await cacheOf(15 * KB)
  await keep(1)
  expect(await link(1)).toBe(true)
  await keep(2)
  expect(await numbers()).toEqual([2])
  expect((await readFile(path.join(held, nameOf(1)))).equals(contents.get(1) ?? Buffer.of())).toBe(true)
  expect(await link(2)).toBe(true)
})

test('emptied, it keeps nothing but what is held', async () => {
  const { keep, link, cache, numbers, held } = await cacheOf(100 * KB)
  for (const number of [1, 2, 3]) await keep(number)
  await link(2)
  await cache.empty()
  expect([await numbers(), await readdir(held)]).toEqual([[], [nameOf(2)]])
})

test('a file that is larger than the whole cache is not kept, and drives nothing out', async () => {
  const { keep, numbers } = await cacheOf(15 * KB)
  await keep(1)
  await keep(2, 16 * KB)
  expect(await numbers()).toEqual([1])
})

test('what another process has added counts too', async () => {
  const one = await cacheOf(100 * KB)
  for (const number of [1, 2, 3, 4]) await one.keep(number)
  const other = new FileCache(one.root, 100 * KB)
  for (const number of [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
    const file = await other.newFile()
    await writeFile(file, Buffer.alloc(10 * KB, number))
    await other.keep(file, nameOf(number), 10 * KB, 'ab'.repeat(32))
    await rm(file)
  }
  await one.keep(16)
  await one.keep(17)
  const entries = await one.numbers()
  expect(entries.length * 10).toBeLessThanOrEqual(100 * 1.1)
})

test.each<[string, (file: string, content: Buffer) => Promise<void>]>([
  ['another length', (file, content) => writeFile(file, content.subarray(1))],
  ['the same length and other bytes', (file, content) => writeFile(file, Buffer.alloc(content.length))],
  ['nothing but zeros, as after a power cut', (file, content) => writeFile(file, Buffer.alloc(content.length, 0))],
])('an entry that was written to is not used: %s', async (_, damage) => {
  const { keep, link, placeOf, numbers, held } = await cacheOf(100 * KB)
  await keep(1)
  const content = await readFile(placeOf(1))
  await chmod(placeOf(1), 0o600)
  await damage(placeOf(1), content)
  expect(await link(1)).toBe(false)
  expect([await numbers(), await readdir(held)]).toEqual([[], []])
})

test('an entry that decays without being written to is found by the sweep of its hour, within a week', async () => {
  const { keep, cache, placeOf, numbers } = await cacheOf(100 * KB)
  for (const number of [1, 0x7f, 0xff]) await keep(number)
  const { atime, mtime } = await stat(placeOf(0x7f))
  await chmod(placeOf(0x7f), 0o600)
  await writeFile(placeOf(0x7f), Buffer.alloc(10 * KB))
  await utimes(placeOf(0x7f), atime, mtime)
  for (let hour = 0; hour < 7 * 24; hour++) await cache.sweep(Date.now() + hour * 3_600_000)
  expect(await numbers()).toEqual([1, 0xff])
})

test('the sweep removes downloads of dead processes, and none that are under way', async () => {
  const { cache, root } = await cacheOf(100 * KB)
  await writeFile(await cache.newFile(), 'half')
  await cache.sweep()
  expect(await readdir(path.join(root, 'incoming'))).toHaveLength(1)
  await cache.sweep(Date.now() + 2 * 3_600_000)
  expect(await readdir(path.join(root, 'incoming'))).toHaveLength(0)
})

test('an entry of another length than is asked for is not used', async () => {
  const { keep, link } = await cacheOf(100 * KB)
  await keep(1)
  expect(await link(1, 9 * KB)).toBe(false)
})
