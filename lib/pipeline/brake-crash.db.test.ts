import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listHeldVersions, publishHeldVersion } from '@/lib/db/held-versions'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import type { ChildOrder } from '@/test/sync-child'
import { changingSource as source, syncInChild } from '@/test/sync-in-child'
import { claimedRun, endRuns, makeSchema, snapshotOf, sync, tableRows, type Schema } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const ROWS = 20_000
const before = Array.from({ length: ROWS }, (_, id) => [String(id), String(id), `row ${id}`])
/** What trips the brake: half of the rows are gone for a full table, and changed for an incremental one. */
const after = { full: before.slice(ROWS / 2), incremental: before.map((row, id) => (id % 2 ? [String(id), String(ROWS + id), `changed ${id}`] : row)) }

const points: ChildOrder['dieAt'][] = [{ batch: 1 }, { step: 'merge', afterMs: 0 }, { step: 'merge', afterMs: 25 }, { step: 'publish', afterMs: 0 }, { step: 'publish', afterMs: 4 }, { step: 'publish', afterMs: 10 }, { step: 'publish', afterMs: 18 }, { step: 'publish', afterMs: 30 }, { step: 'compact', afterMs: 0 }]
const sum = "count(*), sum(id), sum(changed), count(*) FILTER (name LIKE 'changed%'), count(DISTINCT id)"
const heldRun = async ({ workspaceId, schemaId }: Schema) => (await listHeldVersions(workspaceId)).find((row) => row.schemaId === schemaId)?.runId

describe.each(['incremental', 'full'] as const)('a %s sync that the brake holds, killed on the way', (method) => {
  it('leaves the table as it was, and what waits is whole or not there', async () => {
    const change = { method, replicationKey: method === 'incremental' ? 'changed' : null, isFull: false, brakePercent: 30 }
    const wanted = await whatItShouldBe(method)
    const outcomes = new Set<string>()
    for (const dieAt of points) {
      const schema = await makeSchema()
      await sync(schema, source(before), change)
      const old = await snapshotOf(schema)
      const run = await claimedRun(schema)
      await syncInChild({ schema, run, columns: source([]).columns, primaryKey: ['id'], rows: after[method], change, dieAt })
      expect({ dieAt, now: await snapshotOf(schema) }).toEqual({ dieAt, now: old })
      await endRuns(schema)
      await sweepFiles()
      const isWhole = (await heldRun(schema)) === run.runId
      outcomes.add(isWhole ? 'held' : 'old')
      if (!isWhole) await sync(schema, source(after[method]), change)
      await publishHeldVersion({ ...schema, runId: null })
      expect({ dieAt, rows: await tableRows(schema, { select: sum }) }).toEqual({ dieAt, rows: wanted })
      expect(await sync(schema, source(after[method]), change)).toMatchObject(method === 'incremental' ? { isChanged: false, inserted: 0, updated: 0 } : { rows: after.full.length })
    }
    expect([...outcomes].sort()).toEqual(['held', 'old'])
  }, 300_000)
})

async function whatItShouldBe(method: keyof typeof after): Promise<(string | null)[][]> {
  const schema = await makeSchema()
  await sync(schema, source(after[method]))
  return tableRows(schema, { select: sum })
}
