import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { prisma } from '@/lib/db/client'
import { findCheckpoint } from '@/lib/db/read-checkpoints'
import { deleteTableFiles } from '@/lib/db/version-retention'
import { objectStore } from '@/lib/warehouse/object-store'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { claimedRun, endRuns, jobFor, makeSchema, snapshotOf, storedKeys, sync, tableObjects, type JobChange, type Schema } from '@/test/sync-room'
import { TrackedSource, expectedRows } from '@/test/tracked-source'
import { runPipeline } from './run-pipeline'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const incremental = { method: 'incremental', checkpointSeconds: 0 } as const
const ROWS = 1000
const gone = new AppError('unreachable', { title: 'The connection was cut' }, { isRetryable: true })

function things(): TrackedSource {
  const source = new TrackedSource()
  source.putMany(ROWS)
  return source
}

/** A read that is cut before its nth batch: what came before is in a checkpoint. */
async function cutSync(schema: Schema, source: TrackedSource, batch: number, change: JobChange = {}): Promise<void> {
  source.onBatch = (number) => {
    if (number === batch) throw gone
  }
  await expect(sync(schema, source, { ...incremental, ...change })).rejects.toBe(gone)
  source.onBatch = () => undefined
  source.rowsGiven = 0
  source.requests = []
}

async function expectEqual(schema: Schema, source: TrackedSource): Promise<void> {
  const names = (await snapshotOf(schema)).columns.flatMap(({ sourceName }) => sourceName ?? [])
  const byId = (a: Record<string, string | null>, b: Record<string, string | null>) => (String(a.id) < String(b.id) ? -1 : 1)
  expect((await tableObjects(schema)).sort(byId)).toEqual(expectedRows(source, names).sort(byId))
}

const checkpointOf = (schema: Schema) => findCheckpoint(schema.workspaceId, schema.schemaId)
const keysOf = async (schema: Schema) => (await storedKeys()).filter((key) => key.includes(schema.schemaId))

describe('a read that was cut', () => {
  it('goes on where it was: its files are taken as they are, and the report counts every row', async () => {
    const schema = await makeSchema()
    const source = things()
    await cutSync(schema, source, 7)
    const kept = await checkpointOf(schema)
    expect(kept).toMatchObject({ rowsRead: 700, isFull: false })
    // so that no later checkpoint stands in for the one that it goes on from
    expect(await sync(schema, source, { ...incremental, checkpointSeconds: 60 })).toMatchObject({ rowsRead: ROWS, inserted: ROWS, rows: ROWS, fullReason: 'first sync' })
    expect(source.rowsGiven).toBe(300)
    expect((await snapshotOf(schema)).dataFiles.map(({ path }) => path)).toEqual(expect.arrayContaining(kept?.files.map(({ path }) => path) ?? ['none']))
    expect(await checkpointOf(schema)).toBeNull()
    await expectEqual(schema, source)
    expect(await sync(schema, source, incremental)).toMatchObject({ isChanged: false })
  })

  it('of changes goes on too, with the removals and the new fields that it had found', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.put({ id: 't_new', parent: 'p_1', nickname: 'N' })
    source.remove({ parent: 'p_2' })
    source.putMany(500, 700, { text: 'changed' })
    await cutSync(schema, source, 4)
    expect(await sync(schema, source, incremental)).toMatchObject({ fullReason: null, rowsRead: 501, warnings: [{ column: 'nickname' }] })
    expect(source.rowsGiven).toBe(201)
    await expectEqual(schema, source)
  })

  it('is taken over by the next attempt of the same run', async () => {
    const schema = await makeSchema()
    const source = things()
    const run = await claimedRun(schema)
    source.onBatch = (number) => {
      if (number === 5) throw gone
    }
    await expect(runPipeline(jobFor(schema, run, source, incremental))).rejects.toBe(gone)
    await prisma().syncRun.update({ where: { id: run.runId }, data: { fence: 2 } })
    source.onBatch = () => undefined
    source.rowsGiven = 0
    await runPipeline(jobFor(schema, { ...run, fence: 2 }, source, incremental))
    expect(source.rowsGiven).toBe(500)
    await expectEqual(schema, source)
  })

  it('knows which columns had to become text', async () => {
    const schema = await makeSchema()
    const source = things()
    source.put({ ...source.rows.get('t_000100'), id: 't_000100', amount: 1.5 })
    let reads = 0
    source.onRead = () => void reads++
    source.onBatch = (number) => {
      if (reads === 2 && number === 6) throw gone
    }
    await expect(sync(schema, source, incremental)).rejects.toBe(gone)
    source.rowsGiven = 0
    const report = await sync(schema, source, incremental)
    expect(report).toMatchObject({ rowsRead: ROWS, warnings: [{ column: 'amount', message: 'Kept as text because "1.5" is no BIGINT' }] })
    expect(source.rowsGiven).toBe(400)
    await expectEqual(schema, source)
  })

  it('can be cut again and again', async () => {
    const schema = await makeSchema()
    const source = things()
    for (let round = 0; round < 4; round++) await cutSync(schema, source, 2)
    await sync(schema, source, incremental)
    expect(source.rowsGiven).toBe(200)
    await expectEqual(schema, source)
  })
})

