import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { makeSchema, snapshotOf, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const rows = { select: '_file, _file_row, id, name', order: '_file, _file_row' }

function bucketOf(objects: Record<string, string>): MemoryBucket {
  const bucket = new MemoryBucket()
  for (const [key, content] of Object.entries(objects)) bucket.put(key, content)
  return bucket
}

/** So long that it gets a data file of its own. */
function longCsv(name: string, count = 300_000): string {
  return `id,name\n${Array.from({ length: count }, (_, id) => `${id},${name} ${id}`).join('\n')}\n`
}

describe('a table of files', () => {
  it('is the union of the objects, and tells of each row where it came from', async () => {
    const schema = await makeSchema()
    const report = await syncBucket(schema, bucketOf({ 'b.csv': 'id,name\n3,c\n', 'a.csv': 'id,name\n1,a\n2,b\n' }))
    expect(await tableRows(schema, rows)).toEqual([['mem://bucket/a.csv', '1', '1', 'a'], ['mem://bucket/a.csv', '2', '2', 'b'], ['mem://bucket/b.csv', '1', '3', 'c']])
    expect(report).toMatchObject({ rows: 3, inserted: 3, objects: { listed: 2, added: 2, unchanged: 0, replaced: 0, removed: 0, setAsideCount: 0 } })
  })

  it('does not change, and nothing is read, when no object did', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n', 'b.csv': 'id,name\n3,c\n' })
    await syncBucket(schema, bucket)
    bucket.reads.length = 0
    const report = await syncBucket(schema, bucket)
    expect(bucket.reads).toEqual([])
    expect(report).toMatchObject({ isChanged: false, version: 1, objects: { listed: 2, unchanged: 2, added: 0 } })
  })

  it('reads what is new or changed alone, also of the same second, and drops the rows of what is gone', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n', 'b.csv': 'id,name\n2,b\n', 'c.csv': 'id,name\n3,c\n', 'long-1.csv': longCsv('one'), 'long-2.csv': longCsv('two') })
    await syncBucket(schema, bucket)
    bucket.reads.length = 0
    bucket.delete('a.csv')
    bucket.delete('long-1.csv')
    bucket.put('b.csv', 'id,name\n2,B\n', { sameSecond: true })
    bucket.put('d.csv', 'id,name\n4,d\n', { sameSecond: true })
    const report = await syncBucket(schema, bucket)
    expect(new Set(bucket.reads)).toEqual(new Set(['b.csv', 'd.csv']))
    expect(report).toMatchObject({ isChanged: true, rows: 300_003, objects: { listed: 4, added: 1, replaced: 1, removed: 2, unchanged: 2 } })
    const [counts] = await tableRows(schema, { select: "count(*) FILTER (_file LIKE '%long-2%'), count(*) FILTER (name = 'B'), count(*) FILTER (name IN ('a', 'b')), max(_file_row)", order: '1' })
    expect(counts).toEqual(['300000', '1', '0', '300000'])
  })

})

describe('the columns of a table of files', () => {
  it('go on with a type that a later file widens, and no other file is read for it', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,n\n1,10\n', 'b.csv': 'id,n\n2,20\n' })
    await syncBucket(schema, bucket)
    bucket.reads.length = 0
    bucket.put('c.csv', 'id,n,extra\n3,1.5,x\n')
    const report = await syncBucket(schema, bucket)
    expect(new Set(bucket.reads)).toEqual(new Set(['c.csv']))
    expect(await tableRows(schema, { select: 'id, n, typeof(n), extra', order: 'id' })).toEqual([['1', '10', 'DOUBLE', null], ['2', '20', 'DOUBLE', null], ['3', '1.5', 'DOUBLE', 'x']])
    expect(report.warnings.map(({ column }) => column)).toContain('n')
    bucket.put('d.csv', 'id,n\n4,many\n')
    await syncBucket(schema, bucket)
    expect(await tableRows(schema, { select: 'id, n, typeof(n)', order: 'id' })).toEqual([['1', '10', 'VARCHAR'], ['2', '20', 'VARCHAR'], ['3', '1.5', 'VARCHAR'], ['4', 'many', 'VARCHAR']])
  })

  it('keep integers that a fraction beside them would round, as text', async () => {
    const schema = await makeSchema()
    await syncBucket(schema, bucketOf({ 'a.csv': 'n\n9007199254740993\n', 'b.csv': 'n\n0.5\n' }))
    expect(await tableRows(schema, { select: 'n, typeof(n)', order: 'n' })).toEqual([['0.5', 'VARCHAR'], ['9007199254740993', 'VARCHAR']])
  })

})

