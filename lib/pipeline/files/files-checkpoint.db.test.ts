import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { findFilesCheckpoint } from '@/lib/db/checkpoint-files'
import { prisma } from '@/lib/db/client'
import { deleteTableFiles } from '@/lib/db/version-retention'
import { openEngine } from '@/lib/warehouse/duckdb'
import { objectStore } from '@/lib/warehouse/object-store'
import { quotePath } from '@/lib/warehouse/sql-text'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { filesJob, syncBucket, type FilesChange } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { claimedRun, endRuns, makeSchema, snapshotOf, storedKeys, tableRows, type Schema } from '@/test/sync-room'
import { runFiles } from './run-files'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const FILES = 12
const gone = new AppError('unreachable', { title: 'The connection was cut' })
const keyOf = (file: number) => `file-${String(file).padStart(2, '0')}.csv`
const csvOf = (file: number, word = 'name') => `id,name\n${file},${word}\n${file + 100},${word} too\n`

/** So long that it is read by itself. */
const LONG = `id,name\n${`1,${'a long text '.repeat(10_000)}\n`.repeat(40)}`

/** Each object is read by itself, since its length is not told; `isGrouped`: all of them together. */
function bucketOf({ isGrouped = false } = {}): MemoryBucket {
  const bucket = new MemoryBucket()
  bucket.hasLengths = isGrouped
  for (let file = 0; file < FILES; file++) bucket.put(keyOf(file), csvOf(file))
  return bucket
}

/** A sync that is cut once everything but two objects is read and safe. Gives what it said. */
async function cutSync(schema: Schema, bucket: MemoryBucket, change: FilesChange = {}, { unread = [keyOf(10), keyOf(11)], safe = FILES - 2, run }: { unread?: string[]; safe?: number; run?: { runId: string; fence: number } } = {}): Promise<void> {
  let cut: () => void = () => undefined
  const isSafe = new Promise<void>((resolve) => (cut = resolve))
  const log = (_: string, message: string) => {
    if (message === `The read can go on from here: ${safe} files`) cut()
  }
  bucket.onChunk = async (key) => {
    if (!unread.includes(key)) return
    await isSafe
    throw gone
  }
  const cutting = { checkpointSeconds: 0, log, ...change }
  await expect(run ? runFiles(filesJob(schema, run, bucket, cutting)) : syncBucket(schema, bucket, cutting)).rejects.toBe(gone)
  bucket.onChunk = () => undefined
  bucket.reads.length = 0
}

const fileOf = (key: string) => path.join(dataFolder(), 'warehouse', key)

/** What the table is, without what tells of the run that read it. */
async function shown(schema: Schema) {
  const { columns, rows } = await snapshotOf(schema)
  return { columns, count: rows, rows: await tableRows(schema, { order: '_file, _file_row' }), objects: await manifestOf(schema) }
}

async function manifestOf(schema: Schema) {
  const { manifest } = await snapshotOf(schema)
  const engine = await openEngine(new AbortController().signal)
  try {
    return await engine.rows(`SELECT * FROM read_parquet(${quotePath(fileOf(manifest?.path ?? ''))}) ORDER BY key`)
  } finally {
    await engine.close()
  }
}

/** What a sync of all that there is gives that nobody cut. */
async function unbroken(bucket: MemoryBucket, change: FilesChange = {}) {
  const schema = await makeSchema()
  const report = await syncBucket(schema, bucket, change)
  bucket.reads.length = 0
  return { report, table: await shown(schema) }
}

const checkpointOf = (schema: Schema) => findFilesCheckpoint(schema.workspaceId, schema.schemaId)
const keysOf = async (schema: Schema) => (await storedKeys()).filter((key) => key.includes(schema.schemaId))
const told = ({ seconds: _, totalSeconds: __, ...report }: Awaited<ReturnType<typeof syncBucket>>) => report

