import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import type { FilesSettings } from '@/lib/core/files-settings'
import { openEngine, type Engine } from '../../duckdb'
import { keptType } from '../../types/kept-type'
import { FileProblem } from '../file-problem'
import { Misfits, type Inspection, type LocalFile, type ReadColumn } from '../format'
import { parquetFormat } from './parquet-format'
import { verifyParquet } from './verify-parquet'

const settings: FilesSettings = { format: 'parquet', csv: {}, types: {}, changes: 'mirror', broken: 'fail' }
/** Three integers in one page that carries a checksum, which the engine neither writes nor reads. */
const WITH_CHECKSUM = 'UEFSMRUAFSQVJBX9t4m1DhwVBhUAFQYVBhwAAAACAAAABgEBAAAAAgAAAAMAAAAVBBksNQAYBnNjaGVtYRUCABUCJQIYAWEAFgYZHBkcJgAcFQIZJQYAGRgBYRUAFgYWVhZWJghJHBUAFQAVAgA8KQYZJgAGAAAAFlYWBiYIFlYAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAHoAAABQQVIx'

let engine: Engine
let count = 0
beforeAll(async () => { engine = await openEngine(new AbortController().signal) })
afterAll(() => engine.close())

const at = (name: string) => path.join(dataFolder(), name)
const local = (file: string): LocalFile => ({ path: file, bytes: statSync(file).size, address: 's3://bucket/a.parquet' })

async function written(query: string, options = ''): Promise<LocalFile> {
  await mkdir(at('day=1'), { recursive: true })
  const file = at(`day=1/f${count++}.parquet`)
  await engine.run(`COPY (${query}) TO '${file}' (FORMAT parquet${options})`)
  return local(file)
}

function bytes(content: Uint8Array): LocalFile {
  const file = at(`b${count++}.parquet`)
  writeFileSync(file, content)
  return local(file)
}

const inspect = (file: LocalFile) => parquetFormat.inspect(engine, file, settings, null)

async function verified(file: LocalFile): Promise<Inspection> {
  const inspection = await inspect(file)
  await verifyParquet(engine, file, inspection)
  return inspection
}

async function read(file: LocalFile, as: Record<string, string> = {}, isChosen = false): Promise<unknown> {
  const inspection = await inspect(file)
  const columns: ReadColumn[] = inspection.columns.map((column) => ({ ...column, as: as[column.name] ?? keptType(column.type), isChosen }))
  const piece = { file, inspection, isFirst: true, linesBefore: 0 }
  try {
    return await engine.rows(parquetFormat.selectSql(piece, columns))
  } catch (error) {
    return parquetFormat.explain(engine, piece, columns, error)
  }
}

const refusal = async (file: LocalFile) => {
  const error = await verified(file).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FileProblem)
  return String(error)
}

