import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { FilesSettings } from '@/lib/core/files-settings'
import { newId } from '@/lib/core/ids'
import { inspectCsv } from '@/lib/warehouse/formats/csv/inspect'
import { csvRowCutter } from '@/lib/warehouse/formats/csv/row-cutter'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { Format } from '@/lib/warehouse/formats/format'
import { inspectJson } from '@/lib/warehouse/formats/json/inspect-json'
import { jsonFormat } from '@/lib/warehouse/formats/json/json-format'
import { makeScratch, type Scratch } from '@/lib/warehouse/scratch'
import { chunksOf } from './flaky-access-for-test'
import { piecesOf, type FetchedPiece } from './pieces-of'

const csv = FilesSettings.parse({ format: 'csv', csv: { header: true, delimiter: ',', quote: '"' } })

let folder: string
let scratch: Scratch

beforeAll(async () => {
  scratch = await makeScratch(newId())
  folder = scratch.folder
})

afterAll(() => scratch.remove())

interface Given {
  pieceBytes: number
  chunkBytes?: number
  signal?: AbortSignal
  inspect?: Parameters<typeof piecesOf>[1]['inspect']
}

function csvPieces(bytes: Uint8Array, { pieceBytes, chunkBytes = 50, signal = new AbortController().signal, inspect }: Given): AsyncGenerator<FetchedPiece> {
  // the cutter is all that is asked of the format
  const format = { rowCutter: csvRowCutter } as unknown as Format
  const texts = (async function* () {
    yield { address: 'mem://b/a.csv', bytes: chunksOf(bytes, chunkBytes) }
  })()
  return piecesOf(texts, { address: 'mem://b/a.csv', format, scratch, signal, pieceBytes, inspect: inspect ?? ((file, place) => inspectCsv(file, csv, null, place)) })
}

function jsonPieces(text: string, pieceBytes: number, chunkBytes: number): AsyncGenerator<FetchedPiece> {
  const texts = (async function* () {
    yield { address: 'mem://b/a.json', bytes: chunksOf(Buffer.from(text), chunkBytes) }
  })()
  return piecesOf(texts, { address: 'mem://b/a.json', format: jsonFormat, scratch, signal: new AbortController().signal, pieceBytes, inspect: (file, place) => inspectJson(file, null, place) })
}

interface Seen {
  text: string
  isFirst: boolean
  linesBefore: number
}

async function seen(pieces: AsyncIterable<FetchedPiece>): Promise<Seen[]> {
  const all: Seen[] = []
  for await (const { piece, release } of pieces) {
    const text = await readFile(piece.file.path, 'utf8')
    expect(piece.file.bytes).toBe(Buffer.byteLength(text))
    // one too many costs a look, one too few a wrong row
    if (text.includes('\r')) expect(piece.file.hasReturns).toBe(true)
    all.push({ text, isFirst: piece.isFirst, linesBefore: piece.linesBefore })
    await release()
  }
  expect(await readdir(folder)).toEqual([])
  return all
}

const Field = fc.string({ unit: fc.constantFrom('a', 'ä', '\n', '\r', '"', ',', ' '), maxLength: 12 })
const Rows = fc.array(fc.tuple(Field, Field), { minLength: 1, maxLength: 60 })

test('a text that is cut is the same text: rows whole, lines counted, whatever arrives in one go', async () => {
  await fc.assert(
    fc.asyncProperty(Rows, fc.integer({ min: 20, max: 400 }), fc.integer({ min: 1, max: 120 }), async (rows, pieceBytes, chunkBytes) => {
      const lines = rows.map((fields, index) => `${index},${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`)
      const text = `id,a,b\n${lines.join('')}`
      const pieces = await seen(csvPieces(Buffer.from(text), { pieceBytes, chunkBytes }))
      expect(pieces.map((piece) => piece.text).join('')).toBe(text)
      // every piece begins where a row does
      const starts = new Set([0, ...['id,a,b\n', ...lines].reduce<number[]>((ends, line) => [...ends, (ends.at(-1) ?? 0) + line.length], [])])
      let at = 0
      for (const [index, piece] of pieces.entries()) {
        expect(starts).toContain(at)
        expect(piece.isFirst).toBe(index === 0)
        expect(piece.linesBefore).toBe(text.slice(0, at).split('\n').length - 1)
        if (index > 0 && index < pieces.length - 1) expect(Buffer.byteLength(piece.text)).toBeGreaterThanOrEqual(pieceBytes)
        at += piece.text.length
      }
    }),
    { numRuns: 60 },
  )
})