describe('a read of files that was cut', () => {
  it('goes on where it was: nothing is read twice, and table and report are those of one that was not', async () => {
    const bucket = bucketOf()
    const whole = await unbroken(bucket)
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    const kept = (await checkpointOf(schema))?.files.filter(({ kind }) => kind === 'data').map((file) => file.path) ?? []
    expect(kept).toHaveLength(FILES - 2)
    const said: string[] = []
    const report = await syncBucket(schema, bucket, { log: (_, message) => said.push(message) })
    expect(bucket.reads.sort()).toEqual([keyOf(10), keyOf(11)])
    expect(said).toContain('Going on where an interrupted read had come to: 10 of 12 files were read before')
    expect(told(report)).toEqual(told(whole.report))
    expect(await shown(schema)).toEqual(whole.table)
    expect((await snapshotOf(schema)).dataFiles.map((file) => file.path)).toEqual(expect.arrayContaining(kept))
    expect(await checkpointOf(schema)).toBeNull()
    expect(await syncBucket(schema, bucket)).toMatchObject({ isChanged: false })
  })

  it('knows the columns, notes and broken files of what it had read', async () => {
    const bucket = bucketOf()
    bucket.put(keyOf(0), 'id,name,extra\n9007199254740993,a,2024-01-01\n')
    bucket.put(keyOf(1), 'id,name\n1.5,b\n')
    bucket.put(keyOf(2), 'id,name\n1,"never closed\n')
    bucket.put(keyOf(3), 'only,header\n')
    bucket.put(keyOf(4), '')
    const settings = { format: 'csv', broken: 'set-aside', csv: { header: true } } as const
    const whole = await unbroken(bucket, { settings })
    expect(whole.report.objects).toMatchObject({ setAsideCount: 1, added: FILES - 1 })
    const schema = await makeSchema()
    await cutSync(schema, bucket, { settings })
    const report = await syncBucket(schema, bucket, { settings })
    expect(bucket.reads.sort()).toEqual([keyOf(10), keyOf(11)])
    expect(told(report)).toEqual(told(whole.report))
    expect(await shown(schema)).toEqual(whole.table)
  })

  it('reads again what changed or went meanwhile, and nothing of it stays', async () => {
    const bucket = bucketOf()
    bucket.put(keyOf(1), 'id,name,passing\n1,b,2\n')
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    bucket.put(keyOf(0), csvOf(0, 'changed'), { sameSecond: true })
    bucket.delete(keyOf(1))
    bucket.put('new.csv', csvOf(50))
    const report = await syncBucket(schema, bucket)
    expect(bucket.reads.sort()).toEqual([keyOf(0), keyOf(10), keyOf(11), 'new.csv'])
    const whole = await unbroken(bucket)
    expect(told(report)).toEqual(told(whole.report))
    expect(await shown(schema)).toEqual(whole.table)
  })

  it('reads again all objects that share a data file with one that changed', async () => {
    const bucket = bucketOf({ isGrouped: true })
    bucket.put('alone.csv', LONG)
    const schema = await makeSchema()
    await cutSync(schema, bucket, {}, { unread: ['alone.csv'], safe: FILES })
    bucket.put(keyOf(0), csvOf(0, 'changed'))
    await syncBucket(schema, bucket)
    expect(bucket.reads.filter((key) => key !== 'alone.csv')).toHaveLength(FILES)
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })
})

describe('a read of files that was cut, and is not a first one,', () => {
  it('of what changed since the last version counts as one that was not', async () => {
    const before = bucketOf()
    const after = bucketOf()
    for (const file of [0, 1, 2, 3, 10]) after.put(keyOf(file), csvOf(file, 'changed'))
    after.delete(keyOf(5))
    after.put('new.csv', csvOf(50))
    const one = await makeSchema()
    await syncBucket(one, before)
    const whole = await syncBucket(one, after)
    const schema = await makeSchema()
    await syncBucket(schema, before)
    await cutSync(schema, after, {}, { unread: [keyOf(10)], safe: 5 })
    expect(told(await syncBucket(schema, after))).toEqual(told(whole))
    expect(after.reads).toEqual([keyOf(10)])
    expect(await shown(schema)).toEqual(await shown(one))
  })

  it('is taken over by the next attempt of the same run, and can be cut again and again', async () => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    const run = await claimedRun(schema)
    await cutSync(schema, bucket, {}, { unread: [keyOf(8), keyOf(9), keyOf(10)], safe: FILES - 3, run })
    await prisma().syncRun.update({ where: { id: run.runId }, data: { fence: 2 } })
    await cutSync(schema, bucket, {}, { unread: [keyOf(9), keyOf(10)], run: { ...run, fence: 2 } })
    await syncBucket(schema, bucket)
    expect(bucket.reads.sort()).toEqual([keyOf(9), keyOf(10)])
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })

  it('takes no object twice that comes back to the state in which it was read first', async () => {
    const bucket = bucketOf({ isGrouped: true })
    bucket.put('alone.csv', LONG)
    bucket.put('unread.csv', LONG)
    const schema = await makeSchema()
    const options = { unread: ['unread.csv'], safe: FILES + 1 }
    await cutSync(schema, bucket, {}, options)
    bucket.put(keyOf(0), csvOf(0, 'changed'))
    await cutSync(schema, bucket, {}, options)
    const data = (await checkpointOf(schema))?.files.filter(({ kind }) => kind === 'data') ?? []
    expect(data.reduce((total, { rows }) => total + rows, 0)).toBe(FILES * 2 + 40)
    bucket.put(keyOf(0), csvOf(0))
    await syncBucket(schema, bucket)
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })

  it('reads everything again of a store that does not tell states apart', async () => {
    const bucket = bucketOf()
    bucket.hasFingerprints = false
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    await syncBucket(schema, bucket)
    expect(bucket.reads).toHaveLength(FILES)
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })
})

