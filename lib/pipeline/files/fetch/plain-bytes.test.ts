import { readdir } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FilesSettings } from '@/lib/core/files-settings'
import { newId } from '@/lib/core/ids'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import { makeScratch, type Scratch } from '@/lib/warehouse/scratch'
import { chunksOf, joined, numberedBytes } from './flaky-access-for-test'
import { plainBytes } from './plain-bytes'
import { refuseBombs } from './refuse-bombs'
import { zipOf } from './zip-for-test'

const MB = 1024 * 1024
const TEXT = 'id,name\n1,Ada\n2,Grace\n'
/** TEXT as zstd -19 --check packs it. */
const ZSTD = Buffer.from('KLUv/SQWsQAAaWQsbmFtZQoxLEFkYQoyLEdyYWNlCuOr27Y=', 'base64')

let folder: string
let scratch: Scratch

beforeAll(async () => {
  scratch = await makeScratch(newId())
  folder = scratch.folder
})

afterAll(() => scratch.remove())

async function textsOf(bytes: Uint8Array, chunkBytes = 7, settings: Partial<FilesSettings> = {}): Promise<{ address: string; text: string }[]> {
  const options = { address: 'mem://b/a', scratch, signal: new AbortController().signal, settings: FilesSettings.parse({ format: 'csv', ...settings }) }
  const texts: { address: string; text: string }[] = []
  for await (const { address, bytes: plain } of plainBytes(chunksOf(bytes, chunkBytes), options)) texts.push({ address, text: (await joined(plain)).toString('utf8') })
  return texts
}

async function textOf(bytes: Uint8Array, chunkBytes?: number, settings?: Partial<FilesSettings>): Promise<string> {
  const [first, ...more] = await textsOf(bytes, chunkBytes, settings)
  expect(more).toEqual([])
  return first!.text
}

/** A frame of zstd whose blocks are stored as they are, or repeat one byte. */
function zstdFrame(blocks: (Uint8Array | { byte: number; times: number })[]): Buffer {
  // no checksum, no size; a window of 1 MB
  const parts: Uint8Array[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])]
  for (const [index, block] of blocks.entries()) {
    const isStored = block instanceof Uint8Array
    const header = Buffer.alloc(4)
    header.writeUInt32LE(((isStored ? block.length : block.times) << 3) | (isStored ? 0 : 2) | (index === blocks.length - 1 ? 1 : 0))
    parts.push(header.subarray(0, 3), isStored ? block : Buffer.from([block.byte]))
  }
  return Buffer.concat(parts)
}

const skippable = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')])

test.each([
  ['as it is', Buffer.from(TEXT)],
  ['gzip', gzipSync(TEXT)],
  ['gzip in several members', Buffer.concat([gzipSync('id,name\n'), gzipSync(''), gzipSync('1,Ada\n2,Grace\n')])],
  ['gzip with padding', Buffer.concat([gzipSync(TEXT), Buffer.alloc(1000)])],
  ['gzip within gzip', gzipSync(gzipSync(TEXT))],
  ['zstd', ZSTD],
  ['zstd in several frames, some to be skipped', Buffer.concat([skippable, zstdFrame([Buffer.from('id,name\n')]), skippable, zstdFrame([Buffer.from('1,Ada\n2,Grace\n')]), skippable])],
  ['zip', zipOf([{ name: 'a.csv', text: TEXT }])],
  ['zip that stores', zipOf([{ name: 'a.csv', text: TEXT, method: 0 }])],
  ['gzip within zip', zipOf([{ name: 'a.csv.gz', text: gzipSync(TEXT), method: 0 }])],
])('a text is unpacked by its content, however it arrives: %s', async (_, bytes) => {
  for (const chunkBytes of [1, 2, 3, 5, 10, 31, 1000]) expect(await textOf(bytes, chunkBytes)).toBe(TEXT)
  expect(await readdir(folder)).toEqual([])
})

test('the encoding of each text is told, as it was before it became UTF-8', async () => {
  const found: string[] = []
  const western = Buffer.from('id,name\n1,Jürgen\n', 'latin1')
  const bytes = zipOf([{ name: 'a.csv', text: western }, { name: 'b.csv', text: Buffer.from(TEXT, 'utf16le') }, { name: 'c.csv', text: TEXT }])
  const options = { address: 'mem://b/a', scratch, signal: new AbortController().signal, settings: FilesSettings.parse({ format: 'csv' }), onEncoding: (encoding: string) => found.push(encoding) }
  for await (const { bytes: plain } of plainBytes(chunksOf(bytes, 1000), options)) await joined(plain)
  expect(found).toEqual(['windows-1252', 'utf-16le', 'utf-8'])
})

