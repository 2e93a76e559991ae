import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCheckpoint } from '@/lib/db/read-checkpoints'
import { findSnapshot } from '@/lib/db/versions'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { claimedRun, endRuns, makeSchema, snapshotOf, storedKeys, sync, tableObjects, type Schema } from '@/test/sync-room'
import type { TrackedOrder } from '@/test/tracked-child'
import { trackedShop } from '@/test/tracked-shop'
import { expectedRows } from '@/test/tracked-source'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** Run a sync in a process of its own, that kills itself; gives the signal that ended it, null when it lived to the end. */
async function syncInChild(order: TrackedOrder): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/tracked-child.ts', JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  return new Promise((resolve, reject) => child.on('exit', (code, signal) => (code ? reject(new Error(errors)) : resolve(signal))))
}

/** What the table shows, in an order of its own. */
async function shown(schema: Schema): Promise<string[]> {
  if (!(await findSnapshot(schema.workspaceId, schema.schemaId))) return []
  return (await tableObjects(schema)).map((row) => JSON.stringify(row)).sort()
}

const points: TrackedOrder['dieAt'][] = [
  { step: 'extract', afterMs: 0 },
  { batch: 2 },
  { checkpoint: 1 },
  { checkpoint: 2 },
  { step: 'merge', afterMs: 0 },
  { step: 'merge', afterMs: 15 },
  { step: 'publish', afterMs: 0 },
  { step: 'publish', afterMs: 10 },
]

describe.each([
  ['a first read of everything', { isFirst: true, isListingDue: false }],
  ['a read of changes', { isFirst: false, isListingDue: false }],
  ['the periodic listing', { isFirst: false, isListingDue: true }],
] as const)('%s that is killed on the way', (_, { isFirst, isListingDue }) => {
  it('leaves the old version or the new one; the next run goes on from its checkpoint and ends where an unbroken one ends', async () => {
    const unbroken = await makeSchema()
    if (!isFirst) await sync(unbroken, trackedShop(false), { method: 'incremental' })
    const after = trackedShop(true)
    await sync(unbroken, after, { method: 'incremental', isListingDue })
    const whole = { given: after.rowsGiven, rows: await shown(unbroken) }
    let killed = 0
    let resumed = 0
    for (const dieAt of points) {
      const schema = await makeSchema()
      if (!isFirst) await sync(schema, trackedShop(false), { method: 'incremental' })
      const old = await shown(schema)
      const signal = await syncInChild({ schema, run: await claimedRun(schema), isListingDue, dieAt })
      if (signal === 'SIGKILL') killed++
      const isOld = (await findSnapshot(schema.workspaceId, schema.schemaId))?.version !== (isFirst ? 1 : 2)
      expect({ dieAt, isRight: (await shown(schema)).join() === (isOld ? old : whole.rows).join() }).toEqual({ dieAt, isRight: true })
      await endRuns(schema)
      const checkpoint = await findCheckpoint(schema.workspaceId, schema.schemaId)
      await sweepFiles()
      const source = trackedShop(true)
      await sync(schema, source, { method: 'incremental', isListingDue })
      expect({ dieAt, rows: (await shown(schema)).length }).toEqual({ dieAt, rows: whole.rows.length })
      expect(await shown(schema)).toEqual(whole.rows)
      if (!checkpoint) continue
      expect(source.rowsGiven).toBeLessThan(whole.given)
      resumed++
    }
    expect(killed).toBeGreaterThan(4)
    expect(resumed).toBeGreaterThan(4)
    if (isFirst || isListingDue) expect(whole.rows).toHaveLength(expectedRows(after, []).length)
  }, 300_000)
})

it('nothing is left of dead processes after the sweep but what tables need', async () => {
  await sweepFiles()
  const schema = await makeSchema()
  await syncInChild({ schema, run: await claimedRun(schema), isListingDue: false, dieAt: { checkpoint: 2 } })
  await endRuns(schema)
  await sync(schema, trackedShop(true), { method: 'incremental', isFull: true })
  await sync(schema, trackedShop(true), { method: 'incremental', config: { account: 'other' } })
  await sweepFiles()
  expect((await storedKeys()).filter((key) => key.includes(schema.schemaId))).toEqual((await snapshotOf(schema)).dataFiles.map(({ path }) => path).sort())
})
