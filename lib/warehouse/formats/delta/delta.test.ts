import { statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { openEngine, type Engine } from '../../duckdb'
import { FileProblem } from '../file-problem'
import { parquetFormat } from '../parquet/parquet-format'
import { deltaColumns, deltaSelectSql, writeDeletedRows } from './delta-select'
import { decodeRows, vectorPath, z85 } from './deletion-vector'
import { planDeltaLog } from './plan-delta-log'
import { readDeltaLog, readSidecarNames, type DeltaTable } from './read-delta-log'

let engine: Engine
let root: string
beforeAll(async () => { engine = await openEngine(new AbortController().signal) })
afterAll(() => engine.close())
beforeEach(async () => {
  root = await mkdtemp(path.join(dataFolder(), 'delta-'))
  await mkdir(path.join(root, '_delta_log/_sidecars'), { recursive: true })
})

const name = (version: number) => String(version).padStart(20, '0')
const commit = (version: number, actions: object[]) => writeFile(path.join(root, `_delta_log/${name(version)}.json`), actions.map((action) => `${JSON.stringify(action)}\n`))
const protocol = (readerFeatures?: string[]) => ({ protocol: readerFeatures ? { minReaderVersion: 3, minWriterVersion: 7, readerFeatures } : { minReaderVersion: 1, minWriterVersion: 2 } })
const field = (column: string, type: unknown, metadata: object = {}) => ({ name: column, type, nullable: true, metadata })
const metaData = (fields: object[], partitionColumns: string[] = [], configuration: object = {}) => ({ metaData: { id: 'x', format: { provider: 'parquet', options: {} }, schemaString: JSON.stringify({ type: 'struct', fields }), partitionColumns, configuration } })
const add = (file: string, rest: object = {}) => ({ add: { path: file, partitionValues: {}, size: 10, modificationTime: 1704067200000, dataChange: true, stats: '{"numRecords":1}', ...rest } })

async function data(file: string, query: string, options = ''): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true })
  await engine.run(`COPY (${query}) TO '${path.join(root, file)}' (FORMAT parquet${options})`)
}

async function log(): Promise<DeltaTable> {
  const plan = planDeltaLog(await readdir(root, { recursive: true }))
  const local = (key: string) => path.join(root, key)
  const paths = plan.checkpoint?.keys.map(local) ?? []
  const sidecars = (await readSidecarNames(engine, paths)).map((sidecar) => local(`_delta_log/_sidecars/${sidecar}`))
  return readDeltaLog(engine, { version: plan.version, checkpoint: plan.checkpoint && { paths, sidecars }, commits: plan.commits.map(({ version, key }) => ({ version, path: local(key) })) })
}

async function rows(): Promise<unknown[]> {
  const table = await log()
  const found: unknown[] = []
  for (const entry of table.files) {
    const file = { path: path.join(root, entry.path), bytes: statSync(path.join(root, entry.path)).size, address: entry.path }
    const inspection = await parquetFormat.inspect(engine, file, { format: 'delta', csv: {}, types: {}, changes: 'mirror', broken: 'fail' }, null)
    const deletedRows = entry.deletionVector ? path.join(root, 'deleted') : null
    if (deletedRows !== null) await writeDeletedRows(entry, entry.deletionVector?.place.kind === 'object' ? path.join(root, entry.deletionVector.place.path) : null, deletedRows)
    found.push(...(await engine.rows(deltaSelectSql(entry, { file, inspection, deletedRows }, table))))
  }
  return found
}

describe('which objects of a log are read', () => {
  const key = (rest: string) => `lake/t/_delta_log/${rest}`
  const commits = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => key(`${name(from + i)}.json`))

  test('all commits, without a checkpoint', () => {
    expect(planDeltaLog([...commits(0, 2), 'lake/t/part-0.parquet', key('_last_checkpoint'), key(`${name(0)}.crc`)])).toEqual({ root: 'lake/t/', version: 2, checkpoint: null, commits: [0, 1, 2].map((version) => ({ version, key: key(`${name(version)}.json`) })) })
  })

  test('the latest whole checkpoint and the commits after it; one with missing parts does not count', () => {
    const part = (version: number, number: number) => key(`${name(version)}.checkpoint.${String(number).padStart(10, '0')}.0000000002.parquet`)
    const plan = planDeltaLog([...commits(3, 12), key(`${name(4)}.checkpoint.parquet`), part(8, 2), part(8, 1), part(10, 1)])
    expect(plan.checkpoint).toEqual({ version: 8, keys: [part(8, 1), part(8, 2)] })
    expect(plan.commits.map(({ version }) => version)).toEqual([9, 10, 11, 12])
  })

  test.each([
    ['a gap', [...commits(0, 1), ...commits(3, 4)], 'Version 2 is missing'],
    ['a beginning that was cleaned up, and no checkpoint', commits(5, 6), 'Version 0 is missing'],
    ['no log', ['lake/t/part-0.parquet'], 'There is no log'],
    ['two tables', [...commits(0, 0), `lake/u/_delta_log/${name(0)}.json`], 'There are several Delta tables'],
  ])('%s is refused in words', (_, keys, words) => {
    expect(() => planDeltaLog(keys)).toThrow(words)
  })
})