test('every file of an archive is a text with an address of its own', async () => {
  const zip = zipOf([{ name: 'in/', text: '' }, { name: 'in/a.csv', text: 'a' }, { name: '__MACOSX/in/._a.csv', text: 'x' }, { name: 'b.csv', text: 'b' }])
  expect(await textsOf(zip)).toEqual([{ address: 'mem://b/a/in/a.csv', text: 'a' }, { address: 'mem://b/a/b.csv', text: 'b' }])
})

test('a long zstd file passes through a thread of its own, unharmed', async () => {
  const bytes = numberedBytes(9 * MB).map((byte) => 32 + (byte % 64))
  const blocks = Array.from({ length: 90 }, (_, index) => bytes.subarray(index * 100 * 1024, (index + 1) * 100 * 1024))
  const packed = Buffer.concat([zstdFrame(blocks.slice(0, 40)), skippable, zstdFrame(blocks.slice(40))])
  const text = await textOf(packed, 65_536)
  expect(Buffer.from(text).equals(Buffer.from(bytes.subarray(0, 90 * 100 * 1024)))).toBe(true)
  const broken = Buffer.concat([packed, Buffer.from('garbage')])
  await expect(textOf(broken, 65_536)).rejects.toThrow('mem://b/a cannot be unpacked')
  await expect(textOf(packed.subarray(0, 8 * MB), 65_536)).rejects.toThrow('ends in the middle of its zstd data')
})

const flipped = Buffer.from(gzipSync(TEXT))
flipped[flipped.length - 6]! ^= 1
const wrongSum = Buffer.from(ZSTD)
wrongSum[10]! ^= 1

test.each([
  ['gzip that was cut off', gzipSync(TEXT).subarray(0, 20), 'ends in the middle of its gzip data'],
  ['gzip with something behind it', Buffer.concat([gzipSync(TEXT), Buffer.from('hello')]), 'has something behind its gzip data'],
  ['gzip with something behind its padding', Buffer.concat([gzipSync(TEXT), Buffer.alloc(9), gzipSync(TEXT)]), 'has something behind its gzip data'],
  ['gzip whose checksum does not fit', flipped, 'is damaged'],
  ['zstd that was cut off', zstdFrame([Buffer.from(TEXT)]).subarray(0, 20), 'ends in the middle of its zstd data'],
  ['zstd with something behind it', Buffer.concat([ZSTD, Buffer.from('hello')]), 'cannot be unpacked'],
  ['zstd with a window of 4 GB', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xb0]), zstdFrame([Buffer.from(TEXT)]).subarray(6)]), 'cannot be unpacked'],
  ['three layers', gzipSync(gzipSync(gzipSync(TEXT))), 'is packed more than 2 times'],
  ['a zip within gzip', gzipSync(zipOf([{ name: 'a', text: TEXT }])), 'is an archive within what was packed already'],
  ['a zip with a password', zipOf([{ name: 'a.csv', text: TEXT, isEncrypted: true }]), 'a.csv in mem://b/a is encrypted'],
  ['a zip of another method', zipOf([{ name: 'a.csv', text: TEXT, method: 12 }]), 'is packed in a way that is not read'],
  ['a zip whose checksum does not fit', zipOf([{ name: 'a.csv', text: TEXT, crc: 7 }]), 'a.csv in mem://b/a is damaged'],
  ['a zip that was cut off', zipOf([{ name: 'a.csv', text: TEXT }]).subarray(0, 60), 'is damaged'],
  ['a zip without files', zipOf([]), 'is an archive without files'],
  ['a workbook', zipOf([{ name: '[Content_Types].xml', text: '<Types/>' }]), 'is an Office document'],
  ['bzip2', Buffer.from('BZh91AY&SYxxxx'), 'is packed with bzip2'],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]), 'is packed with xz'],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x64, 0x40, 0xa7]), 'is packed with lz4'],
  ['snappy', Buffer.from([0xff, 0x06, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]), 'is packed with snappy'],
  ['a tar within gzip', gzipSync(Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar'), Buffer.alloc(250)])), 'is a tar archive'],
  ['Parquet', Buffer.from('PAR1\x15\x04'), 'is a Parquet file'],
])('what cannot be unpacked is refused in words: %s', async (_, bytes, words) => {
  for (const chunkBytes of [3, 1000]) {
    const failure = await textsOf(bytes, chunkBytes).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(FileProblem)
    expect(failure).toMatchObject({ title: expect.stringContaining(words), advice: expect.any(String) })
  }
  expect(await readdir(folder)).toEqual([])
})

