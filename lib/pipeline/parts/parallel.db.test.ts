import { afterAll, beforeAll, expect, it } from 'vitest'
import { limits } from '@/lib/core/limits'
import { prisma } from '@/lib/db/client'
import { findCheckpoint } from '@/lib/db/read-checkpoints'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { CutSource, bothTables, cut, gate, over, partsSync } from '@/test/parts-room'
import { randomOf } from '@/test/random'
import { makeSchema, storedKeys, snapshotOf, type JobChange, type Schema } from '@/test/sync-room'

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
let tables = 0

interface Table {
  name: string
  schema: Schema
  source: CutSource
  /** Over so many connections, which all read at the same time. */
  sync(connections: number, change?: JobChange): ReturnType<typeof partsSync>
}

async function makeTable(columns = '(id int primary key, changed int, text text)', values = `n, n, 'row ' || n || repeat('.', 80)`, rows = ROWS): Promise<Table> {
  const name = `parallel_${++tables}`
  await room.run(`CREATE TABLE ${name} ${columns}; INSERT INTO ${name} SELECT ${values} FROM generate_series(1, ${rows}) n`)
  const source = new CutSource(await room.table(name))
  const schema = await makeSchema()
  const sync: Table['sync'] = (connections, change) => partsSync(schema, source, { config: room.config, ...over(connections), ...change })
  return { name, schema, source, sync }
}

async function expectEqual({ schema, name }: Table): Promise<void> {
  const { source, ours } = await bothTables(room, schema, name)
  expect(ours).toEqual(source)
}

/** No file of the table is left that no version names. */
async function expectNothingLeft({ schema }: Table): Promise<void> {
  // that of the load, and the one in which its files were compacted
  const versions = [await snapshotOf(schema, 1), await snapshotOf(schema)]
  const named = new Set(versions.flatMap(({ dataFiles }) => dataFiles.map(({ path }) => path)))
  expect((await storedKeys()).filter((key) => key.includes(schema.schemaId)).sort()).toEqual([...named].sort())
}

it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))('what several connections read is what one reads (seed %i)', async (seed) => {
  const random = randomOf(seed)
  const rows = 1200 + random(3000)
  const [type, id] = ([['int', 'n'], ['uuid', 'md5(n::text)::uuid'], ['text', `chr(97 + n % 26) || n`]] as const)[random(3)] ?? ['int', 'n']
  const table = await makeTable(`(id ${type} primary key, changed int, text text, big text)`, `${id}, (n * 7919) % 1000, repeat('x', 40 + n % ${1 + random(200)}), CASE WHEN n % ${2 + random(50)} = 0 THEN repeat(md5(n::text), ${random(120)}) END`, rows)
  await room.run(`DELETE FROM ${table.name} WHERE changed % ${5 + random(20)} = 0; UPDATE ${table.name} SET text = 'changed' WHERE changed % ${3 + random(20)} = 1`)
  const change: JobChange = { ...(random(2) ? { method: 'incremental', replicationKey: 'changed' } : {}), checkpointSeconds: random(2) * 60, parts: { ...over(2 + random(3)).parts, atOnce: 1 + random(2) } }
  const together = gate(2)
  const kept: { rowsRead: number; rowsOfFiles: number }[] = []
  table.source.onPart = async () => {
    await together()
    const checkpoint = await findCheckpoint(table.schema.workspaceId, table.schema.schemaId)
    if (checkpoint) kept.push({ rowsRead: checkpoint.rowsRead, rowsOfFiles: checkpoint.files.reduce((sum, file) => sum + file.rows, 0) })
  }
  const report = await table.sync(2, change)
  // what one connection has brought to its end is kept without what another has not
  expect(kept.filter(({ rowsRead, rowsOfFiles }) => rowsRead !== rowsOfFiles)).toEqual([])
  expect(report.connections).toBeGreaterThan(1)
  expect(table.source.joined).toBeGreaterThan(0)
  expect({ seed, rowsOfParts: table.source.rowsOfParts, inserted: report.inserted }).toEqual({ seed, rowsOfParts: report.rows, inserted: report.rows })
  await expectEqual(table)
  await expectNothingLeft(table)
})

it('all of them see one moment, whatever is committed meanwhile', async () => {
  const table = await makeTable()
  const before = await rowsOf(table.name)
  const together = gate(3)
  table.source.onPart = async (number) => {
    await together()
    await room.run(`UPDATE ${table.name} SET text = 'later', changed = changed + 1 WHERE id % 13 = ${number % 13}; DELETE FROM ${table.name} WHERE id % 50 = ${number}`)
  }
  await table.sync(3)
  expect((await bothTables(room, table.schema, table.name)).ours).toEqual(before)
})

