import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFilesCheckpoint } from '@/lib/db/checkpoint-files'
import { prisma } from '@/lib/db/client'
import { findSnapshot } from '@/lib/db/versions'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { bucketIn, type BucketState, type FilesChildOrder } from '@/test/files-child'
import { syncBucket } from '@/test/files-room'
import { claimedRun, endRuns, makeSchema, snapshotOf, storedKeys, tableRows, type Schema } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

type DieAt = FilesChildOrder['dieAt']

/** Of every value of every row, in no order. */
const sums = { select: 'count(*), count(DISTINCT _file), sum(id), sum(hash(_file, _file_row, _file_modified_at, id, name)::HUGEINT)', order: '1' }

/** Sync in a process of its own, that kills itself; gives the signal that ended it, null when it lived to the end. */
async function syncInChild(order: Omit<FilesChildOrder, 'run'>): Promise<NodeJS.Signals | null> {
  const run = await claimedRun(order.schema)
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/files-child.ts', JSON.stringify({ ...order, run } satisfies FilesChildOrder)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => child.on('exit', (code, ended) => (code ? reject(new Error(errors)) : resolve(ended))))
  await endRuns(order.schema)
  return signal
}

const sumsOf = async (schema: Schema) => (await tableRows(schema, sums))[0]

type Rows = Awaited<ReturnType<typeof sumsOf>>

/** The rows of a table that nobody killed, in each state of the bucket. */
let unbroken: Record<BucketState, Rows>
beforeAll(async () => {
  const schema = await makeSchema()
  await syncBucket(schema, bucketIn('before'))
  const before = await sumsOf(schema)
  await syncBucket(schema, bucketIn('after'))
  unbroken = { before, after: await sumsOf(schema) }
})

/** Two tables, each of which goes from one state of the bucket to the other and back: what one kill leaves is what the next one finds. */
const lanes: DieAt[][] = [
  [{ step: 'plan', afterMs: 0 }, { chunk: 26 }, { checkpoint: 1 }, { stored: 1 }, { step: 'merge', afterMs: 0 }, { step: 'publish', afterMs: 0 }, { step: 'publish', afterMs: 10 }, { step: 'compact', afterMs: 0 }],
  [{ chunk: 1 }, { chunk: 61 }, { checkpoint: 2 }, { stored: 2 }, { step: 'merge', afterMs: 25 }, { step: 'publish', afterMs: 5 }, { step: 'publish', afterMs: 20 }, { step: 'compact', afterMs: 15 }],
]

/** Kills a sync to each state in turn, and says what that left. */
async function walk(lane: DieAt[]): Promise<{ dieAt: DieAt; signal: NodeJS.Signals | null; isOld: boolean }[]> {
  const schema = await makeSchema()
  await syncBucket(schema, bucketIn('before'))
  let state: BucketState = 'before'
  const kills = []
  for (const dieAt of lane) {
    const next: BucketState = state === 'before' ? 'after' : 'before'
    const { version } = await snapshotOf(schema)
    const signal = await syncInChild({ schema, state: next, dieAt })
    const isOld = (await snapshotOf(schema)).version === version
    expect({ dieAt, rows: await sumsOf(schema) }).toEqual({ dieAt, rows: unbroken[isOld ? state : next] })
    await syncBucket(schema, bucketIn(next))
    expect({ dieAt, rows: await sumsOf(schema) }).toEqual({ dieAt, rows: unbroken[next] })
    kills.push({ dieAt, signal, isOld })
    state = next
  }
  await expectSwept(schema)
  return kills
}

/** What killed runs left goes with the sweep, and every file of a version that is kept stays. */
async function expectSwept(schema: Schema): Promise<void> {
  await sweepFiles()
  const needed = await prisma().tableFile.findMany({ where: { schemaId: schema.schemaId }, select: { path: true } })
  expect(await keysOf(schema)).toEqual(needed.map(({ path }) => path).sort())
}

const keysOf = async ({ schemaId }: Schema) => (await storedKeys()).filter((key) => key.includes(schemaId))

it.concurrent('a sync of files that is killed leaves the old version or the new one, and the next run repairs it; what it left is swept', async () => {
  expect(unbroken.before).not.toEqual(unbroken.after)
  const kills = (await Promise.all(lanes.map(walk))).flat()
  expect(new Set(kills.map(({ isOld }) => isOld)).size).toBe(2)
  // by its clock one or the other may have been done before
  expect(kills.filter(({ signal }) => signal === 'SIGKILL').length).toBeGreaterThan(kills.length - 4)
}, 600_000)

it.concurrent('a first load that is killed again and again goes on each time, and ends as one that was not', async () => {
  const schema = await makeSchema()
  const { workspaceId, schemaId } = schema
  const kills: DieAt[] = [{ stored: 1 }, { checkpoint: 1 }, { stored: 4 }, { chunk: 30 }, { step: 'publish', afterMs: 0 }]
  let recorded = 0
  for (const dieAt of kills) {
    expect({ dieAt, signal: await syncInChild({ schema, state: 'after', isEachAlone: true, dieAt }) }).toEqual({ dieAt, signal: 'SIGKILL' })
    await sweepFiles()
    const files = (await findFilesCheckpoint(workspaceId, schemaId))?.files ?? []
    expect(await keysOf(schema)).toEqual(files.map(({ path }) => path).sort())
    const now = files.reduce((objects, { kind, rows }) => objects + (kind === 'manifest' ? rows : 0), 0)
    expect(now).toBeGreaterThanOrEqual(recorded)
    recorded = now
  }
  const bucket = bucketIn('after', true)
  expect(recorded).toBe(bucket.objects.size)
  expect(await findSnapshot(workspaceId, schemaId)).toBeNull()
  const report = await syncBucket(schema, bucket)
  expect(bucket.reads).toEqual([])
  expect(report).toMatchObject({ rowsRead: report.rows, inserted: report.rows, objects: { added: bucket.objects.size } })
  expect(await sumsOf(schema)).toEqual(unbroken.after)
}, 600_000)
