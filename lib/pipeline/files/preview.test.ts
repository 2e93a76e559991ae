import { describe, expect, test } from 'vitest'
import type { ListedObject, ObjectAccess } from '@/lib/connectors/objects/object-access'
import { FilesSettings } from '@/lib/core/files-settings'
import { workbookParts, zipOf } from '@/lib/warehouse/formats/excel/workbook-for-test'
import { MemoryBucket } from '@/test/memory-bucket'
import { firstObjects } from './first-objects'
import { previewFiles } from './preview'

const signal = new AbortController().signal

function look(bucket: MemoryBucket, settings: object) {
  return previewFiles({ access: bucket.access, settings: FilesSettings.parse(settings), signal })
}

function bucketOf(files: Record<string, string | Uint8Array>): MemoryBucket {
  const bucket = new MemoryBucket()
  for (const [key, body] of Object.entries(files)) bucket.put(key, body)
  return bucket
}

describe('a look at the first file', () => {
  test.each([
    ['windows-1252', Buffer.from('id,name\n1,Jürgen\n', 'latin1')],
    ['utf-16le', Buffer.from('id,name\n1,Jürgen\n', 'utf16le')],
    ['utf-8', Buffer.from('id,name\n1,Jürgen\n')],
  ])('tells that its text is in %s, and shows its letters', async (encoding, body) => {
    expect(await look(bucketOf({ 'a.csv': body }), { format: 'csv' })).toMatchObject({ csv: { encoding }, rows: [['1', 'Jürgen']], problem: null })
  })

  const sheet = (value: string) => `<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row><row r="2"><c r="A2"><v>${value}</v></c></row>`
  const workbook = zipOf(workbookParts({ sheets: { Orders: sheet('1'), Refunds: sheet('2') } }))

  test('names the worksheets of a workbook, to be chosen from, also when the one that is set is not among them', async () => {
    const worksheets = ['Orders', 'Refunds']
    const bucket = bucketOf({ 'a.xlsx': workbook })
    expect(await look(bucket, { format: 'excel', worksheet: 'Refunds' })).toMatchObject({ worksheets, rows: [['2']], problem: null })
    expect(await look(bucket, { format: 'excel', worksheet: 'Sales' })).toMatchObject({ worksheets, columns: [], problem: { title: 'mem://bucket/a.xlsx has no worksheet Sales' } })
  })

  test('that is not of the format shows it among the others, listed once', async () => {
    const bucket = bucketOf({ 'a.parquet': 'PAR1 no more', 'b.parquet': 'x' })
    let lists = 0
    const { access } = bucket
    const counted: ObjectAccess = { ...access, list: (stop) => (lists++, access.list(stop)) }
    expect(await previewFiles({ access: counted, settings: FilesSettings.parse({ format: 'parquet' }), signal })).toMatchObject({ objectCount: 2, columns: [], problem: { code: 'bad_file' } })
    expect(lists).toBe(1)
  })
})

describe('counting the files of a table', () => {
  function listing(pages: number[], bytes: number | null = 2) {
    let next = 0
    const page = (length: number): ListedObject[] => Array.from({ length }, () => ({ key: `${String(100_000 - next++)}.csv`, fingerprint: null, bytes, modifiedAt: null }))
    const access: ObjectAccess = { ...new MemoryBucket().access, async *list() { for (const length of pages) yield page(length) } }
    return access
  }

  test.each([
    [[9_999], 9_999, true],
    [[5_000, 5_000], 10_000, true],
    [[5_000, 5_000, 0], 10_000, true],
    [[5_000, 5_000, 1], 10_000, false],
    [[9_999, 5_000], 10_000, false],
  ])('pages of %j are %i files, exactly: %s', async (pages, objectCount, isCountExact) => {
    expect(await firstObjects(listing(pages), signal)).toMatchObject({ objectCount, isCountExact, totalBytes: objectCount * 2 })
  })

  test('shows the first twenty by name, in whatever order they come, and no size where one is not told', async () => {
    const { objects, totalBytes } = await firstObjects(listing([15, 15], null), signal)
    expect([objects.length, objects[0]?.key, totalBytes]).toEqual([20, '100000.csv', null])
    expect(objects.map(({ key }) => key)).toEqual(objects.map(({ key }) => key).sort())
  })
})
