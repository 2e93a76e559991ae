import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/db/client'
import { insertDueRuns } from '@/lib/db/due-schemas'
import { discardHeldVersion, findHeldSample, listHeldVersions, publishHeldVersion } from '@/lib/db/held-versions'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { MemorySource, column } from '@/test/memory-source'
import { makeSchema, snapshotOf, storedKeys, sync, tableRows, type Schema } from '@/test/sync-room'
import { TrackedSource } from '@/test/tracked-source'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const ROWS = 1_200
const brake = { brakePercent: 30 } as const
const incremental = { ...brake, method: 'incremental', replicationKey: 'changed' } as const
const rowsOf = (count: number, first = 0, change = 0) => Array.from({ length: count }, (_, n) => [String(first + n), String(first + n + change), `row ${first + n}`])

function things(count = ROWS, primaryKey = ['id']): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = primaryKey
  source.rows = rowsOf(count)
  return source
}

const held = async ({ workspaceId, schemaId }: Schema) => (await listHeldVersions(workspaceId)).find((row) => row.schemaId === schemaId) ?? null
const publish = (schema: Schema, runId: string | null = null) => publishHeldVersion({ ...schema, runId })
const discard = (schema: Schema) => discardHeldVersion({ ...schema, runId: null }, new Date())
const countOf = async (schema: Schema) => Number((await tableRows(schema, { select: 'count(*)' }))[0]?.[0])

describe('a full table', () => {
  it('whose rows are others by their keys is held, also when there are as many as before', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, brake)
    source.rows = [...rowsOf(ROWS * 0.6), ...rowsOf(ROWS * 0.4, 10_000)]
    const report = await sync(schema, source, brake)
    expect(report).toMatchObject({ isChanged: false, version: 1, rows: ROWS, inserted: 0, deleted: 0, held: { reason: 'removed', by: 'keys', rowsBefore: ROWS, rowsAfter: ROWS, removed: 480, inserted: 480, percent: 30 } })
    expect(await snapshotOf(schema)).toMatchObject({ version: 1 })
    const sample = await findHeldSample(schema.workspaceId, schema.schemaId)
    expect(sample?.rows).toHaveLength(10)
    for (const { before, after } of sample?.rows ?? []) {
      expect(after).toBeNull()
      expect(Number(before[0])).toBeGreaterThanOrEqual(720)
      expect(Number(before[0])).toBeLessThan(ROWS)
    }
  })

  it('without a key is compared by its number of rows', async () => {
    const schema = await makeSchema()
    const source = things(ROWS, [])
    await sync(schema, source, brake)
    source.rows = rowsOf(ROWS, 10_000)
    expect(await sync(schema, source, brake)).toMatchObject({ isChanged: true })
    source.rows = rowsOf(600)
    expect((await sync(schema, source, brake)).held).toMatchObject({ reason: 'removed', by: 'counts', removed: 600 })
  })

  it('is held from one row above the share on, and not at it', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, brake)
    source.rows = rowsOf(ROWS * 0.7)
    expect(await sync(schema, source, brake)).toMatchObject({ isChanged: true, rows: 840 })
    source.rows = rowsOf(ROWS)
    await sync(schema, source, brake)
    source.rows = rowsOf(ROWS * 0.7 - 1)
    expect((await sync(schema, source, brake)).held).toMatchObject({ removed: 361 })
  })

  it('of up to 1,000 rows is only held when it would be empty', async () => {
    const schema = await makeSchema()
    const source = things(1_000)
    await sync(schema, source, brake)
    source.rows = rowsOf(3)
    expect(await sync(schema, source, brake)).toMatchObject({ isChanged: true, rows: 3 })
    source.rows = []
    expect((await sync(schema, source, brake)).held).toMatchObject({ reason: 'emptied', rowsBefore: 3, rowsAfter: 0, removed: 3 })
    expect((await findHeldSample(schema.workspaceId, schema.schemaId))?.rows).toHaveLength(3)
    expect(await countOf(schema)).toBe(3)
  })

  it('is compared by its keys when their type has changed too', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, brake)
    source.columns = [column('id', 'VARCHAR'), ...source.columns.slice(1)]
    expect(await sync(schema, source, brake)).toMatchObject({ isChanged: true })
    source.columns = [column('id', 'INTEGER'), ...source.columns.slice(1)]
    source.rows = rowsOf(ROWS, 500)
    expect((await sync(schema, source, brake)).held).toMatchObject({ by: 'keys', removed: 500 })
  })

  it('that is synced for the first time, or without the brake, is published whatever comes', async () => {
    const schema = await makeSchema()
    const source = things()
    expect((await sync(schema, source, brake)).held).toBeUndefined()
    source.rows = []
    expect(await sync(schema, source, { brakePercent: null })).toMatchObject({ isChanged: true, rows: 0 })
    expect((await sync(schema, source, brake)).held).toBeUndefined()
    source.rows = rowsOf(ROWS)
    expect(await sync(schema, source, brake)).toMatchObject({ isChanged: true, rows: ROWS })
  })
})

