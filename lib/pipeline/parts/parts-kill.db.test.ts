import { afterAll, beforeAll, expect, it } from 'vitest'
import { findCheckpoint } from '@/lib/db/read-checkpoints'
import { findSnapshot } from '@/lib/db/versions'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { inChild } from '@/test/in-child'
import type { PartsOrder } from '@/test/parts-child'
import { CutSource, bothTables, over, partsSync } from '@/test/parts-room'
import { claimedRun, endRuns, makeSchema } from '@/test/sync-room'

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
const full = { method: 'full', replicationKey: null } as const

/** About a thirteenth of the table is one part. `least`: so many rows are not read again. */
it.each([
  ['at a tenth', { part: 1 }, incremental, 0],
  ['at the half', { part: 6 }, full, 1000],
  ['at nine tenths', { part: 11 }, incremental, 2000],
  ['right after a checkpoint', { kept: 5 }, full, 1000],
  ['when a file is to be put', { put: 6, afterMs: 0 }, incremental, 1000],
  ['while a file is put, or just after', { put: 6, afterMs: 1 }, full, 1000],
  ['while it is merged', { step: 'merge', afterMs: 0 }, incremental, 2000],
  ['before the commit', { step: 'publish', afterMs: 0 }, full, 2000],
  ['about the commit', { step: 'publish', afterMs: 15 }, incremental, 2000],
  ['over three: at the half', { part: 6 }, { ...full, ...over(3) }, 0],
  ['over three: at nine tenths', { part: 11 }, { ...incremental, ...over(3) }, 1000],
  ['over three: right after a checkpoint', { kept: 5 }, { ...full, ...over(3) }, 1000],
  ['over three: while a file is put, or just after', { put: 6, afterMs: 1 }, { ...incremental, ...over(3) }, 1000],
  ['over three: before the commit', { step: 'publish', afterMs: 0 }, { ...full, ...over(3) }, 2000],
] satisfies [string, PartsOrder['dieAt'], PartsOrder['change'], number][])('a first load whose process is killed %s has published nothing or all, and the next one goes on and is exact', async (what, dieAt, change, least) => {
  const name = `killed_${what.replaceAll(/\W/g, '_')}`
  await room.run(`CREATE TABLE ${name} (id int primary key, changed int, text text); INSERT INTO ${name} SELECT n, n, repeat('.', 90) FROM generate_series(1, ${ROWS}) n`)
  const schema = await makeSchema()
  const run = await claimedRun(schema)
  const signal = await inChild('test/parts-child.ts', { schema, run, config: room.config, table: name, change, dieAt } satisfies PartsOrder)
  await endRuns(schema)
  const version = await findSnapshot(schema.workspaceId, schema.schemaId)
  const kept = await findCheckpoint(schema.workspaceId, schema.schemaId)
  if (version) expect([what, version.rows, kept]).toEqual([what, ROWS, null])
  else expect([what, signal, (kept?.rowsRead ?? 0) >= least]).toEqual([what, 'SIGKILL', true])
  if ('part' in dieAt) expect(version).toBeNull()
  await room.run(`UPDATE ${name} SET text = 'quietly' WHERE id % 100 = 0; UPDATE ${name} SET changed = changed + 10000 WHERE id % 130 = 0; INSERT INTO ${name} VALUES (-1, 20000, 'new')`)
  if (!version) await room.run(`DELETE FROM ${name} WHERE id % 90 = 0`)
  const source = new CutSource(await room.table(name))
  const report = await partsSync(schema, source, { ...change, config: room.config })
  // without a load to go on from, an incremental sync sees neither what is quiet nor what is gone
  if (!version || change.method === 'full') expect(await bothTables(room, schema, name).then(({ ours, source: theirs }) => ours.join() === theirs.join())).toBe(true)
  if (version) return
  expect(source.rowsOfParts).toBeLessThanOrEqual(ROWS + 100 - (kept?.rowsRead ?? 0))
  if (kept) expect(report.warnings[0]?.message).toMatch(/^Resumed after \d+ of \d+ parts/)
}, 60_000)