test.each(['lines', 'array'])('JSON in %s is cut into pieces that are JSON each, with the same rows', async (shape) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ a: fc.string({ maxLength: 20 }), b: fc.array(fc.nat(9), { maxLength: 4 }) }), { minLength: 1, maxLength: 40 }), fc.integer({ min: 20, max: 300 }), fc.integer({ min: 1, max: 90 }), async (rows, pieceBytes, chunkBytes) => {
      const texts = rows.map((row) => JSON.stringify(row))
      const text = shape === 'array' ? ` [\n${texts.join(' ,\n')}\n]\n` : `${texts.join('\n')}\n`
      const pieces = await seen(jsonPieces(text, pieceBytes, chunkBytes))
      const read = pieces.flatMap((piece): unknown[] => (shape === 'array' ? JSON.parse(piece.text) : piece.text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown)))
      expect(read).toEqual(rows)
    }),
    { numRuns: 60 },
  )
})

test('a short text is one file, looked at whole; an empty one is a file too', async () => {
  expect(await seen(csvPieces(Buffer.from('a\n1\n'), { pieceBytes: 100 }))).toEqual([{ text: 'a\n1\n', isFirst: true, linesBefore: 0 }])
  expect(await seen(csvPieces(new Uint8Array(), { pieceBytes: 100, inspect: async () => ({ columns: [], rows: null, notes: [] }) }))).toEqual([{ text: '', isFirst: true, linesBefore: 0 }])
})

test('a beginning that tells nothing is looked at again when more of the text is there', async () => {
  const row = `1,"${'x'.repeat(900)}"\n`
  const looks: number[] = []
  const inspect: Given['inspect'] = async (file, place) => {
    looks.push(file.bytes)
    if (file.bytes < 400) throw new FileProblem('mem://b/a.csv is not valid CSV', 'A quote is never closed', 'Check it')
    return inspectCsv(file, csv, null, place)
  }
  const text = `id,a\n${row}${row}`
  const pieces = await seen(csvPieces(Buffer.from(text), { pieceBytes: 100, inspect }))
  expect(pieces.map((piece) => piece.text).join('')).toBe(text)
  expect(looks.slice(0, 2)).toEqual([100, 400])
})

test('a text that is broken is refused once it is known whole', async () => {
  const broken = new FileProblem('mem://b/a.csv is not valid CSV', 'A quote is never closed', 'Check it')
  await expect(seen(csvPieces(Buffer.from('a,b\n'.repeat(100)), { pieceBytes: 50, inspect: () => Promise.reject(broken) }))).rejects.toBe(broken)
  expect(await readdir(folder)).toEqual([])
})

test('no more than a few pieces are on disk: the next one waits until one is released', async () => {
  const pieces = csvPieces(Buffer.from(`id\n${'12345678\n'.repeat(200)}`), { pieceBytes: 100 })
  const { piecesAtOnce } = limits.files
  const taken: FetchedPiece[] = []
  for (let count = 0; count < piecesAtOnce; count++) taken.push((await pieces.next()).value as FetchedPiece)
  let isThere = false
  const next = pieces.next().then((result) => {
    isThere = true
    return result
  })
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(isThere).toBe(false)
  expect(await readdir(folder)).toHaveLength(piecesAtOnce)
  await taken[0]!.release()
  taken.push((await next).value as FetchedPiece)
  await pieces.return(undefined)
  for (const { release } of taken) await release()
  expect(await readdir(folder)).toEqual([])
})

test('an aborted signal ends the wait for a place, and the unfinished file is removed', async () => {
  const controller = new AbortController()
  const pieces = csvPieces(Buffer.from(`id\n${'12345678\n'.repeat(200)}`), { pieceBytes: 100, signal: controller.signal })
  const taken: FetchedPiece[] = []
  for (let count = 0; count < limits.files.piecesAtOnce; count++) taken.push((await pieces.next()).value as FetchedPiece)
  const next = pieces.next()
  controller.abort()
  await expect(next).rejects.toMatchObject({ code: 'cancelled' })
  for (const { release } of taken) await release()
  expect(await readdir(folder)).toEqual([])
})

test('a failure of the source is passed on, and the unfinished file is removed', async () => {
  const texts = (async function* () {
    yield { address: 'mem://b/a.csv', bytes: failing() }
  })()
  const pieces = piecesOf(texts, { address: '', format: { rowCutter: csvRowCutter } as unknown as Format, scratch, signal: new AbortController().signal, inspect: (file, place) => inspectCsv(file, csv, null, place) })
  await expect(seen(pieces)).rejects.toThrow('broke off')
  expect(await readdir(folder)).toEqual([])
})

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('id\n1\n')
  throw new Error('broke off')
}