describe('an incremental table', () => {
  it('that a backfill has changed is held with its cursor; discarded, the next sync reads the same again; published, the one after goes on from there', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    const before = await snapshotOf(schema)
    source.rows = rowsOf(ROWS, 0, 50_000).map(([id, changed]) => [id ?? null, changed ?? null, 'backfilled'])
    expect((await sync(schema, source, incremental)).held).toMatchObject({ reason: 'changed', by: 'changes', updated: ROWS, removed: 0, rowsAfter: ROWS })
    expect(await findHeldSample(schema.workspaceId, schema.schemaId)).toMatchObject({ columns: ['id', 'changed', 'name'], rows: expect.arrayContaining([{ before: expect.arrayContaining([expect.stringMatching(/^row /)]), after: expect.arrayContaining(['backfilled']) }]) })
    expect(await snapshotOf(schema)).toEqual(before)

    const { paths } = await discard(schema)
    expect(paths).not.toEqual([])
    expect(await held(schema)).toBeNull()
    expect(await sync(schema, source, incremental)).toMatchObject({ rowsRead: ROWS, held: { updated: ROWS } })
    expect(source.requests.at(-1)?.since).toEqual({ column: 'changed', from: String(ROWS - 1) })

    const waiting = await held(schema)
    expect(await publish(schema, waiting?.runId)).toMatchObject({ version: 2 })
    expect(await tableRows(schema)).toEqual([...source.rows].sort())
    source.rows = [...source.rows, ['9999', '90000', 'new']]
    expect(await sync(schema, source, incremental)).toMatchObject({ inserted: 1, updated: 0, rows: ROWS + 1 })
    expect(source.requests.at(-1)?.since).toEqual({ column: 'changed', from: String(50_000 + ROWS - 1) })
  })

  it('that changes little is published', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.rows = [...rowsOf(300, 0, 50_000), ...rowsOf(900, 300)]
    expect(await sync(schema, source, incremental)).toMatchObject({ isChanged: true, updated: 300 })
  })
})

describe('what waits for a decision', () => {
  it('is replaced by what a later sync brings, and is over once the source is as it was', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.rows = rowsOf(ROWS, 0, 50_000)
    await sync(schema, source, incremental)
    const first = await held(schema)
    source.rows = rowsOf(ROWS, 0, 60_000)
    await sync(schema, source, incremental)
    const second = await held(schema)
    expect(second?.runId).not.toBe(first?.runId)
    await expect(publish(schema, first?.runId)).rejects.toMatchObject({ code: 'conflict' })
    source.rows = rowsOf(ROWS)
    expect(await sync(schema, source, incremental)).toMatchObject({ isChanged: false })
    expect(await held(schema)).toBeNull()
    await expect(publish(schema)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('cannot follow another version than the one it was made from', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, brake)
    source.rows = []
    await sync(schema, source, brake)
    await prisma().tableVersion.create({ data: { ...(await prisma().tableVersion.findFirstOrThrow({ where: { schemaId: schema.schemaId }, omit: { columns: true, columnChanges: true, cursor: true } })), number: 2, columns: [] } })
    await prisma().sourceSchema.update({ where: { id: schema.schemaId }, data: { currentVersion: 2 } })
    await expect(publish(schema)).rejects.toMatchObject({ code: 'conflict' })
    expect(await held(schema)).not.toBeNull()
  })

  it('keeps its files through a sweep; those of what was discarded go', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, brake)
    source.rows = rowsOf(500, 5_000)
    await sync(schema, source, brake)
    const paths = (await prisma().heldFile.findMany({ where: { schemaId: schema.schemaId } })).map(({ path }) => path)
    expect(paths).toHaveLength(1)
    await sweepFiles()
    expect(await storedKeys()).toEqual(expect.arrayContaining(paths))
    await sync(schema, source, brake)
    await sweepFiles()
    expect(await storedKeys()).not.toEqual(expect.arrayContaining(paths))
    await publish(schema)
    await sweepFiles()
    expect(await tableRows(schema)).toEqual(source.rows)
  })

  it('is forgotten with the data of its table, and belongs to its workspace alone', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, brake)
    source.rows = []
    await sync(schema, source, brake)
    const stranger = { workspaceId: '018f0000-0000-7000-8000-00000000dead', schemaId: schema.schemaId, runId: null }
    await expect(publishHeldVersion(stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(discardHeldVersion(stranger, new Date())).rejects.toMatchObject({ code: 'not_found' })
    expect(await findHeldSample(stranger.workspaceId, schema.schemaId)).toBeNull()
    expect(await held(schema)).not.toBeNull()
  })
})

