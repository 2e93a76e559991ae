import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { bucketIn, type FilesChildOrder } from '@/test/files-child'
import { syncBucket } from '@/test/files-room'
import { claimedRun, endRuns, makeSchema, snapshotOf, storedKeys, tableRows, type Schema } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const sum = `count(*), count(DISTINCT _file), sum(id), md5(string_agg(name, '|' ORDER BY _file, _file_row))`
const points: FilesChildOrder['dieAt'][] = [
  { step: 'plan', afterMs: 0 },
  { chunk: 0 },
  { chunk: 25 },
  { chunk: 60 },
  { step: 'merge', afterMs: 0 },
  { step: 'merge', afterMs: 25 },
  { step: 'publish', afterMs: 0 },
  { step: 'publish', afterMs: 5 },
  { step: 'publish', afterMs: 10 },
  { step: 'publish', afterMs: 20 },
  { step: 'compact', afterMs: 0 },
  { step: 'compact', afterMs: 15 },
]

/** Sync in a process of its own, that kills itself; gives the signal that ended it, null when it lived to the end. */
async function syncInChild(order: FilesChildOrder): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/files-child.ts'], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(JSON.stringify(order))
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  return new Promise((resolve, reject) => child.on('exit', (code, signal) => (code ? reject(new Error(errors)) : resolve(signal))))
}

async function rowsOf(schema: Schema) {
  return (await tableRows(schema, { select: sum, order: '1' }))[0]
}

it('a sync of files that is killed leaves the old version or the new one, and the next run repairs it', async () => {
  const outcomes = new Set<string>()
  const fresh = await makeSchema()
  await syncBucket(fresh, bucketIn('after'))
  const newRows = await rowsOf(fresh)
  for (const dieAt of points) {
    const schema = await makeSchema()
    await syncBucket(schema, bucketIn('before'))
    const oldRows = await rowsOf(schema)
    const run = await claimedRun(schema)
    await syncInChild({ schema, run, state: 'after', dieAt })
    const now = await rowsOf(schema)
    const { version } = await snapshotOf(schema)
    await endRuns(schema)
    expect({ dieAt, rows: now }).toEqual({ dieAt, rows: version === 1 ? oldRows : newRows })
    await syncBucket(schema, bucketIn('after'))
    expect({ dieAt, rows: await rowsOf(schema) }).toEqual({ dieAt, rows: newRows })
    outcomes.add(version === 1 ? 'old' : 'new')
  }
  expect([...outcomes].sort()).toEqual(['new', 'old'])
}, 900_000)

it('what killed runs left is swept, and every file of a version stays', async () => {
  const schema = await makeSchema()
  await syncBucket(schema, bucketIn('before'))
  const run = await claimedRun(schema)
  await syncInChild({ schema, run, state: 'after', dieAt: { step: 'publish', afterMs: 5 } })
  await endRuns(schema)
  await sweepFiles()
  const { dataFiles, deleteFiles, manifest } = await snapshotOf(schema)
  const keys = await storedKeys()
  for (const file of [...dataFiles, ...deleteFiles, ...(manifest ? [manifest] : [])]) expect(keys).toContain(file.path)
}, 120_000)