describe('objects that do not rest', () => {
  it('reads an object again that was overwritten while it was read', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': longCsv('old') })
    let wasOverwritten = false
    bucket.onChunk = (_, from) => {
      if (from < 1_000_000 || wasOverwritten) return
      wasOverwritten = true
      bucket.put('a.csv', longCsv('new'), { sameSecond: true })
    }
    await syncBucket(schema, bucket)
    expect(wasOverwritten).toBe(true)
    expect(await tableRows(schema, { select: "count(*), count(*) FILTER (name LIKE 'new%')", order: '1' })).toEqual([['300000', '300000']])
  })

  it('leaves out an object that goes while it is read', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': longCsv('old'), 'b.csv': 'id,name\n1,b\n' })
    bucket.onChunk = (key, from) => {
      if (key === 'a.csv' && from > 1_000_000) bucket.delete('a.csv')
    }
    await syncBucket(schema, bucket)
    expect(await tableRows(schema, rows)).toEqual([['mem://bucket/b.csv', '1', '1', 'b']])
  })

  it('compares the bytes where the store has no fingerprints', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n', 'long.csv': longCsv('x') })
    bucket.hasFingerprints = false
    await syncBucket(schema, bucket)
    expect(await syncBucket(schema, bucket)).toMatchObject({ isChanged: false, objects: { unchanged: 2 } })
    bucket.put('a.csv', 'id,name\n1,A\n', { sameSecond: true })
    expect(await syncBucket(schema, bucket)).toMatchObject({ isChanged: true, rows: 300_001, objects: { unchanged: 1, replaced: 1 } })
  })

})

describe('long texts, and none', () => {
  it('cuts a long text into pieces whose rows keep their numbers', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    bucket.chunkBytes = 4_000_000
    bucket.put('a.csv.gz', gzipSync(longCsv('a text that is so long that a piece is soon full of it', 1_200_000), { level: 1 }))
    await syncBucket(schema, bucket)
    expect((await snapshotOf(schema)).dataFiles.length).toBeGreaterThan(1)
    expect(await tableRows(schema, { select: 'count(*), count(DISTINCT _file_row), count(*) FILTER (_file_row = id + 1)', order: '1' })).toEqual([['1200000', '1200000', '1200000']])
  }, 120_000)

  it('is empty when no object matches, and says so', async () => {
    const schema = await makeSchema()
    const report = await syncBucket(schema, new MemoryBucket())
    expect(report).toMatchObject({ rows: 0, isChanged: true })
    expect(report.warnings[0]?.message).toContain('No object matches')
  })
})

describe('a broken file', () => {
  const broken = 'id,name\n1,a\n2,b,too,many\n'

  it('fails the sync, names the file and the line, and leaves the table as it was', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n' })
    await syncBucket(schema, bucket)
    bucket.put('b.csv', broken)
    bucket.put('c.csv', 'id,name\n3,c\n')
    await expect(syncBucket(schema, bucket)).rejects.toMatchObject({ code: 'bad_file', title: expect.stringContaining('mem://bucket/b.csv'), detail: expect.stringContaining('3') })
    expect(await tableRows(schema, rows)).toEqual([['mem://bucket/a.csv', '1', '1', 'a']])
  })

  it('is set aside where that is chosen, named in every report, and read once it is mended', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n', 'b.csv': broken, 'c.csv': 'id,name\n3,c\n' })
    const settings = { format: 'csv', broken: 'set-aside' } as const
    const first = await syncBucket(schema, bucket, { settings })
    expect(first).toMatchObject({ rows: 2, objects: { added: 2, setAsideCount: 1, setAside: [{ address: 'mem://bucket/b.csv' }] } })
    const again = await syncBucket(schema, bucket, { settings })
    expect(again).toMatchObject({ isChanged: false, objects: { setAsideCount: 1, setAside: [{ address: 'mem://bucket/b.csv' }] } })
    expect(again.warnings[0]?.message).toContain('b.csv')
    bucket.put('b.csv', 'id,name\n2,b\n')
    expect(await syncBucket(schema, bucket, { settings })).toMatchObject({ rows: 3, objects: { setAsideCount: 0 } })
  })
})

describe('what becomes of changes', () => {
  it('keeps the rows of deleted files where that is chosen', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n', 'b.csv': 'id,name\n2,b\n' })
    const settings = { format: 'csv', changes: 'keep-deleted' } as const
    await syncBucket(schema, bucket, { settings })
    bucket.delete('a.csv')
    bucket.put('b.csv', 'id,name\n2,B\n')
    await syncBucket(schema, bucket, { settings })
    expect((await tableRows(schema, rows)).map(([, , , name]) => name)).toEqual(['a', 'B'])
  })

  it('never reads a file twice where files are only ever added', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n' })
    const settings = { format: 'csv', changes: 'append' } as const
    await syncBucket(schema, bucket, { settings })
    bucket.put('a.csv', 'id,name\n1,A\n')
    bucket.put('b.csv', 'id,name\n2,b\n')
    bucket.reads.length = 0
    await syncBucket(schema, bucket, { settings })
    expect(new Set(bucket.reads)).toEqual(new Set(['b.csv']))
    expect((await tableRows(schema, rows)).map(([, , , name]) => name)).toEqual(['a', 'b'])
  })

  it('reads everything anew when what the rows depend on is set otherwise', async () => {
    const schema = await makeSchema()
    const bucket = bucketOf({ 'a.csv': 'id,name\n1,a\n' })
    await syncBucket(schema, bucket)
    const report = await syncBucket(schema, bucket, { settings: { format: 'csv', types: { id: 'DECIMAL(18,2)' } } })
    expect(report.fullReason).toBe('its settings changed')
    expect(await tableRows(schema, { select: 'typeof(id), id', order: 'id' })).toEqual([['DECIMAL(18,2)', '1.00']])
  })
})
