import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { openEngine, type Engine } from '@/lib/warehouse/duckdb'
import { workbookParts, zipOf } from '@/lib/warehouse/formats/excel/workbook-for-test'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { makeSchema, snapshotOf, tableRows } from '@/test/sync-room'
import { previewFiles } from './preview'

let database: FreshDatabase
let engine: Engine
beforeAll(async () => {
  database = await freshDatabase()
  engine = await openEngine(new AbortController().signal)
})
afterAll(async () => {
  await engine.close()
  await database.drop()
})

async function parquet(query: string): Promise<Uint8Array> {
  const file = path.join(dataFolder(), `${newId()}.parquet`)
  await engine.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`)
  return readFileSync(file)
}

const text = { select: '* EXCLUDE (_synced_at, _run_id, _file_modified_at)', order: '_file, _file_row' }

describe('Parquet', () => {
  const settings = { format: 'parquet' } as const
  const long = "SELECT i AS id, md5(i::VARCHAR) AS token, {'a': i, 'b': [i, i + 1]} AS nested FROM range(200000) t(i) ORDER BY i"

  it('is kept as it is, byte by byte, when nothing in it has to change, and its rows keep their places', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    const bytes = await parquet(long)
    bucket.put('a.parquet', bytes)
    bucket.put('b.parquet', await parquet('SELECT 7 AS id, NULL::VARCHAR AS extra'))
    await syncBucket(schema, bucket, { settings })
    const { dataFiles } = await snapshotOf(schema)
    const [kept] = dataFiles.filter(({ layout }) => layout?.object?.key === 'a.parquet')
    expect(readFileSync(path.join(dataFolder(), 'warehouse', kept?.path ?? '')).equals(bytes)).toBe(true)
    expect(await tableRows(schema, { select: "count(*), count(*) FILTER (_file_row = id + 1), sum(nested.b[2]), count(extra)", order: '1' })).toEqual([['200001', '200000', '20000100000', '0']])
  })

  it('that is damaged fails the sync, and not somebody\'s query', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    const bytes = new Uint8Array(await parquet(long))
    bytes.fill(0xff, 2_000_000, 2_000_400)
    bucket.put('a.parquet', bytes)
    await expect(syncBucket(schema, bucket, { settings })).rejects.toMatchObject({ code: 'bad_file', title: expect.stringContaining('mem://bucket/a.parquet') })
  })

  it('of other columns and wider types is one table, and the files before are not read again', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    bucket.put('a.parquet', await parquet("SELECT 1::INTEGER AS id, 1.50::DECIMAL(5,2) AS amount, {'x': 1} AS s"))
    await syncBucket(schema, bucket, { settings })
    bucket.reads.length = 0
    bucket.put('b.parquet', await parquet("SELECT 3000000000::BIGINT AS id, 1.2345::DECIMAL(9,4) AS amount, {'x': 2, 'y': 'z'} AS s"))
    await syncBucket(schema, bucket, { settings })
    expect(new Set(bucket.reads)).toEqual(new Set(['b.parquet']))
    expect(await tableRows(schema, { select: 'id, amount, s.x, s.y, typeof(id), typeof(amount)', order: 'id' })).toEqual([['1', '1.5000', '1', null, 'BIGINT', 'DECIMAL(9,4)'], ['3000000000', '1.2345', '2', 'z', 'BIGINT', 'DECIMAL(9,4)']])
  })
})

describe('compaction', () => {
  it('puts the files of many syncs together, and what comes after it still swaps by object and widens', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    for (let file = 0; file < 20; file++) {
      bucket.put(`${file}.csv`, `id,n\n${file},1\n`)
      await syncBucket(schema, bucket)
    }
    expect((await snapshotOf(schema)).dataFiles.length).toBeLessThan(10)
    bucket.delete('3.csv')
    bucket.put('4.csv', 'id,n\n4,2.5\n')
    await syncBucket(schema, bucket)
    expect(await tableRows(schema, { select: 'count(*), sum(n), sum(id), typeof(any_value(n))', order: '1' })).toEqual([['19', '20.5', String(190 - 3), 'DOUBLE']])
  }, 120_000)
})

describe('JSON, Excel, and what is packed', () => {
  it('JSON lines and lists become rows, packed or not', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    bucket.put('a.jsonl', '{"id":1,"tags":["x"]}\n{"id":2,"more":{"deep":true}}\n')
    bucket.put('b.json', '[{"id":3}, {"id":12345678901234567890}]')
    bucket.put('c.jsonl.gz', Buffer.concat([gzipSync('{"id":5}\n'), gzipSync('{"id":6}\n')]))
    await syncBucket(schema, bucket, { settings: { format: 'json' } })
    expect(await tableRows(schema, { select: 'id, tags, more', order: '_file, _file_row' })).toEqual([['1', '["x"]', null], ['2', null, '{"deep":true}'], ['3', null, null], ['12345678901234567890', null, null], ['5', null, null], ['6', null, null]])
  })

  it('a worksheet becomes rows, and its texts stay texts', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    const cell = (ref: string, value: string) => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`
    bucket.put('a.xlsx', zipOf(workbookParts({ sheets: { Data: `<row r="1">${cell('A1', 'id')}${cell('B1', 'zip')}</row><row r="2"><c r="A2"><v>1</v></c>${cell('B2', '01234')}</row><row r="3"><c r="A3"><v>2</v></c>${cell('B3', '1.50')}</row>` } })))
    await syncBucket(schema, bucket, { settings: { format: 'excel' } })
    expect(await tableRows(schema, { select: 'id, zip, typeof(zip)', order: 'id' })).toEqual([['1', '01234', 'VARCHAR'], ['2', '1.50', 'VARCHAR']])
  })
})

