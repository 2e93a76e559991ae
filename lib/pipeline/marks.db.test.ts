import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { column, MemorySource } from '@/test/memory-source'
import { bothTables } from '@/test/parts-room'
import { makeSchema, sync, tableRows, type JobChange, type Schema } from '@/test/sync-room'

// U+FEFF is a letter like others within a text, and the mark of an encoding only where a file begins: whoever reads texts takes it for one easily
const MARK = '\ufeff'

let database: FreshDatabase
let room: SourceRoom
beforeAll(async () => {
  database = await freshDatabase()
  room = await openSourceRoom()
})
afterAll(async () => {
  await room.close()
  await database.drop()
})

const incremental = { method: 'incremental', replicationKey: 'changed' } as const
const due = { compare: { proves: true, isDue: true, mends: true } } as const

async function marked(name: string, values: string, change: JobChange) {
  await room.run(`CREATE TABLE ${name} (code text COLLATE "C" PRIMARY KEY, changed int, note text); INSERT INTO ${name} ${values}`)
  const [schema, source] = [await makeSchema(), await room.table(name)]
  return { schema, sync: (more: JobChange = {}) => sync(schema, source, { ...source.change, ...change, ...more }) }
}

const isOfSource = (schema: Schema, name: string) => bothTables(room, schema, name).then(({ ours, source }) => expect(ours).toEqual(source))

it('a table whose first value begins with U+FEFF keeps it, in each file that is staged', async () => {
  const table = await marked('first', `SELECT '${MARK}' || n, n, '${MARK}' FROM generate_series(1, 3) n`, { method: 'full', replicationKey: null })
  expect(await table.sync(due)).toMatchObject({ rows: 3, proof: { outcome: 'verified' } })
  await isOfSource(table.schema, 'first')
  expect(await tableRows(table.schema, { select: 'length(code), length(note)', order: 'code' })).toEqual([['2', '1'], ['2', '1'], ['2', '1']])
})

it('a cursor that begins with U+FEFF is the one that was read: no row above it is passed over', async () => {
  const schema = await makeSchema()
  const source = new MemorySource([column('id', 'INTEGER'), column('changed', 'VARCHAR')])
  source.primaryKey = ['id']
  source.compare = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  const byText = { method: 'incremental', replicationKey: 'changed' } as const
  source.rows = [['1', `${MARK}😀`]]
  await sync(schema, source, byText)
  // without its first letter the cursor would lie above this row
  source.rows.push(['2', `${MARK}😁`])
  expect(await sync(schema, source, byText)).toMatchObject({ inserted: 1, cursor: { value: `${MARK}😁` } })
  expect(await tableRows(schema, { order: 'id' })).toEqual(source.rows)
})

it('keys that begin with U+FEFF are merged, compared by ranges and repaired', async () => {
  const table = await marked('keys', `SELECT '${MARK}' || CASE n % 3 WHEN 0 THEN '😀' WHEN 1 THEN 'a' ELSE '${MARK}' END || n, n, 'x' FROM generate_series(1, 3000) n UNION ALL SELECT CASE n % 2 WHEN 0 THEN '😀' ELSE 'a' END || n, n, 'y' FROM generate_series(1, 3000) n`, incremental)
  await table.sync()
  await room.run(`UPDATE keys SET changed = 90000, note = 'seen' WHERE code = '${MARK}a1'; INSERT INTO keys VALUES ('${MARK}${MARK}new', 90001, 'z')`)
  expect(await table.sync()).toMatchObject({ inserted: 1, updated: 1, rows: 6001 })
  await room.run(`DELETE FROM keys WHERE code IN ('${MARK}a4', '${MARK}😀3', 'a5'); UPDATE keys SET note = 'quietly' WHERE code IN ('${MARK}${MARK}2', '😀4')`)
  expect(await table.sync(due)).toMatchObject({ rows: 5998, proof: { outcome: 'verified', differences: { gone: 3, missing: 0, different: 2 } } })
  await isOfSource(table.schema, 'keys')
})

it('an object whose name begins with U+FEFF is the one that is read, and is not read again', async () => {
  const schema = await makeSchema()
  const bucket = new MemoryBucket()
  bucket.put(`${MARK}a.csv`, 'id,note\n1,with\n')
  bucket.put('a.csv', 'id,note\n2,without\n')
  expect(await syncBucket(schema, bucket)).toMatchObject({ rows: 2, objects: { added: 2, setAsideCount: 0 } })
  expect(await syncBucket(schema, bucket)).toMatchObject({ isChanged: false, objects: { unchanged: 2 } })
})

it.each([
  ['json', 'a.json', (text: string) => JSON.stringify([{ note: text }, { note: text }])],
  ['json', 'a.jsonl', (text: string) => `${JSON.stringify({ note: text })}\n${JSON.stringify({ note: text })}\n`],
  ['csv', 'a.csv', (text: string) => `note\n${text}\n${text}\n`],
  ['csv', 'marked.csv', (text: string) => `${MARK}note,more\n${text},1\n${text},2\n`],
] as const)('a value of a file of %s (%s) keeps its U+FEFF, and no mark of the file becomes one', async (format, name, body) => {
  const schema = await makeSchema()
  const bucket = new MemoryBucket()
  bucket.put(name, body(`${MARK}x`))
  await syncBucket(schema, bucket, { settings: { format } })
  expect(await tableRows(schema, { select: 'note' })).toEqual([[`${MARK}x`], [`${MARK}x`]])
})