describe('a checkpoint', () => {
  it.each([
    ['another account', { config: { account: 'other' } }],
    ['other columns', { columnNames: ['id', 'amount'] }],
    ['another method', { method: 'full' }],
  ] satisfies [string, JobChange][])('of %s is not used', async (_, change) => {
    const schema = await makeSchema()
    const source = things()
    await cutSync(schema, source, 7)
    await sync(schema, source, { ...incremental, ...change })
    expect(source.requests[0]?.changes?.bookmark).toBeUndefined()
    expect(source.rowsGiven).toBe(ROWS)
    await expectEqual(schema, source)
  })

  it('of another version of the table is not used', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    await cutSync(schema, source, 7, { isListingDue: true })
    const row = await prisma().readCheckpoint.findUniqueOrThrow({ where: { schemaId: schema.schemaId } })
    source.put({ id: 't_new' })
    await sync(schema, source, incremental)
    await prisma().readCheckpoint.create({ data: { ...row, bookmark: row.bookmark ?? {}, files: row.files ?? {} } })
    source.rowsGiven = 0
    await sync(schema, source, { ...incremental, isListingDue: true })
    expect(source.rowsGiven).toBe(ROWS + 1)
    await expectEqual(schema, source)
  })

  it('whose files are gone is not used', async () => {
    const schema = await makeSchema()
    const source = things()
    await cutSync(schema, source, 7)
    const path = (await checkpointOf(schema))?.files[0]?.path ?? ''
    await objectStore().remove([path])
    await sync(schema, source, incremental)
    expect(source.rowsGiven).toBe(ROWS)
    await expectEqual(schema, source)
  })

  it('of a run that lost its lease is not written, and the run ends', async () => {
    const schema = await makeSchema()
    const source = things()
    const run = await claimedRun(schema)
    source.onBatch = async (number) => {
      if (number === 3) await prisma().syncRun.update({ where: { id: run.runId }, data: { fence: 2 } })
    }
    await expect(runPipeline(jobFor(schema, run, source, incremental))).rejects.toMatchObject({ code: 'lease_lost' })
    expect((await checkpointOf(schema))?.rowsRead).toBeLessThan(500)
  })
})

describe('the files of a checkpoint', () => {
  it('survive the sweep as long as it is there, and go with it after some days', async () => {
    const schema = await makeSchema()
    const source = things()
    await cutSync(schema, source, 7)
    const files = await keysOf(schema)
    expect(files.length).toBeGreaterThan(0)
    await sweepFiles()
    expect(await keysOf(schema)).toEqual(files)
    await prisma().readCheckpoint.update({ where: { schemaId: schema.schemaId }, data: { updatedAt: new Date(Date.now() - 8 * 86_400_000) } })
    await sweepFiles()
    expect(await keysOf(schema)).toEqual([])
    await sync(schema, source, incremental)
    expect(source.rowsGiven).toBe(ROWS)
  })

  it('are the table\'s after the commit, and those that it does not need are swept', async () => {
    const schema = await makeSchema()
    const source = things()
    await cutSync(schema, source, 7)
    await sync(schema, source, { ...incremental, config: { account: 'other' } })
    await sweepFiles()
    expect(await keysOf(schema)).toEqual((await snapshotOf(schema)).dataFiles.map(({ path }) => path).sort())
    await cutSync(schema, source, 7, { isFull: true })
    await sync(schema, source, { ...incremental, isFull: true })
    await sweepFiles()
    await expectEqual(schema, source)
  })

  it('go when the data is deleted; a run that goes on from them meanwhile cannot commit, though they may be there a moment longer', async () => {
    const schema = await makeSchema()
    const source = things()
    await cutSync(schema, source, 7)
    let keys: string[] = []
    source.onBatch = async (number) => {
      if (number === 1) keys = await deleteTableFiles(schema.workspaceId, schema.schemaId)
    }
    // so that no new checkpoint stands in for the one that was deleted
    await expect(sync(schema, source, { ...incremental, checkpointSeconds: 60 })).rejects.toMatchObject({ code: 'conflict' })
    await expect(snapshotOf(schema)).rejects.toThrow('no such version')
    expect(keys).toEqual(expect.arrayContaining([expect.stringContaining(schema.schemaId)]))
    await objectStore().remove(keys)
    await endRuns(schema)
    await sweepFiles()
    expect(await keysOf(schema)).toEqual([])
  })

  it('go with their source', async () => {
    const schema = await makeSchema()
    await cutSync(schema, things(), 7)
    await prisma().source.delete({ where: { id: schema.sourceId } })
    await sweepFiles()
    expect(await keysOf(schema)).toEqual([])
  })
})