test('a file tells its columns, types and rows, and is kept as it is when a scan can read it', async () => {
  const file = await written(`SELECT 1 AS id, {'a b': [1.5::DECIMAL(4,2)], 'c': MAP{'k': DATE '2024-01-01'}} AS s, '{}'::JSON AS j, TIMESTAMP_NS '2024-01-01 00:00:00.123456789' AS n FROM range(7)`)
  const inspection = await verified(file)
  expect(inspection.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id INTEGER', 's STRUCT("a b" DECIMAL(4,2)[], c MAP(VARCHAR, DATE))', 'j JSON', 'n TIMESTAMP_NS'])
  expect(inspection).toMatchObject({ rows: 7, keptAsIs: { ok: true }, notes: [] })
})

test('a file without rows is read', async () => {
  expect(await verified(await written('SELECT 1 AS id WHERE false'))).toMatchObject({ rows: 0, keptAsIs: { ok: true } })
})

test('names that differ in capitals are told apart, and a path says nothing of columns', async () => {
  const file = await written('SELECT 1 AS a, 2 AS filename, 3 AS "a""b"')
  expect((await inspect(file)).columns.map(({ name }) => name)).toEqual(['a', 'filename', 'a"b'])
  expect(await read(file)).toEqual([[1, 2, 3]])
})

test.each([
  ['SELECT INTERVAL 1 DAY AS x', 'column x is a INTERVAL'],
  ['SELECT 1 AS _FILE', 'a column has the reserved name _FILE'],
  ['SELECT 1 AS file_row_number', 'a column has the reserved name file_row_number'],
])('%s is not kept as it is: %s', async (query, reason) => {
  expect((await inspect(await written(query))).keptAsIs).toEqual({ ok: false, reason })
})

test('what Parquet keeps otherwise is read as a type that holds it', async () => {
  expect(await read(await written(`SELECT INTERVAL '1 month 2 days' AS i, TIMETZ '10:00:00+02:00' AS t`))).toEqual([['1 month 2 days', '08:00:00']])
})

test('a wider type changes no value: whole numbers that a double cannot hold fail, and the text is named', async () => {
  const file = await written('SELECT 9007199254740993 AS n, 1 AS m')
  const result = await read(file, { n: 'DOUBLE', m: 'DOUBLE' })
  expect(result).toBeInstanceOf(Misfits)
  expect((result as Misfits).columns).toMatchObject([{ name: 'n', as: 'DOUBLE', widerType: 'VARCHAR', example: '9007199254740993 is no DOUBLE' }])
  expect(await read(await written('SELECT 9007199254740992 AS n'), { n: 'DOUBLE' })).toEqual([[9007199254740992]])
})

test.each([
  ['1.5', 'BIGINT'], [`'1.5'`, 'BIGINT'], [`'1.005'`, 'DECIMAL(18,2)'], ['1.005::DOUBLE', 'DECIMAL(18,2)'], [`TIMESTAMP '2024-01-01 10:00:00'`, 'DATE'], [`'2024-01-01 10:00:00'`, 'DATE'], [`'x'`, 'DOUBLE'], ['300', 'TINYINT'],
  [`TIMESTAMP_NS '2024-01-01 00:00:00.123456789'`, 'TIMESTAMP'],
])('a chosen type that %s does not fit is an error of the file: %s', async (value, type) => {
  const result = await read(await written(`SELECT ${value} AS v`), { v: type }, true)
  expect(result).toBeInstanceOf(FileProblem)
  expect(String(result)).toContain('Column v: ')
})

test.each([['1.50', 'DECIMAL(18,1)', '1.5'], [`'17'`, 'BIGINT', '17'], [`'1.500'`, 'DECIMAL(18,2)', '1.50'], [`TIMESTAMP '2024-01-01'`, 'DATE', '2024-01-01'], [`' 2024-01-01'`, 'DATE', '2024-01-01'], ['NULL::VARCHAR', 'BIGINT', null]])('a chosen type that fits is read: %s as %s', async (value, type, expected) => {
  expect(await read(await written(`SELECT ${value} AS v`), { v: type }, true)).toEqual([[expected]])
})

test.each([
  ['nothing', Buffer.alloc(0), 'is no Parquet file. It is empty'],
  ['another file', Buffer.from('id,name\n1,this is no parquet\n'), 'is no Parquet file. It does not begin with PAR1'],
  ['an encrypted file', Buffer.from('PARE            \x04\0\0\0PARE', 'latin1'), 'is encrypted'],
  ['a length beyond the file', Buffer.from('PAR1            \xff\xff\0\0PAR1', 'latin1'), 'The description at its end should take 65535 bytes'],
  ['a description of noise', Buffer.from('PAR1\xff\xff\xff\xff\x04\0\0\0PAR1', 'latin1'), 'The description at its end'],
])('%s is refused in words', async (_, content, words) => {
  expect(await refusal(bytes(content))).toContain(words)
})

test('a file that was cut, or lost bytes in its middle, is refused', async () => {
  const whole = readFileSync((await written(`SELECT i AS id, md5(i::VARCHAR) AS h FROM range(20000) t(i)`, ', COMPRESSION zstd')).path)
  expect(await refusal(bytes(whole.subarray(0, whole.length - 1)))).toContain('does not end with PAR1')
  expect(await refusal(bytes(Buffer.concat([whole.subarray(0, 5000), whole.subarray(9000)])))).toMatch(/Row group 1, column \w+|Column \w+/)
  const flipped = Buffer.from(whole)
  flipped.fill(0xaa, flipped.lastIndexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])), flipped.length - 2000) // the last page, from its zstd frame on
  expect(await refusal(bytes(flipped))).toContain('Column h: ')
})

test('a flipped bit is found by the checksum of its page, of which the engine takes no notice', async () => {
  const good = Buffer.from(WITH_CHECKSUM, 'base64')
  expect((await verified(bytes(good))).rows).toBe(3)
  const bad = Buffer.from(good)
  const position = bad.indexOf(Buffer.from([2, 0, 0, 0, 3, 0, 0, 0]))
  bad[position] = 7
  expect(await read(bytes(bad))).toEqual([[1], [7], [3]])
  expect(await refusal(bytes(bad))).toContain('Row group 1, column a, page 1: its bytes are not those that were written')
})
