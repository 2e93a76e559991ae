import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { prisma } from '@/lib/db/client'
import { deleteOldVersions, deleteTableFiles } from '@/lib/db/version-retention'
import { listSnapshots, listVersions } from '@/lib/db/versions'
import { warehouseFolder } from '@/lib/warehouse/object-store'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { claimedRun, endRuns, jobFor, makeSchema, snapshotOf, storedKeys, sync, tableRows } from '@/test/sync-room'
import { runPipeline } from './run-pipeline'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const incremental = { method: 'incremental', replicationKey: 'changed' } as const

function things(rows = 3): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = ['id']
  source.batchRows = 10
  source.rows = Array.from({ length: rows }, (_, id) => [String(id), String(id), `row ${id}`])
  return source
}

/** A table with one version, and a source with more rows. */
async function synced() {
  const schema = await makeSchema()
  await sync(schema, things())
  const before = await tableRows(schema)
  const expectUntouched = async () => {
    expect((await snapshotOf(schema)).version).toBe(1)
    expect(await tableRows(schema)).toEqual(before)
  }
  return { schema, source: things(25), expectUntouched }
}

describe('the commit', () => {
  it('is refused to a zombie with an old fence', async () => {
    const { schema, source, expectUntouched } = await synced()
    const run = await claimedRun(schema)
    source.onBatch = async () => void (await prisma().syncRun.update({ where: { id: run.runId }, data: { fence: 2 } }))
    await expect(runPipeline(jobFor(schema, run, source))).rejects.toMatchObject({ code: 'lease_lost' })
    await expectUntouched()
    await expect(runPipeline(jobFor(schema, { ...run, fence: 2 }, things(25)))).resolves.toMatchObject({ version: 2, rows: 25 })
  })

  it('is refused to a run that is over, cancelled, or of another schema', async () => {
    const { schema, source, expectUntouched } = await synced()
    const run = await claimedRun(schema)
    source.onBatch = async () => void (await prisma().syncRun.update({ where: { id: run.runId }, data: { cancelRequestedAt: new Date() } }))
    await expect(runPipeline(jobFor(schema, run, source))).rejects.toMatchObject({ code: 'cancelled' })
    await endRuns(schema)
    await expect(runPipeline(jobFor(schema, { ...run, fence: 1 }, things(25)))).rejects.toMatchObject({ code: 'cancelled' })
    const other = await claimedRun(await makeSchema())
    await expect(runPipeline(jobFor(schema, other, things(25)))).rejects.toMatchObject({ code: 'lease_lost' })
    await expectUntouched()
  })

  it('is refused when the data was deleted meanwhile', async () => {
    const { schema, source } = await synced()
    const run = await claimedRun(schema)
    source.onBatch = async () => void (await deleteTableFiles(schema.workspaceId, schema.schemaId))
    await expect(runPipeline(jobFor(schema, run, source))).rejects.toMatchObject({ code: 'conflict' })
    await expect(snapshotOf(schema)).rejects.toThrow('no such version')
    await endRuns(schema)
    await sync(schema, things())
    expect(await tableRows(schema)).toHaveLength(3)
  })

  it('of a run that found nothing is guarded as well', async () => {
    const schema = await makeSchema()
    await sync(schema, things(), incremental)
    const run = await claimedRun(schema)
    await prisma().syncRun.update({ where: { id: run.runId }, data: { fence: 2 } })
    await expect(runPipeline(jobFor(schema, run, things(), incremental))).rejects.toMatchObject({ code: 'lease_lost' })
  })
})

describe('a run that ends early', () => {
  it('by cancel leaves the old version, within a moment, while the source is silent', async () => {
    const { schema, source, expectUntouched } = await synced()
    const stop = new AbortController()
    source.onBatch = (number) => {
      if (number === 1) stop.abort(new AppError('cancelled', { title: 'stopped' }))
    }
    const run = await claimedRun(schema)
    await expect(runPipeline(jobFor(schema, run, source, { signal: stop.signal }))).rejects.toMatchObject({ code: 'cancelled' })
    await expectUntouched()
  })

  it('by a failing source leaves the old version and no temporary file', async () => {
    const { schema, source, expectUntouched } = await synced()
    const keys = await storedKeys()
    source.onBatch = (number) => {
      if (number === 2) throw new AppError('unreachable', { title: 'gone' }, { isRetryable: true })
    }
    await expect(sync(schema, source)).rejects.toMatchObject({ code: 'unreachable' })
    await expectUntouched()
    expect(await storedKeys()).toEqual(keys)
  })
})