test.each([10, 600_000])('a zstd file whose bytes were changed is never read as something else: %i bytes', async (length) => {
  expect(await textOf(ZSTD)).toBe(TEXT)
  await expect(textOf(wrongSum)).rejects.toBeInstanceOf(FileProblem)
  const blocks = Array.from({ length: Math.ceil(length / 100_000) }, () => numberedBytes(Math.min(length, 100_000)))
  // a block of the reserved kind
  const damaged = zstdFrame(blocks)
  damaged[6]! |= 6
  await expect(textOf(damaged, 65_536)).rejects.toThrow('cannot be unpacked')
})

test('a small file that would fill the disk is refused', async () => {
  const chunk = new Uint8Array(16 * MB)
  const endless = (async function* () {
    for (;;) yield chunk
  })()
  let passed = 0
  const reading = (async () => {
    for await (const bytes of refuseBombs(endless, { bytes: 1000 }, 'mem://b/a')) passed += bytes.length
  })()
  await expect(reading).rejects.toThrow('mem://b/a unpacks to more than 1,000 times its size')
  expect(passed).toBe(1024 * MB)
})

const Letters = fc.string({ unit: 'binary', maxLength: 60 })

test('a text in UTF-8 comes through as it is, without its byte order mark', async () => {
  await fc.assert(
    fc.asyncProperty(Letters, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (text, chunkBytes, hasMark) => {
      const bytes = Buffer.from(`x${text}`)
      expect(await textOf(hasMark ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) : bytes, chunkBytes, { csv: { encoding: 'utf-8' } })).toBe(`x${text}`)
    }),
  )
})

test.each(['utf-16le', 'utf-16be'])('a text in %s becomes UTF-8, wherever it is cut', async (encoding) => {
  const text = 'name;ort\nÄrger;Zürich 😀\n'
  const little = Buffer.from(`\ufeff${text}`, 'utf16le')
  const bytes = encoding === 'utf-16le' ? little : little.swap16()
  for (const chunkBytes of [1, 2, 3, 100]) expect(await textOf(bytes, chunkBytes)).toBe(text)
  await expect(textOf(bytes.subarray(0, bytes.length - 1))).rejects.toThrow(`is not valid ${encoding}`)
})

test('another encoding is found out or set, and JSON is Unicode', async () => {
  const latin = Buffer.from('name\nZürich €\n', 'latin1')
  latin[latin.length - 2] = 0x80
  expect(await textOf(latin)).toBe('name\nZürich €\n')
  expect(await textOf(Buffer.from([0x82, 0xa0]), 1, { csv: { encoding: 'shift_jis' } })).toBe('あ')
  await expect(textOf(Buffer.from('{"a":"ü"}', 'latin1'), 100, { format: 'json' })).rejects.toMatchObject({ title: 'mem://b/a is not valid UTF-8', detail: 'Byte 6 (fc 22 7d) is no letter of it' })
})

test('bytes that are no UTF-8 are refused with their place, however they arrive', async () => {
  const wrong: [number[], number][] = [[[0xff], 0], [[0xc3, 0x28], 0], [[0xe2, 0x82], 0], [[0xf0, 0x9f, 0x98, 0x28], 0], [[0xed, 0xa0, 0x80], 0], [[0xe2, 0x82, 0xac, 0x80], 3], [[0xf4, 0x90, 0x80, 0x80], 0]]
  for (const [bytes, at] of wrong) {
    for (const before of ['', 'abc', 'ä€😀']) {
      for (const chunkBytes of [1, 2, 3, 4, 5, 100]) {
        const place = Buffer.byteLength(before) + at
        const failure = await textOf(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from('\n')]), chunkBytes, { csv: { encoding: 'utf-8' } }).catch((error: unknown) => error)
        expect(failure).toMatchObject({ detail: expect.stringMatching(new RegExp(`^Byte ${place} `)) })
      }
    }
  }
})
