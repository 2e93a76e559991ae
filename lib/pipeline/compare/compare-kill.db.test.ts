import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProof } from '@/lib/db/proofs'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import type { CompareOrder } from '@/test/compare-child'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { inChild } from '@/test/in-child'
import { bothTables } from '@/test/parts-room'
import { claimedRun, endRuns, makeSchema, snapshotOf, sync, tableRows, type JobChange, type Schema } from '@/test/sync-room'

let database: FreshDatabase
let room: SourceRoom
beforeAll(async () => {
  database = await freshDatabase()
  room = await openSourceRoom()
})
afterAll(async () => {
  await room.close()
  await database.drop()
})

const ROWS = 3000
const incremental = { method: 'incremental', replicationKey: 'changed' } as const
const mending = { compare: { proves: null, isDue: true, mends: true } } as const
const telling = { compare: { proves: true, isDue: true, mends: false } } as const
let tables = 0

/** A table that was synced, and that has changed since in ways that an incremental sync sees, and in some that it does not. */
async function changedTable(change: JobChange): Promise<{ name: string; schema: Schema; old: (string | null)[][] }> {
  const name = `killed_${tables++}`
  await room.run(`CREATE TABLE ${name} (id int primary key, changed int, text text); INSERT INTO ${name} SELECT n, n, 'row ' || n FROM generate_series(1, ${ROWS}) n`)
  const schema = await makeSchema()
  const source = await room.table(name)
  await sync(schema, source, { ...source.change, ...change, compare: { proves: false, isDue: false, mends: false } })
  const old = await tableRows(schema)
  await room.run(`DELETE FROM ${name} WHERE id % 500 = 0; UPDATE ${name} SET text = 'quietly' WHERE id % 701 = 0; INSERT INTO ${name} VALUES (-1, 1, 'late'); UPDATE ${name} SET changed = 9000, text = 'seen' WHERE id = 77`)
  return { name, schema, old }
}

async function killed({ name, schema }: { name: string; schema: Schema }, change: CompareOrder['change'], dieAt: CompareOrder['dieAt']): Promise<NodeJS.Signals | null> {
  const run = await claimedRun(schema)
  const signal = await inChild('test/compare-child.ts', { schema, run, config: room.config, table: name, change, dieAt } satisfies CompareOrder)
  await endRuns(schema)
  await sweepFiles()
  return signal
}

const isOfSource = async (schema: Schema, name: string) => bothTables(room, schema, name).then(({ ours, source }) => ours.join('\n') === source.join('\n'))

describe('a comparison that brings in line what differs, killed on the way', () => {
  it.each<[string, CompareOrder['dieAt']]>([
    ['as it begins', { step: 'compare', afterMs: 0 }],
    ['before the first question', { asked: 0 }],
    ['before ranges are divided', { asked: 1 }],
    ['when an answer is there', { answered: 1 }],
    ['while rows are fetched', { fetched: true }],
    ['while they are brought in line', { step: 'compare', afterMs: 60 }],
    ['before the commit', { step: 'publish', afterMs: 0 }],
    ['about the commit', { step: 'publish', afterMs: 6 }],
    ['just after it', { step: 'publish', afterMs: 14 }],
  ])('%s: the table is as it was or as the source is, nothing between, and the next sync makes it right', async (what, dieAt) => {
    const table = await changedTable(incremental)
    const { name, schema, old } = table
    const signal = await killed(table, { ...incremental, ...mending }, dieAt)
    const { version } = await snapshotOf(schema)
    // the changes that the read saw and those that the comparison found are one commit: a table with the first alone would be a third state
    if (version === 1) expect([what, signal, await tableRows(schema)]).toEqual([what, 'SIGKILL', old])
    else expect([what, await isOfSource(schema, name)]).toEqual([what, true])
    if (!('step' in dieAt) || dieAt.afterMs === 0) expect([what, signal, version]).toEqual([what, 'SIGKILL', 1])
    const source = await room.table(name)
    const report = await sync(schema, source, { ...source.change, ...incremental, ...mending })
    expect([what, report.proof?.outcome, await isOfSource(schema, name)]).toEqual([what, 'verified', true])
    expect(await findProof(schema.workspaceId, schema.schemaId)).toMatchObject({ outcome: 'verified', isPast: false, rows: ROWS - 6 + 1 })
  }, 60_000)
})

describe('a comparison that only tells, killed on the way', () => {
  it.each<[string, CompareOrder['dieAt']]>([
    ['as it begins', { step: 'compare', afterMs: 0 }],
    ['before the first question', { asked: 0 }],
    ['when an answer is there', { answered: 0 }],
    ['while rows are fetched', { fetched: true }],
  ])('%s: the sync before it is done, nobody says that the table is verified, and the next comparison finds what differs', async (what, dieAt) => {
    const table = await changedTable(incremental)
    const { name, schema } = table
    expect([what, await killed(table, { ...incremental, ...telling }, dieAt)]).toEqual([what, 'SIGKILL'])
    expect(await snapshotOf(schema)).toMatchObject({ version: 2, rows: ROWS })
    expect(await findProof(schema.workspaceId, schema.schemaId)).toBeNull()
    const source = await room.table(name)
    const again = await sync(schema, source, { ...source.change, ...incremental, ...telling })
    expect([what, again.isChanged, again.proof]).toMatchObject([what, false, { outcome: 'differs', differences: { gone: 6, missing: 1, different: 4 } }])
  }, 60_000)

  it('a difference that was found before is still told after the kill of the comparison that would have disproved it', async () => {
    const table = await changedTable(incremental)
    const { name, schema } = table
    const source = await room.table(name)
    await sync(schema, source, { ...source.change, ...incremental, ...telling })
    await killed(table, { ...incremental, ...mending }, { fetched: true })
    expect(await findProof(schema.workspaceId, schema.schemaId)).toMatchObject({ outcome: 'differs', differences: { gone: 6 } })
  }, 60_000)
})

it('a repair of a full table that is killed leaves it as it was or repaired, and reads no other row when it is asked for again', async () => {
  const full = { method: 'full', replicationKey: null } as const
  for (const dieAt of [{ asked: 0 }, { fetched: true }, { step: 'publish', afterMs: 0 }, { step: 'publish', afterMs: 9 }] satisfies CompareOrder['dieAt'][]) {
    const table = await changedTable(full)
    const { name, schema, old } = table
    await killed(table, { ...full, ...mending, isCompareOnly: true }, dieAt)
    const { version } = await snapshotOf(schema)
    if (version === 1) expect([dieAt, await tableRows(schema)]).toEqual([dieAt, old])
    else expect([dieAt, await isOfSource(schema, name)]).toEqual([dieAt, true])
    const source = await room.table(name)
    expect(await sync(schema, source, { ...source.change, ...full, ...mending, isCompareOnly: true })).toMatchObject({ rowsRead: 0, proof: { outcome: 'verified' } })
    expect([dieAt, await isOfSource(schema, name)]).toEqual([dieAt, true])
  }
}, 120_000)
