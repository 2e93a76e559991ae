import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import type { ChildOrder } from '@/test/sync-child'
import { syncInChild } from '@/test/sync-in-child'
import { claimedRun, endRuns, makeSchema, snapshotOf, sync, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const ROWS = 20_000
const change = { method: 'incremental', replicationKey: 'changed', isFull: false } as const
const sum = 'count(*), sum(id), sum(size), count(DISTINCT id)'
const before = Array.from({ length: ROWS }, (_, id) => [String(id), String(id), String(id % 1_000)])
// a value that does not fit the former type, in a row that was there
const after = [...before.slice(0, -1), [String(ROWS - 1), String(2 * ROWS), '9007199254740993']]

function source(sizeType: string, rows: string[][]): MemorySource {
  const made = new MemorySource([column('id', 'INTEGER'), column('changed', 'INTEGER'), column('size', sizeType)])
  made.primaryKey = ['id']
  made.rows = rows
  return made
}

const line = 'Columns became wider'
const points: ChildOrder['dieAt'][] = [{ line, afterMs: 0 }, { line, afterMs: 3 }, { line, afterMs: 8 }, { line, afterMs: 14 }, { line, afterMs: 22 }, { line, afterMs: 35 }, { batch: 0 }, { step: 'merge', afterMs: 0 }, { step: 'publish', afterMs: 0 }]

it('a widening whose process is killed has left the table in the old type or in the wider one, with the same rows; the next sync makes it right and reads nothing again', async () => {
  const wanted = await whatItShouldBe()
  const outcomes = new Set<string>()
  for (const dieAt of points) {
    const schema = await makeSchema()
    await sync(schema, source('INTEGER', before), change)
    const old = await tableRows(schema, { select: sum })
    const run = await claimedRun(schema)
    const { columns } = source('BIGINT', [])
    const signal = await syncInChild({ schema, run, columns, primaryKey: ['id'], rows: after, change, dieAt })
    await endRuns(schema)
    const { version, columns: now } = await snapshotOf(schema)
    const type = now.find(({ name }) => name === 'size')?.type
    expect({ dieAt, version, type }).toEqual({ dieAt, version, type: ['INTEGER', 'BIGINT', 'BIGINT'][version - 1] })
    if (version < 3) expect({ dieAt, signal, rows: await tableRows(schema, { select: sum }) }).toEqual({ dieAt, signal: 'SIGKILL', rows: old })
    outcomes.add(String(type))
    await sweepFiles()
    const report = await sync(schema, source('BIGINT', after), change)
    expect({ dieAt, fullReason: report.fullReason, rowsRead: report.rowsRead < 10 }).toEqual({ dieAt, fullReason: null, rowsRead: true })
    expect({ dieAt, rows: await tableRows(schema, { select: sum }) }).toEqual({ dieAt, rows: wanted })
  }
  expect([...outcomes].sort()).toEqual(['BIGINT', 'INTEGER'])
}, 300_000)

async function whatItShouldBe(): Promise<(string | null)[][]> {
  const schema = await makeSchema()
  await sync(schema, source('BIGINT', after))
  return tableRows(schema, { select: sum })
}