describe('a checkpoint of files', () => {
  it('holds each object once: each only adds to the ones before', async () => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    const files = (await checkpointOf(schema))?.files ?? []
    const records = files.filter(({ kind }) => kind === 'manifest')
    expect(records.length).toBeGreaterThan(1)
    expect(records.reduce((rows, file) => rows + file.rows, 0)).toBe(FILES - 2)
    expect(new Set(files.map((file) => file.path)).size).toBe(files.length)
  })

  it.each([
    ['another account', { config: { account: 'other' } }],
    ['other columns', { columnNames: ['id'] }],
    ['another pattern', { pattern: 'file*' }],
    ['other types', { settings: { format: 'csv', types: { id: 'VARCHAR' } } }],
  ] satisfies [string, FilesChange][])('of %s is not used', async (_, change) => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    await syncBucket(schema, bucket, change)
    expect(bucket.reads).toHaveLength(FILES)
    expect(await shown(schema)).toEqual((await unbroken(bucket, change)).table)
  })

  it('tries a broken file again when that is to fail the sync now', async () => {
    const bucket = bucketOf()
    bucket.put(keyOf(2), 'id,name\n1,"never closed\n')
    const schema = await makeSchema()
    await cutSync(schema, bucket, { settings: { format: 'csv', broken: 'set-aside', csv: { header: true } } })
    await expect(syncBucket(schema, bucket, { settings: { format: 'csv', broken: 'fail', csv: { header: true } } })).rejects.toMatchObject({ code: 'bad_file' })
  })

  it.each(['data', 'manifest'] as const)('of which a file is gone (%s) is not used', async (kind) => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    const file = (await checkpointOf(schema))?.files.find((one) => one.kind === kind)
    await rm(fileOf(file?.path ?? ''))
    await syncBucket(schema, bucket)
    expect(bucket.reads).toHaveLength(FILES)
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })
})

describe('a checkpoint of files that cannot be saved', () => {
  it('is made up for by the next one', async () => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    let away: Promise<unknown> | undefined
    let restored: Promise<unknown> | undefined
    let isBack: () => void = () => undefined
    const back = new Promise<void>((resolve) => (isBack = resolve))
    const said: string[] = []
    const log = (_: string, message: string) => {
      said.push(message)
      if (message.startsWith('How far the read has come could not be saved')) restored = prisma().$executeRaw`ALTER TABLE "Away" RENAME TO "CheckpointFile"`.then(isBack)
    }
    bucket.onChunk = async (key) => {
      await (away ??= prisma().$executeRaw`ALTER TABLE "CheckpointFile" RENAME TO "Away"`.then(() => undefined))
      if (key > keyOf(4)) await back
    }
    await syncBucket(schema, bucket, { checkpointSeconds: 0, log })
    await restored
    expect(said.findLast((message) => message.startsWith('The read can go on'))).toBe(`The read can go on from here: ${FILES} files`)
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })

  it('ends the run when that lost its lease', async () => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    const run = await claimedRun(schema)
    await prisma().syncRun.update({ where: { id: run.runId }, data: { fence: 2 } })
    await expect(runFiles(filesJob(schema, run, bucket, { checkpointSeconds: 0 }))).rejects.toMatchObject({ code: 'lease_lost' })
    expect(await checkpointOf(schema)).toBeNull()
  })
})

describe('the files of such a checkpoint', () => {
  it('survive the sweep as long as it is there, and go with it after some days', async () => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    const kept = (await checkpointOf(schema))?.files.map((file) => file.path).sort() ?? []
    expect(kept.length).toBeGreaterThan(FILES - 2)
    await sweepFiles()
    expect(await keysOf(schema)).toEqual(kept)
    await prisma().readCheckpoint.update({ where: { schemaId: schema.schemaId }, data: { updatedAt: new Date(Date.now() - 8 * 86_400_000) } })
    await sweepFiles()
    expect(await keysOf(schema)).toEqual([])
    await syncBucket(schema, bucket)
    expect(bucket.reads).toHaveLength(FILES)
  })

  it('are the table\'s after the commit, and those that it does not need are swept', async () => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    bucket.put(keyOf(0), csvOf(0, 'changed'))
    await syncBucket(schema, bucket)
    await sweepFiles()
    const { dataFiles, manifest } = await snapshotOf(schema)
    expect(await keysOf(schema)).toEqual([...dataFiles.map((file) => file.path), manifest?.path].sort())
    expect(await shown(schema)).toEqual((await unbroken(bucket)).table)
  })

  // at the next checkpoint, or at the commit
  it.each([0, 3600])('go when the data is deleted; a run that goes on from them meanwhile cannot commit (%s)', async (checkpointSeconds) => {
    const bucket = bucketOf()
    const schema = await makeSchema()
    await cutSync(schema, bucket)
    let deleted: Promise<string[]> | undefined
    bucket.onChunk = async () => {
      await (deleted ??= deleteTableFiles(schema.workspaceId, schema.schemaId))
    }
    await expect(syncBucket(schema, bucket, { checkpointSeconds })).rejects.toMatchObject({ code: 'conflict' })
    await expect(snapshotOf(schema)).rejects.toThrow('no such version')
    const keys = (await deleted) ?? []
    expect(keys.length).toBeGreaterThan(FILES - 2)
    await objectStore().remove(keys)
    await endRuns(schema)
    await sweepFiles()
    expect(await keysOf(schema)).toEqual([])
  })

  it('go with their source', async () => {
    const schema = await makeSchema()
    await cutSync(schema, bucketOf())
    await prisma().source.delete({ where: { id: schema.sourceId } })
    await sweepFiles()
    expect(await keysOf(schema)).toEqual([])
  })
})
