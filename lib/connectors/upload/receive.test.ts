import fs from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { folderPath } from './folder'
import { chunks, put, someFolder } from './for-test'
import { listKept, removeKept } from './kept-files'
import { beginUpload, receivePart, removeUpload } from './receive'
import { idleFolders, removeLeftovers } from './sweep-folders'
import { uploadLimits } from './upload-limits'

const never = new AbortController().signal
let folder: string

beforeEach(() => {
  folder = someFolder()
})

const part = (id: string, from: number, ...texts: string[]) => receivePart({ folder, id, from, length: null, bytes: chunks(...texts) }, never)
const names = async () => (await listKept(folder)).map(({ name }) => name)

/** Sends something, and then nothing more without an end, as a connection does that hangs. */
async function* hanging(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
  await new Promise(() => undefined)
}

/** Sends something, and breaks. */
async function* broken(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
  throw new Error('aborted')
}

test('a file is there once its last byte is, and goes on from where it broke off', async () => {
  const { id } = await beginUpload(folder, 'a.csv', 10)
  expect(await part(id, 0, '012', '3')).toEqual({ received: 4, kept: null })
  await expect(receivePart({ folder, id, from: 4, length: null, bytes: broken('45') }, never)).rejects.toMatchObject({ code: 'cancelled' })
  expect(await names()).toEqual([])
  expect(await part(id, 0, 'xxxxxxxxxx'), 'A part that does not begin at the end of what is here').toEqual({ received: 6, kept: null })
  expect(await part(id, 6, '6789')).toMatchObject({ received: 10, kept: { name: 'a.csv', bytes: 10 } })
  expect(await fs.readFile(path.join(folderPath(folder), `${id}.data`), 'utf8')).toBe('0123456789')
  expect((await fs.readdir(folderPath(folder))).sort()).toEqual([`${id}.data`, `${id}.json`])
})

test('a part of a file that is kept already gives it again: the answer may have been lost', async () => {
  const kept = await put(folder, 'a.csv', 'abc')
  expect(await part(kept.id, 3)).toEqual({ received: 3, kept })
  expect(await part(kept.id, 0, 'xyz')).toEqual({ received: 3, kept })
  expect(await fs.readFile(path.join(folderPath(folder), `${kept.id}.data`), 'utf8')).toBe('abc')
})

test('a later request ends one that hangs, and goes on from where it came to', async () => {
  const { id } = await beginUpload(folder, 'a.csv', 4)
  const first = receivePart({ folder, id, from: 0, length: null, bytes: hanging('01') }, never).then(() => null, (error: unknown) => error)
  await expect.poll(async () => (await fs.stat(path.join(folderPath(folder), `${id}.part`))).size).toBe(2)
  expect(await part(id, 2, '23')).toMatchObject({ received: 4, kept: { bytes: 4 } })
  expect(await first).toMatchObject({ code: 'cancelled' })
})

test('an upload that is taken away leaves nothing, while it is written too', async () => {
  const { id } = await beginUpload(folder, 'a.csv', 4)
  const writing = receivePart({ folder, id, from: 0, length: null, bytes: hanging('01') }, never).then(() => null, (error: unknown) => error)
  await removeUpload(folder, id)
  expect(await writing).toMatchObject({ code: 'cancelled' })
  expect(await fs.readdir(folderPath(folder))).toEqual([])
  await expect(part(id, 0, '0')).rejects.toMatchObject({ code: 'not_found' })
})

test('a file that is too large is refused before a byte of it comes, and one with more bytes than were told while they come', async () => {
  await expect(beginUpload(folder, 'a.csv', uploadLimits.fileBytes + 1)).rejects.toMatchObject({ code: 'invalid', title: 'The file is too large' })
  const { id } = await beginUpload(folder, 'a.csv', 3)
  await expect(receivePart({ folder, id, from: 0, length: 4, bytes: hanging('') }, never)).rejects.toMatchObject({ code: 'invalid' })
  await expect(part(id, 0, '012', '3')).rejects.toMatchObject({ code: 'invalid' })
  expect(await names()).toEqual([])
})

test('a file that the disk has no room for is refused in words', async () => {
  const { bavail, bsize } = await fs.statfs('/tmp')
  const bytes = uploadLimits.fileBytes
  const isRoomy = bavail * bsize > bytes + uploadLimits.freeBytes
  const begun = beginUpload(folder, 'a.csv', bytes)
  if (isRoomy) expect(await begun).toMatchObject({ received: 0 })
  else await expect(begun).rejects.toMatchObject({ code: 'storage_full' })
})

test('of a file that was replaced nothing stays', async () => {
  await put(folder, 'a.csv', 'one')
  const second = await put(folder, 'a.csv', 'two')
  expect((await fs.readdir(folderPath(folder))).sort()).toEqual([`${second.id}.data`, `${second.id}.json`])
})

test('of two files of one name the later counts, should a kill have left both', async () => {
  const first = await put(folder, 'a.csv', 'one')
  const place = folderPath(folder)
  const saved = await Promise.all(['data', 'json'].map((ending) => fs.readFile(path.join(place, `${first.id}.${ending}`))))
  const second = await put(folder, 'a.csv', 'two')
  for (const [at, ending] of ['data', 'json'].entries()) await fs.writeFile(path.join(place, `${first.id}.${ending}`), saved[at] ?? '')
  expect(await listKept(folder)).toEqual([second])
  await removeKept(folder, first.id)
  expect(await listKept(folder)).toEqual([second])
})

test('only what nobody touched for long is swept: leftovers of a folder, and whole folders', async () => {
  await put(folder, 'a.csv', 'abc')
  const { id } = await beginUpload(folder, 'b.csv', 3)
  await part(id, 0, '0')
  const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)]
  const idle = async (before: Date) => {
    const ids: string[] = []
    for await (const found of idleFolders(before)) ids.push(found.id)
    return ids
  }
  expect(await idle(past)).not.toContain(folder)
  expect(await idle(future)).toContain(folder)
  expect(await removeLeftovers(folder, past)).toEqual({ files: 0, bytes: 0 })
  expect(await removeLeftovers(folder, future)).toMatchObject({ files: 2 })
  expect(await names()).toEqual(['a.csv'])
  expect(await fs.readdir(folderPath(folder))).toHaveLength(2)
})

test('a long file passes through, and is not held in memory', async () => {
  const MB = 1024 * 1024
  const length = 384 * MB
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  async function* long(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < length; at += MB) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      yield Buffer.alloc(MB)
    }
  }
  const { id } = await beginUpload(folder, 'long.csv', length)
  expect(await receivePart({ folder, id, from: 0, length, bytes: long() }, never)).toMatchObject({ received: length, kept: { bytes: length } })
  expect(most).toBeLessThan(length / 2)
})
