import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { findSchema } from '@/lib/db/schemas'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { MemorySource, column } from '@/test/memory-source'
import { inParallel, randomOf } from '@/test/random'
import { claimedRun, endRuns, jobFor, makeSchema, snapshotOf, storedKeys, sync, tableObjects, tableRows, type Schema } from '@/test/sync-room'
import { TrackedSource, expectedRows } from '@/test/tracked-source'
import { changeRetention } from './change-retention'
import { listTableVersions } from './list-table-versions'
import { rollBackTable } from './roll-back-table'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const incremental = { method: 'incremental', replicationKey: 'changed' } as const

function things(rows = 3): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = ['id']
  source.rows = Array.from({ length: rows }, (_, id) => [String(id), String(id), `row ${id}`])
  return source
}

async function rollBack(schema: Schema, to: number, stopsSyncing = false) {
  const { version } = await snapshotOf(schema)
  return rollBackTable(schema.workspaceId, { schemaId: schema.schemaId, to, from: version, stopsSyncing }, 'Ada')
}

const byId = async (schema: Schema, version?: number) => (await tableRows(schema, { version })).sort((a, b) => Number(a[0]) - Number(b[0]))
const sorted = (source: MemorySource) => [...source.rows].sort((a, b) => Number(a[0]) - Number(b[0]))

/** Every version but the current one is past its retention. */
async function makeOld(schema: Schema): Promise<void> {
  await prisma().tableVersion.updateMany({ where: { schemaId: schema.schemaId }, data: { createdAt: new Date(Date.now() - 30 * 86_400_000) } })
}

describe('a table that is rolled back', () => {
  it('has the rows of the older version at once, and the next incremental sync makes it what the source is', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.rows = [...source.rows.slice(1), ['0', '10', 'changed'], ['7', '11', 'new']]
    await sync(schema, source, incremental)
    // a cursor that stayed at 30 would never read the rows that changed at 10 and 11 again
    source.rows.push(['8', '30', 'newest'])
    await sync(schema, source, incremental)
    expect(await rollBack(schema, 1)).toMatchObject({ version: 4, restored: 1, rows: 3, isEnabled: true })
    expect(await byId(schema)).toEqual(sorted(things()))
    expect(await byId(schema, 3)).toEqual(sorted(source))
    expect(await sync(schema, source, incremental)).toMatchObject({ version: 5, fullReason: null, inserted: 2, updated: 1 })
    expect(await byId(schema)).toEqual(sorted(source))
    expect((await snapshotOf(schema)).rows).toBe(5)
  })

  it('can be rolled forward again, and its versions say who did what', async () => {
    const schema = await makeSchema()
    const source = things()
    await sync(schema, source, incremental)
    source.rows.push(['9', '9', 'nine'])
    await sync(schema, source, incremental)
    await rollBack(schema, 1)
    await rollBack(schema, 2)
    expect(await byId(schema)).toEqual(sorted(source))
    const { versions } = await listTableVersions(schema.workspaceId, schema.schemaId)
    expect(versions.map(({ number, kind, rows, rowsBefore, restored, actor, isCurrent }) => [number, kind, rows, rowsBefore, restored, actor, isCurrent])).toEqual([
      [4, 'rollback', 4, 3, 2, 'Ada', true], [3, 'rollback', 3, 4, 1, 'Ada', false], [2, 'sync', 4, 3, null, null, false], [1, 'sync', 3, 0, null, null, false],
    ])
  })

  it('of an API has its old bookmark, and follows the changes from there', async () => {
    const schema = await makeSchema()
    const source = new TrackedSource()
    source.putMany(5)
    await sync(schema, source, { method: 'incremental' })
    source.remove({ id: 't_000001' })
    source.putMany(1, 8)
    await sync(schema, source, { method: 'incremental' })
    await rollBack(schema, 1)
    expect(await tableObjects(schema)).toHaveLength(5)
    expect(await sync(schema, source, { method: 'incremental' })).toMatchObject({ fullReason: null, inserted: 1, deleted: 1 })
    const names = Object.keys(source.rows.values().next().value ?? {})
    const order = (a: Record<string, string | null>, b: Record<string, string | null>) => String(a.id).localeCompare(String(b.id))
    expect((await tableObjects(schema)).sort(order)).toEqual(expectedRows(source, names).sort(order))
  })

  it('of files has its old manifest, and the next sync reads the objects that changed since', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    bucket.put('a.csv', 'id,name\n1,one\n')
    bucket.put('b.csv', 'id,name\n2,two\n')
    await syncBucket(schema, bucket)
    bucket.put('b.csv', 'id,name\n2,TWO\n3,three\n')
    bucket.delete('a.csv')
    await syncBucket(schema, bucket)
    await rollBack(schema, 1)
    const names = async () => (await tableRows(schema, { select: 'name' })).flat()
    expect(await names()).toEqual(['one', 'two'])
    expect(await syncBucket(schema, bucket)).toMatchObject({ fullReason: null, objects: { unchanged: 0, replaced: 1, removed: 1 } })
    expect(await names()).toEqual(['TWO', 'three'])
  })

})

