import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { scratchFolder } from '@/lib/warehouse/scratch'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import type { ChildOrder } from '@/test/sync-child'
import { changingSource as source, syncInChild } from '@/test/sync-in-child'
import { claimedRun, endRuns, makeSchema, snapshotOf, storedKeys, sync, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

// enough that compaction pays after half of them changed
const ROWS = 45_000
const before = Array.from({ length: ROWS }, (_, id) => [String(id), String(id), `row ${id}`])
// half of the rows change, a tenth is new
const after = [...before.map((row, id) => (id % 2 ? [String(id), String(ROWS + id), `changed ${id}`] : row)), ...Array.from({ length: ROWS / 10 }, (_, id) => [String(ROWS + id), String(3 * ROWS), `new ${id}`])]

const sum = "count(*), sum(id), sum(changed), count(*) FILTER (name LIKE 'changed%'), count(*) FILTER (name LIKE 'new%'), count(DISTINCT id)"
const points: ChildOrder['dieAt'][] = [
  { step: 'plan', afterMs: 0 },
  { step: 'extract', afterMs: 0 },
  { batch: 0 },
  { batch: 4 },
  { step: 'merge', afterMs: 0 },
  { step: 'merge', afterMs: 8 },
  { step: 'merge', afterMs: 20 },
  { step: 'publish', afterMs: 0 },
  { step: 'publish', afterMs: 4 },
  { step: 'publish', afterMs: 8 },
  { step: 'publish', afterMs: 14 },
  { step: 'publish', afterMs: 25 },
  { step: 'compact', afterMs: 0 },
  { step: 'compact', afterMs: 10 },
  { step: 'compact', afterMs: 25 },
]

describe.each(['incremental', 'full'] as const)('a %s sync killed on the way', (method) => {
  it('leaves the old version or the new one, and the next run repairs it', async () => {
    const change = { method, replicationKey: method === 'incremental' ? 'changed' : null, isFull: false }
    const outcomes = new Set<string>()
    let killed = 0
    for (const dieAt of points.filter((point) => method === 'incremental' || !('step' in point && ['merge', 'compact'].includes(point.step)))) {
      const schema = await makeSchema()
      await sync(schema, source(before), change)
      const oldRows = await tableRows(schema, { select: sum })
      const run = await claimedRun(schema)
      const signal = await syncInChild({ schema, run, columns: source([]).columns, primaryKey: ['id'], rows: after, change, dieAt })
      if (signal === 'SIGKILL') killed++
      const now = await tableRows(schema, { select: sum })
      const { version } = await snapshotOf(schema)
      await endRuns(schema)
      await sync(schema, source(after), change)
      const newRows = await tableRows(schema, { select: sum })
      expect({ dieAt, rows: now }).toEqual({ dieAt, rows: version === 1 ? oldRows : newRows })
      expect(newRows[0]?.slice(0, 1)).toEqual([String(after.length)])
      outcomes.add(version === 1 ? 'old' : 'new')
    }
    expect([...outcomes]).toContain('old')
    expect(killed).toBeGreaterThan(5)
  }, 300_000)
})

it('what dead processes left behind is swept, and nothing else', async () => {
  expect((await readdir(scratchFolder())).length).toBeGreaterThan(0)
  const schema = await makeSchema()
  await sync(schema, source(before))
  const kept = (await snapshotOf(schema)).dataFiles.map((file) => file.path)
  await sweepFiles()
  expect(await storedKeys()).toEqual(expect.arrayContaining(kept))
  const again = await sweepFiles()
  expect(again).toEqual({ files: 0, bytes: 0 })
  expect((await readdir(scratchFolder())).filter((name) => name.startsWith('run-'))).toEqual([])
  expect(await tableRows(schema, { select: 'count(*)' })).toEqual([[String(ROWS)]])
})