describe('the rows of a table', () => {
  test('are those of the files that were added and not removed, with the values of its partitions', async () => {
    await data('day=2024-01-01/a b.parquet', 'SELECT 1::BIGINT AS id')
    await data('b.parquet', `SELECT 2::BIGINT AS id, 'x' AS later`)
    await commit(0, [protocol(), metaData([field('id', 'long'), field('day', 'date'), field('n', 'decimal(10,2)')], ['day', 'n']), add('day=2024-01-01/a%20b.parquet', { partitionValues: { day: '2024-01-01', n: '1.50' } }), add('gone.parquet')])
    await commit(1, [{ remove: { path: 'gone.parquet' } }, metaData([field('id', 'long'), field('day', 'date'), field('n', 'decimal(10,2)'), field('later', 'string')], ['day', 'n']), add('b.parquet', { partitionValues: { day: null, n: '' } })])
    expect(await rows()).toEqual([['2', null, null, 'x'], ['1', '2024-01-01', '1.50', null]])
    expect(await deltaColumns(engine, await log())).toMatchObject([{ name: 'id', type: 'BIGINT' }, { type: 'DATE' }, { type: 'DECIMAL(10,2)' }, { type: 'VARCHAR' }])
    expect((await log()).files[1]).toMatchObject({ path: 'day=2024-01-01/a b.parquet', modifiedAt: '2024-01-01T00:00:00.000Z' })
  })

  test('are told by a checkpoint and what came after it, in both forms of checkpoints', async () => {
    for (const file of ['a', 'b', 'c']) await data(`${file}.parquet`, `SELECT '${file}' AS v`)
    const columns = JSON.stringify({ type: 'struct', fields: [field('v', 'string')] })
    const added = (file: string) => `{'path': '${file}.parquet', 'partitionValues': MAP{}::MAP(VARCHAR, VARCHAR), 'size': 1::BIGINT, 'modificationTime': 0::BIGINT, 'stats': 'x'}`
    const head = `SELECT {'schemaString': '${columns}', 'partitionColumns': []::VARCHAR[], 'configuration': MAP{}::MAP(VARCHAR, VARCHAR)} AS "metaData" UNION ALL BY NAME SELECT {'minReaderVersion': 3, 'readerFeatures': ['v2Checkpoint']} AS protocol`
    await data(`_delta_log/${name(4)}.checkpoint.parquet`, `${head} UNION ALL BY NAME SELECT ${added('a')} AS add UNION ALL BY NAME SELECT ${added('b')} AS add`)
    await commit(5, [{ remove: { path: 'a.parquet' } }, add('c.parquet')])
    expect(await rows()).toEqual([['b'], ['c']])
    await data('_delta_log/_sidecars/s.parquet', `SELECT ${added('a')} AS add`)
    await data(`_delta_log/${name(5)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet`, `${head} UNION ALL BY NAME SELECT {'path': 's.parquet', 'sizeInBytes': 1} AS sidecar`)
    expect(await rows()).toEqual([['a']])
  })

  test('have the names for people where files have others, inside of columns too', async () => {
    const mapped = (column: string, type: unknown, physical: string) => field(column, type, { 'delta.columnMapping.id': 1, 'delta.columnMapping.physicalName': physical })
    await data('a.parquet', `SELECT [{'p2': 7}] AS p1, 'x' AS p3`)
    await commit(0, [protocol(['columnMapping']), metaData([mapped('list', { type: 'array', elementType: { type: 'struct', fields: [mapped('in side', 'integer', 'p2'), mapped('new', 'string', 'p9')] } }, 'p1'), mapped('Text', 'string', 'p3')], [], { 'delta.columnMapping.mode': 'name' }), add('a.parquet')])
    expect(await rows()).toEqual([[[{ 'in side': 7, new: null }], 'x']])
  })

  test('are found by the ids of columns, where they are mapped by ids', async () => {
    await data('a.parquet', 'SELECT 1 AS other, 2 AS id', ', FIELD_IDS {other: 5, id: 6}')
    await commit(0, [protocol(['columnMapping']), metaData([field('id', 'integer', { 'delta.columnMapping.id': 5, 'delta.columnMapping.physicalName': 'id' })], [], { 'delta.columnMapping.mode': 'id' }), add('a.parquet')])
    expect(await rows()).toEqual([[1]])
  })

  test('are wider where the type of a column was', async () => {
    await data('a.parquet', `SELECT 1::INTEGER AS n, DATE '2024-01-01' AS d`)
    await commit(0, [protocol(['typeWidening', 'timestampNtz']), metaData([field('n', 'long'), field('d', 'timestamp_ntz')]), add('a.parquet')])
    expect(await rows()).toEqual([['1', '2024-01-01 00:00:00']])
  })

  test('are without those that a deletion vector names, in the log or beside the data', async () => {
    await data('a.parquet', 'SELECT i::INTEGER AS i FROM range(5) t(i)')
    const bytes = vector([1, 3])
    const framed = Buffer.alloc(1 + 4 + bytes.length + 4)
    framed.writeUInt8(1, 0)
    framed.writeUInt32BE(bytes.length, 1)
    bytes.copy(framed, 5)
    framed.writeUInt32BE(crc32(bytes), 5 + bytes.length)
    await mkdir(path.join(root, 'ab'))
    await writeFile(path.join(root, vectorPath('ab^-aqEH.-t@S}K{vb[*k^')), framed)
    const place = (cardinality: number) => ({ deletionVector: { storageType: 'u', pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^', offset: 1, sizeInBytes: bytes.length, cardinality } })
    await commit(0, [protocol(['deletionVectors']), metaData([field('i', 'integer')]), add('a.parquet')])
    await commit(1, [add('a.parquet', place(2)), { remove: { path: 'a.parquet' } }])
    expect(await rows()).toEqual([[0], [2], [4]])
    expect((await log()).notes).toEqual(['2 rows are left out, which deletion vectors name'])
    framed[12] = 9
    await writeFile(path.join(root, vectorPath('ab^-aqEH.-t@S}K{vb[*k^')), framed)
    await expect(rows()).rejects.toThrow('its length or its checksum is wrong')
  })

})

describe('what would be read wrongly', () => {
  test.each([
    ['a feature that is not known', [protocol(['columnMapping', 'catalogOwned']), metaData([])], 'It uses the feature catalogOwned'],
    ['a newer reader version', [{ protocol: { minReaderVersion: 4, minWriterVersion: 7 } }, metaData([])], 'reader version 4'],
    ['a file of another table', [protocol(), metaData([]), add('s3://other/a.parquet')], 'lies outside of the table'],
    ['a file above the table', [protocol(), metaData([]), add('..%2F..%2Fa.parquet')], 'lies outside of the table'],
    ['a type that is not known', [protocol(), metaData([field('v', 'interval')])], 'Column v has a type that is not understood: interval'],
    ['a log without columns', [protocol()], 'does not say which columns'],
    ['a line that is no action', [{ add: { path: 7 } }], 'a line that is not understood'],
  ])('%s is refused in words', async (_, actions, words) => {
    await commit(0, actions)
    const error: unknown = await log().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FileProblem)
    expect(String(error)).toContain(words)
  })
})

describe('a deletion vector', () => {
  test('gives the rows of arrays, bitmaps and runs, and beyond 32 bits', () => {
    const many = Array.from({ length: 5000 }, (_, i) => i * 2)
    expect(decodeRows(vector(many))).toEqual(many)
    const runs = Buffer.concat([u32(1681511377, 1, 0), u32(3), u32(12347), Buffer.from([1]), u16(2, 3), u16(1, 10, 3)])
    expect(decodeRows(runs)).toEqual([10, 11, 12, 13].map((row) => 3 * 2 ** 32 + 2 * 65_536 + row))
  })

  test('that is cut, or says more than it should, is refused', () => {
    const bytes = vector([1, 2, 3])
    for (let length = 0; length < bytes.length; length++) expect(() => decodeRows(bytes.subarray(0, length))).toThrow('A deletion vector is broken')
    expect(() => decodeRows(bytes, 2)).toThrow('A deletion vector is broken')
  })

  test('names its object by a UUID in base 85', () => {
    expect(Buffer.from(z85('HelloWorld')).toString('hex')).toBe('864fd26fb559f75b')
    expect(vectorPath('ab^-aqEH.-t@S}K{vb[*k^')).toBe('ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin')
    expect(() => vectorPath('../^-aqEH.-t@S}K{vb[*k^')).toThrow('names a folder that is none')
  })
})

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4))
  return bytes
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, i) => bytes.writeUInt16LE(value, i * 2))
  return bytes
}

/** One container of rows below 65,536: an array, or a bitmap when there are more than 4096. */
function vector(deleted: number[]): Buffer {
  const bitmap = Buffer.alloc(8192)
  for (const row of deleted) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7))
  const container = deleted.length > 4096 ? bitmap : u16(...deleted)
  return Buffer.concat([u32(1681511377, 1, 0, 0), u32(12346, 1), u16(0, deleted.length - 1), u32(16), container])
}