it('a schedule rests while a version waits; after a discard it goes on a period later', async () => {
  const schema = await makeSchema()
  const source = things()
  await sync(schema, source, brake)
  source.rows = []
  await sync(schema, source, brake)
  const past = new Date(Date.now() - 60_000)
  await prisma().sourceSchema.update({ where: { id: schema.schemaId }, data: { nextRunAt: past } })
  const due = async () => (await insertDueRuns((_, now) => new Date(now.getTime() + 3_600_000))).schemas
  expect(await due()).toBe(0)
  const later = new Date(Date.now() + 3_600_000)
  await discardHeldVersion({ ...schema, runId: null }, later)
  expect(await due()).toBe(0)
  expect((await prisma().sourceSchema.findUniqueOrThrow({ where: { id: schema.schemaId } })).nextRunAt).toEqual(later)
  await prisma().sourceSchema.update({ where: { id: schema.schemaId }, data: { nextRunAt: past } })
  expect(await due()).toBe(1)
})

it('an API that tells of many deletions is held, and its bookmark with it', async () => {
  const schema = await makeSchema()
  const source = new TrackedSource()
  source.putMany(ROWS)
  const follow = { ...brake, method: 'incremental' } as const
  await sync(schema, source, follow)
  const { cursor } = await snapshotOf(schema)
  for (let parent = 0; parent < 20; parent++) source.remove({ parent: `p_${parent}` })
  expect((await sync(schema, source, follow)).held).toMatchObject({ reason: 'removed', by: 'changes', removed: 480, updated: 0 })
  expect((await snapshotOf(schema)).cursor).toEqual(cursor)
  expect((await findHeldSample(schema.workspaceId, schema.schemaId))?.rows.every(({ after }) => after === null)).toBe(true)
  await publish(schema)
  expect(await sync(schema, source, follow)).toMatchObject({ rowsRead: 0, isChanged: false, rows: 720 })
})

it('files that are gone from a bucket are held, and files that are written anew with as many rows are not', async () => {
  const schema = await makeSchema()
  const bucket = new MemoryBucket()
  const csv = (first: number) => `id,name\n${Array.from({ length: 600 }, (_, n) => `${first + n},row`).join('\n')}\n`
  bucket.put('a.csv', csv(0))
  bucket.put('b.csv', csv(600))
  await syncBucket(schema, bucket, brake)
  bucket.put('a.csv', csv(5_000))
  expect(await syncBucket(schema, bucket, brake)).toMatchObject({ isChanged: true, rows: ROWS })
  bucket.delete('b.csv')
  expect(await syncBucket(schema, bucket, brake)).toMatchObject({ isChanged: false, rows: ROWS, deleted: 0, held: { reason: 'removed', by: 'counts', removed: 600, rowsAfter: 600 } })
  expect(await countOf(schema)).toBe(ROWS)
  await publish(schema)
  expect(await countOf(schema)).toBe(600)
  expect(await syncBucket(schema, bucket, brake)).toMatchObject({ isChanged: false, rows: 600 })
})