describe('a Delta table', () => {
  const log = (version: number, actions: object[]) => [`t/_delta_log/${String(version).padStart(20, '0')}.json`, actions.map((action) => JSON.stringify(action)).join('\n')] as const
  const start = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    { metaData: { id: 'x', format: { provider: 'parquet', options: {} }, schemaString: JSON.stringify({ type: 'struct', fields: [{ name: 'id', type: 'long', nullable: true, metadata: {} }, { name: 'day', type: 'date', nullable: true, metadata: {} }] }), partitionColumns: ['day'], configuration: {} } },
  ]
  const add = (file: string, day: string) => ({ add: { path: file, partitionValues: { day }, size: 10, modificationTime: 1704067200000, dataChange: true } })

  it('is what its log says, and only files that the log changes are read', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    const settings = { format: 'delta' } as const
    bucket.put('t/a.parquet', await parquet('SELECT 1::BIGINT AS id'))
    bucket.put('t/b.parquet', await parquet('SELECT 2::BIGINT AS id'))
    bucket.put('t/never-committed.parquet', await parquet('SELECT 9::BIGINT AS id'))
    bucket.put(...log(0, [...start, add('a.parquet', '2024-01-01'), add('b.parquet', '2024-01-02')]))
    await syncBucket(schema, bucket, { settings })
    expect(await tableRows(schema, { select: 'id, day, _file', order: 'id' })).toEqual([['1', '2024-01-01', 'mem://bucket/t/a.parquet'], ['2', '2024-01-02', 'mem://bucket/t/b.parquet']])
    const look = await previewFiles({ access: bucket.access, settings: { format: 'delta', csv: {}, types: {}, changes: 'mirror', broken: 'fail' }, signal: new AbortController().signal })
    expect(look).toMatchObject({ columns: [{ name: 'id', type: 'BIGINT' }, { name: 'day', type: 'DATE' }], rows: [['1', '2024-01-01']] })
    bucket.reads.length = 0
    bucket.put('t/c.parquet', await parquet('SELECT 3::BIGINT AS id'))
    bucket.put(...log(1, [{ remove: { path: 'a.parquet', deletionTimestamp: 1, dataChange: true } }, add('c.parquet', '')]))
    const report = await syncBucket(schema, bucket, { settings })
    expect(bucket.reads.filter((key) => key.endsWith('.parquet'))).toEqual(['t/c.parquet'])
    expect(report).toMatchObject({ objects: { listed: 2, added: 1, removed: 1, unchanged: 1 } })
    expect(await tableRows(schema, text)).toEqual([['2', '2024-01-02', 'mem://bucket/t/b.parquet', '1'], ['3', null, 'mem://bucket/t/c.parquet', '1']])
  })
})