async function rowsOf(name: string): Promise<string[]> {
  const { rows } = await room.client.query<Record<string, unknown>>(`SELECT * FROM ${name}`)
  return rows.map((row) => JSON.stringify(Object.values(row).map((value) => (value === null ? null : String(value))))).sort()
}

it.each([
  ['at its first rows', 'onJoinedBatch', 0],
  ['after some parts', 'onJoinedBatch', 3],
  ['with rows of a part that is not at its end', 'onJoinedTaken', 0],
  ['with such rows after some parts', 'onJoinedTaken', 3],
] as const)('a connection that breaks %s costs what it had not brought to its end, and the others read it', async (_what, when, batches) => {
  const table = await makeTable()
  table.source.onPart = gate(3)
  let seen = 0
  table.source[when] = () => {
    if (seen++ >= batches) throw new Error('The connection was cut')
  }
  const report = await table.sync(3)
  expect(table.source.joined).toBe(2)
  expect(report).toMatchObject({ rowsRead: ROWS, inserted: ROWS, rows: ROWS })
  expect(table.source.lines).toContainEqual(expect.stringMatching(/^No more connections are tried for this read: /))
  await expectEqual(table)
  await expectNothingLeft(table)
})

it('a session that the server ends while it reads beside another costs nothing', async () => {
  const table = await makeTable()
  const together = gate(3)
  let isEnded = false
  table.source.onPart = async (_, isJoined) => {
    await together()
    if (!isJoined || isEnded) return
    isEnded = true
    await room.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database() AND backend_start > (SELECT min(backend_start) FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database())`)
  }
  expect(await table.sync(3)).toMatchObject({ rowsRead: ROWS, inserted: ROWS })
  expect(isEnded).toBe(true)
  await expectEqual(table)
})

it('a source that has none to spare is read over one, in words', async () => {
  const table = await makeTable()
  table.source.onJoin = () => {
    throw new Error('sorry, too many clients already')
  }
  const report = await table.sync(3)
  expect(report).toMatchObject({ rowsRead: ROWS, rows: ROWS, inserted: ROWS })
  expect(report).not.toHaveProperty('connections')
  expect(table.source).toMatchObject({ joined: 0, parts: [...table.source.parts.keys()] })
  expect(table.source.lines).toContainEqual('No more connections are tried for this read: Error: sorry, too many clients already')
  await expectEqual(table)
})

it('a connection ends after what it reads when other runs of its source need the room', async () => {
  const table = await makeTable()
  const { workspaceId, sourceId, schemaIds } = await makeSource(limits.places.perSource)
  const [schemaId = '', ...others] = schemaIds
  Object.assign(table.schema, { workspaceId, sourceId, schemaId })
  await prisma().syncRun.createMany({ data: others.map((other) => ({ workspaceId, sourceId, schemaId: other, status: 'running' as const, trigger: 'manual', startedAt: new Date() })) })
  const joined: number[] = []
  const together = gate(2)
  table.source.onPart = async (number, isJoined) => {
    await together()
    if (isJoined) joined.push(number)
  }
  expect(await table.sync(2)).toMatchObject({ rowsRead: ROWS })
  expect(joined).toHaveLength(1)
  await expectEqual(table)
})

it('an interrupted load goes on with the parts that nobody had read, and is exact', async () => {
  const table = await makeTable()
  const together = gate(3)
  let last = -1
  table.source.onPart = async (number, isJoined) => {
    await together()
    // the first connection rests at its first part, while the others go on far beyond it
    if (!isJoined) await new Promise<void>((resolve) => (table.source.onJoinedBatch = () => (++last >= 6 ? resolve() : undefined)))
    if (!isJoined && number < 3) throw cut
  }
  await expect(table.sync(3)).rejects.toBe(cut)
  const kept = await findCheckpoint(table.schema.workspaceId, table.schema.schemaId)
  expect(kept?.bookmark).toMatchObject({ ahead: [[expect.any(Number), expect.any(Number)]] })
  expect(kept?.rowsRead).toBe(kept?.files.reduce((rows, file) => rows + file.rows, 0))
  table.source.forget()
  await room.run(`UPDATE ${table.name} SET text = 'quiet' WHERE id % 100 = 0; DELETE FROM ${table.name} WHERE id % 77 = 0; INSERT INTO ${table.name} VALUES (-1, 0, 'new')`)
  const report = await table.sync(1)
  expect(report.warnings[0]?.message).toMatch(/^Resumed after \d+ of \d+ parts/)
  expect(table.source.rowsOfParts).toBeLessThanOrEqual(ROWS + 100 - (kept?.rowsRead ?? 0))
  await expectEqual(table)
})