describe('the sweep', () => {
  it('removes files of runs that are over and never committed, and nothing else', async () => {
    const { schema, source } = await synced()
    const run = await claimedRun(schema)
    const { runId } = run
    await expect(runPipeline(jobFor(schema, { runId, fence: 7 }, source))).rejects.toMatchObject({ code: 'lease_lost' })
    const staged = (await storedKeys()).filter((key) => key.includes(runId))
    expect(staged).toHaveLength(1)
    await sweepFiles()
    expect(await storedKeys()).toEqual(expect.arrayContaining(staged)) // the run may still commit
    await endRuns(schema)
    const foreign = staged.map((key) => key.replace(schema.workspaceId, '00000000-0000-7000-8000-000000000000'))
    const { mkdir, copyFile } = await import('node:fs/promises')
    const { dirname, join } = await import('node:path')
    const placeOf = (key = '') => join(warehouseFolder(), key)
    for (const [index, key] of foreign.entries()) {
      await mkdir(dirname(placeOf(key)), { recursive: true })
      await copyFile(placeOf(staged[index]), placeOf(key))
    }
    expect(await sweepFiles()).toMatchObject({ files: 1 })
    const left = await storedKeys()
    expect(left).not.toEqual(expect.arrayContaining(staged))
    expect(left).toEqual(expect.arrayContaining([...foreign, ...(await snapshotOf(schema)).dataFiles.map((file) => file.path)]))
  })

  it('forgets versions past their retention with the files that only they read', async () => {
    const schema = await makeSchema()
    for (let version = 1; version <= 4; version++) await sync(schema, things(version))
    await prisma().tableVersion.updateMany({ where: { schemaId: schema.schemaId }, data: { createdAt: new Date(Date.now() - 3_600_000) } })
    expect(await deleteOldVersions({ keptVersions: 2, keptVersionDays: 7, graceMinutes: 120 })).toEqual([])
    const gone = await deleteOldVersions({ keptVersions: 2, keptVersionDays: 7, graceMinutes: 10 })
    expect(gone).toHaveLength(2)
    expect((await listVersions(schema.workspaceId, schema.schemaId)).map(({ number }) => number)).toEqual([4, 3])
    expect(await tableRows(schema, { version: 3 })).toHaveLength(3)
    await expect(snapshotOf(schema, 1)).rejects.toThrow('no such version')
    await deleteOldVersions({ keptVersions: 2, keptVersionDays: 0, graceMinutes: 0 })
    expect(await tableRows(schema)).toHaveLength(4)
  })
})

describe('compaction', () => {
  it('puts many small files together with the same rows, and keeps merging upon them', async () => {
    const schema = await makeSchema()
    const source = things(5)
    await sync(schema, source, incremental)
    for (let round = 0; round < 20; round++) {
      source.rows = [...source.rows.map((row, id) => (id === round % 5 ? [row[0] ?? null, String(100 + round), `changed ${round}`] : row)), [String(100 + round), String(100 + round), null]]
      await sync(schema, source, incremental)
    }
    const snapshot = await snapshotOf(schema)
    expect(snapshot.dataFiles.length).toBeLessThan(17)
    expect((await listVersions(schema.workspaceId, schema.schemaId)).some(({ kind }) => kind === 'compaction')).toBe(true)
    expect(await tableRows(schema, { order: 'try_cast(id AS BIGINT)' })).toEqual([...source.rows].sort((a, b) => Number(a[0]) - Number(b[0])).map((row) => row))
    expect(snapshot.rows).toBe(source.rows.length)
    expect(snapshot.bytes).toBe([...snapshot.dataFiles, ...snapshot.deleteFiles].reduce((bytes, file) => bytes + file.bytes, 0))
    const compacted = (await listVersions(schema.workspaceId, schema.schemaId)).find(({ kind }) => kind === 'compaction')?.number ?? 0
    expect(await tableRows(schema, { version: compacted })).toEqual(await tableRows(schema, { version: compacted - 1 }))
  })
})

it('one workspace sees only its own tables', async () => {
  const { schema } = await synced()
  expect((await listSnapshots(schema.workspaceId)).map(({ schemaId }) => schemaId)).toContain(schema.schemaId)
  expect(await listSnapshots('00000000-0000-7000-8000-000000000000')).toEqual([])
})