describe('after a roll back', () => {
  it('the table is swept without a loss: files that came back stay, and go with the last version that reads them', async () => {
    const schema = await makeSchema()
    const source = things(40)
    await sync(schema, source, incremental)
    await sync(schema, things(2))
    await rollBack(schema, 1)
    await makeOld(schema)
    await changeRetention(schema.workspaceId, { schemaId: schema.schemaId, versions: 1, days: 0 })
    await sweepFiles()
    expect((await listTableVersions(schema.workspaceId, schema.schemaId)).versions.map(({ number }) => number)).toEqual([3])
    expect(await byId(schema)).toEqual(sorted(source))
    const key = (await snapshotOf(schema)).dataFiles.map(({ path }) => path)
    await sync(schema, things(1))
    await makeOld(schema)
    await sweepFiles()
    expect(await byId(schema)).toEqual(sorted(things(1)))
    expect((await storedKeys()).filter((stored) => key.includes(stored))).toEqual([])
  })

  it('the schema is not synced any more where that was asked for, and a run that waits is cancelled', async () => {
    const schema = await makeSchema()
    await sync(schema, things(), incremental)
    await sync(schema, things(4), incremental)
    const waiting = newId()
    await prisma().syncRun.create({ data: { ...schema, id: waiting, status: 'queued', trigger: 'schedule' } })
    expect(await rollBack(schema, 1, true)).toMatchObject({ isEnabled: false })
    expect(await findSchema(schema.workspaceId, schema.schemaId)).toMatchObject({ enabled: false, nextRunAt: null, currentVersion: 3 })
    expect(await prisma().syncRun.findUnique({ where: { id: waiting } })).toMatchObject({ status: 'cancelled' })
  })
})

describe('a roll back is refused', () => {
  it('while a sync is on, and the sync ends as if nobody had asked', async () => {
    const schema = await makeSchema()
    await sync(schema, things(), incremental)
    await sync(schema, things(4), incremental)
    const run = await claimedRun(schema)
    await expect(rollBack(schema, 1)).rejects.toMatchObject({ code: 'conflict', title: 'The table is being synced' })
    await expect(runPipeline(jobFor(schema, run, things(5), incremental))).resolves.toMatchObject({ version: 3, rows: 5 })
    await endRuns(schema)
  })

  it('to a version that is not kept, is the current one, or when the table has moved on', async () => {
    const schema = await makeSchema()
    await sync(schema, things(), incremental)
    await sync(schema, things(4), incremental)
    await expect(rollBack(schema, 2)).rejects.toMatchObject({ code: 'invalid' })
    await expect(rollBackTable(schema.workspaceId, { schemaId: schema.schemaId, to: 1, from: 1, stopsSyncing: true }, 'Ada')).rejects.toMatchObject({ code: 'conflict' })
    await prisma().tableVersion.deleteMany({ where: { schemaId: schema.schemaId, number: 1 } })
    await expect(rollBack(schema, 1)).rejects.toMatchObject({ code: 'not_found' })
    expect(await findSchema(schema.workspaceId, schema.schemaId)).toMatchObject({ enabled: true, currentVersion: 2 })
  })

  it('to another workspace', async () => {
    const schema = await makeSchema()
    await sync(schema, things(), incremental)
    await sync(schema, things(4), incremental)
    const stranger = newId()
    await expect(rollBackTable(stranger, { schemaId: schema.schemaId, to: 1, from: 2, stopsSyncing: false }, 'Eve')).rejects.toMatchObject({ code: 'not_found' })
    await expect(listTableVersions(stranger, schema.schemaId)).rejects.toMatchObject({ code: 'not_found' })
    await expect(changeRetention(stranger, { schemaId: schema.schemaId, versions: 1 })).rejects.toMatchObject({ code: 'not_found' })
    expect((await snapshotOf(schema)).version).toBe(2)
  })
})

it('a run that read before the roll back cannot commit upon it', async () => {
  const schema = await makeSchema()
  await sync(schema, things(), incremental)
  await sync(schema, things(4), incremental)
  const run = await claimedRun(schema)
  const source = things(9)
  // as a worker whose lease was lost for a moment: the run is not on when it is asked, and comes back
  source.onBatch = async () => {
    await prisma().syncRun.update({ where: { id: run.runId }, data: { status: 'queued' } })
    await rollBack(schema, 1)
    await prisma().syncRun.update({ where: { id: run.runId }, data: { status: 'running' } })
  }
  await expect(runPipeline(jobFor(schema, run, source, incremental))).rejects.toMatchObject({ code: 'conflict' })
  expect(await byId(schema)).toEqual(sorted(things()))
  await endRuns(schema)
})

it('a sync after any history of syncs, roll backs and sweeps makes the table what the source is', async () => {
  await inParallel(10, 3, async (seed) => {
    const random = randomOf(seed + 1)
    const schema = await makeSchema()
    const source = things(5)
    let clock = 100
    const kept = new Map<number, (string | null)[][]>()
    for (let step = 0; step < 8; step++) {
      for (let change = random(4); change > 0; change--) {
        clock += random(3)
        const at = random(source.rows.length + 2)
        if (source.rows[at]) source.rows[at] = [source.rows[at][0] ?? null, String(clock), `changed ${clock}`]
        else source.rows.push([String(source.rows.length), String(clock), 'new'])
      }
      await sync(schema, source, random(4) ? incremental : { ...incremental, isFull: true })
      kept.set((await snapshotOf(schema)).version, await byId(schema))
      if (step && random(2)) {
        const { versions } = await listTableVersions(schema.workspaceId, schema.schemaId)
        const target = versions.slice(1)[random(Math.max(versions.length - 1, 1))]
        if (target) kept.set((await rollBack(schema, target.number)).version, kept.get(target.number) ?? await byId(schema, target.number))
      }
      if (random(3) === 0) {
        await makeOld(schema)
        await changeRetention(schema.workspaceId, { schemaId: schema.schemaId, versions: 2 + random(3), days: null })
        await sweepFiles()
      }
      for (const { number } of (await listTableVersions(schema.workspaceId, schema.schemaId)).versions) if (kept.has(number)) expect({ seed, number, rows: await byId(schema, number) }).toEqual({ seed, number, rows: kept.get(number) })
    }
    await sync(schema, source, incremental)
    expect({ seed, rows: await byId(schema) }).toEqual({ seed, rows: sorted(source) })
  })
}, 240_000)
