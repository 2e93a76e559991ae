import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/db/client'
import { findCheckpoint } from '@/lib/db/read-checkpoints'
import { deleteTableFiles } from '@/lib/db/version-retention'
import { objectStore } from '@/lib/warehouse/object-store'
import { sweepFiles } from '@/lib/warehouse/sweep'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { CutSource, bothTables, cutSync, partsSync } from '@/test/parts-room'
import { makeSchema, snapshotOf, storedKeys, tableRows, type JobChange, type Schema } from '@/test/sync-room'

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

const incremental = { method: 'incremental', replicationKey: 'changed' } satisfies JobChange
const methods: [string, JobChange][] = [['full', { method: 'full' }], ['incremental', incremental]]
const ROWS = 3000
let tables = 0

interface Table {
  name: string
  schema: Schema
  source: CutSource
  sync(change?: JobChange): ReturnType<typeof partsSync>
  cut(part: number, change?: JobChange): Promise<void>
}

async function makeTable(change: JobChange, ddl = '(id int primary key, changed int, text text)', values = `n, n, 'row ' || n || repeat('.', 80)`, below = (_name: string) => ''): Promise<Table> {
  const name = `parts_${++tables}`
  await room.run(`CREATE TABLE ${name} ${ddl}; ${below(name)}; INSERT INTO ${name} SELECT ${values} FROM generate_series(1, ${ROWS}) n`)
  const source = new CutSource(await room.table(name))
  const schema = await makeSchema()
  const all = { config: room.config, ...change }
  return { name, schema, source, sync: (more) => partsSync(schema, source, { ...all, ...more }), cut: (part, more) => cutSync(schema, source, { ...all, ...more }, part) }
}

async function expectEqual({ schema, name }: Table): Promise<void> {
  const { source, ours } = await bothTables(room, schema, name)
  expect(ours).toEqual(source)
}

const checkpointOf = ({ schema }: Table) => findCheckpoint(schema.workspaceId, schema.schemaId)
const resumedWords = (read: number, parts: number, changed: string) => ({ column: null, message: `Resumed after ${read} of ${parts} parts. What changed meanwhile was found by comparing with the source: ${changed}` })

describe.each(methods)('a first load in parts (%s)', (_, method) => {
  it('reads each part once, all of one moment, and says nothing of it', async () => {
    const table = await makeTable(method)
    const report = await table.sync()
    expect(report).toMatchObject({ rowsRead: ROWS, inserted: ROWS, rows: ROWS, warnings: [] })
    expect(table.source.parts.length).toBeGreaterThan(8)
    expect(table.source).toMatchObject({ parts: [...table.source.parts.keys()], moments: 1, rowsOfParts: ROWS })
    expect(await checkpointOf(table)).toBeNull()
    await expectEqual(table)
  })

  it('that was cut goes on with the part it was at: what was staged is not read again', async () => {
    const table = await makeTable(method)
    await table.cut(9)
    const kept = await checkpointOf(table)
    const report = await table.sync({ checkpointSeconds: 60 })
    expect(report).toMatchObject({ rowsRead: ROWS, inserted: ROWS, rows: ROWS })
    expect(report.warnings).toEqual([resumedWords(9, 9 + table.source.parts.length, 'nothing')])
    expect(table.source.parts[0]).toBe(9)
    expect(table.source).toMatchObject({ rowsOfParts: ROWS - (kept?.rowsRead ?? 0), rowsOfRanges: 0 })
    expect(kept?.files.length).toBeGreaterThan(5)
    expect((await snapshotOf(table.schema)).dataFiles.map(({ path }) => path)).toEqual(expect.arrayContaining(kept?.files.map(({ path }) => path) ?? ['none']))
    expect(await checkpointOf(table)).toBeNull()
    await expectEqual(table)
    if (method.method === 'incremental') expect(await table.sync()).toMatchObject({ isChanged: false })
  })

  it.each([
    ['a row that was read is changed, and its time with it', `UPDATE t SET text = 'other', changed = 99999 WHERE id = 7`, '1 row'],
    ['a row that was read is changed in silence', `UPDATE t SET text = 'other' WHERE id = 7`, '1 row'],
    ['rows that were read are written again as they were, and lie behind', `UPDATE t SET text = text WHERE id BETWEEN 1 AND 300`, '300 rows'],
    ['rows that were read grow, and move', `UPDATE t SET text = repeat('wide', 300) WHERE id < 100`, '99 rows'],
    ['rows that were not read yet change', `UPDATE t SET text = 'later', changed = 5 WHERE id > 2900`, null],
    ['rows that were read are deleted', `DELETE FROM t WHERE id < 50`, '49 rows'],
    ['rows that were not read are deleted', `DELETE FROM t WHERE id > 2950`, 'nothing'],
    ['all are deleted', `DELETE FROM t`, null],
    ['a row comes where was read', `DELETE FROM t WHERE id < 80; VACUUM t; INSERT INTO t SELECT n, 0, 'inserted' FROM generate_series(5000, 5040) n`, null],
    ['keys change', `UPDATE t SET id = id + 10000 WHERE id < 30; UPDATE t SET id = -id WHERE id > 2980`, null],
    ['a key is given to another row', `UPDATE t SET id = -1 WHERE id = 5; UPDATE t SET id = 5 WHERE id = 2999; UPDATE t SET id = 2999 WHERE id = -1`, null],
    ['rows come behind', `INSERT INTO t SELECT n, n, 'new' FROM generate_series(4000, 5000) n`, null],
  ])('is exact when meanwhile %s', async (_what, sql, changed) => {
    const table = await makeTable(method)
    await table.cut(7)
    for (const statement of sql.replaceAll(' t ', ` ${table.name} `).replaceAll('FROM t', `FROM ${table.name}`).replaceAll('VACUUM t', `VACUUM ${table.name}`).split('; ')) await room.run(statement)
    const report = await table.sync()
    expect(table.source.parts[0]).toBe(7)
    if (changed) expect(report.warnings[0]?.message).toContain(`comparing with the source: ${changed}`)
    expect(report.rows).toBe((await snapshotOf(table.schema)).rows)
    expect(report.inserted).toBe(report.rows)
    await expectEqual(table)
    await room.run(`INSERT INTO ${table.name} VALUES (20000, 100000, 'next'); UPDATE ${table.name} SET changed = 100001 WHERE id = 1000`)
    await table.sync()
    await expectEqual(table)
  })

})

describe.each(methods)('an interrupted load (%s)', (_, method) => {
  it('may be cut again and again, at the same part or at later ones, with changes in between', async () => {
    const table = await makeTable(method)
    await table.cut(2)
    await room.run(`UPDATE ${table.name} SET text = 'first' WHERE id < 200`)
    await table.cut(2)
    await table.cut(5)
    await room.run(`UPDATE ${table.name} SET text = 'second' WHERE id < 300; DELETE FROM ${table.name} WHERE id BETWEEN 100 AND 120`)
    await table.cut(9)
    await room.run(`UPDATE ${table.name} SET text = 'third' WHERE id < 400`)
    await table.sync()
    expect(table.source.parts[0]).toBe(9)
    await expectEqual(table)
  })

  it('begins anew, in words, when its source keeps the rows elsewhere by now', async () => {
    const table = await makeTable(method)
    await table.cut(7)
    await room.run(`VACUUM FULL ${table.name}`)
    expect(await table.sync()).toMatchObject({ rows: ROWS, warnings: [] })
    expect(table.source).toMatchObject({ rowsOfParts: ROWS, moments: 2 })
    expect(table.source.lines).toContainEqual(expect.stringMatching(/^Everything is read from the beginning: .*VACUUM FULL/))
    await expectEqual(table)
  })

  it('begins anew, in words, with other columns', async () => {
    const table = await makeTable(method)
    await table.cut(7)
    await table.sync({ columnNames: ['id', 'changed'] })
    expect(table.source).toMatchObject({ rowsOfParts: ROWS })
    expect(table.source.lines).toContainEqual(expect.stringContaining('What an interrupted read left is of no use'))
    expect((await tableRows(table.schema))[0]).toHaveLength(2)
  })

  it('begins anew when a full resync is asked for, and that one goes on from itself', async () => {
    const table = await makeTable(method)
    await table.cut(7)
    await table.sync({ isFull: true })
    expect(table.source.rowsOfParts).toBe(ROWS)
    await expectEqual(table)
  })

  it('a value that fits no more makes its column text, and all is read again', async () => {
    const table = await makeTable(method, '(id int primary key, changed int, at date, text text)', `n, n, date '2026-01-01' + n, repeat('.', 90)`)
    await table.cut(5)
    await room.run(`UPDATE ${table.name} SET at = '0044-03-15 BC' WHERE id = 3000`)
    const report = await table.sync()
    expect(report).toMatchObject({ rows: ROWS, warnings: [{ column: 'at' }] })
    expect(await tableRows(table.schema, { select: `count(*), count(*) FILTER ("at" LIKE '%BC')` })).toEqual([[String(ROWS), '1']])
  })
})

it('a full sync that was resumed is held when too much of the table has gone meanwhile, also when other rows came', async () => {
  const table = await makeTable({ method: 'full', brakePercent: 30 })
  await table.sync()
  await table.cut(9)
  await room.run(`DELETE FROM ${table.name} WHERE id <= 1200; INSERT INTO ${table.name} SELECT n, n, 'other' FROM generate_series(5000, 6199) n`)
  expect(await table.sync()).toMatchObject({ isChanged: false, held: { reason: 'removed', rowsBefore: ROWS, rowsAfter: ROWS, removed: 1200, inserted: 1200 } })
  expect((await snapshotOf(table.schema)).version).toBe(1)
})

describe('keys and tables of any kind', () => {
  it.each([
    ['uuid', '(id uuid primary key, changed int, text text)', `md5(n::text)::uuid, n, repeat('.', 90)`],
    ['text in an order of its own', '(id text primary key, changed int, text text)', `CASE n % 3 WHEN 0 THEN 'ä' WHEN 1 THEN 'Z' ELSE 'a' END || n, n, repeat('.', 90)`],
    ['two columns', '(id int, part text, changed int, text text, primary key (id, part))', `n / 3, (n % 3)::text, n, repeat('.', 90)`],
    ['partitions', '(id int primary key, changed int, text text) PARTITION BY RANGE (id)', `n, n, repeat('.', 90)`],
    ['values out of line', '(id int primary key, changed int, text text)', `n, n, CASE WHEN n % 100 = 0 THEN (SELECT string_agg(md5(i::text || n), '') FROM generate_series(1, 200) i) END`],
  ])('%s', async (what, ddl, values) => {
    const table = await makeTable(incremental, ddl, values, (name) => (what === 'partitions' ? [0, 1, 2].map((n) => `CREATE TABLE ${name}_${n} PARTITION OF ${name} FOR VALUES FROM (${n * 1001}) TO (${(n + 1) * 1001})`).join('; ') : ''))
    await table.cut(3)
    await room.run(`UPDATE ${table.name} SET text = 'other' WHERE changed % 50 = 0; DELETE FROM ${table.name} WHERE changed % 70 = 1`)
    const report = await table.sync()
    expect(report.warnings[0]?.message).toMatch(/^Resumed after 3 of \d+ parts/)
    expect(table.source.parts[0]).toBe(3)
    await expectEqual(table)
  })

  it('a table without a primary key is read in one, and its log says what that means', async () => {
    const table = await makeTable({ method: 'full' }, '(id int, changed int, text text)')
    await table.sync()
    expect(table.source).toMatchObject({ parts: [], rowsOfParts: ROWS })
    expect(table.source.lines).toContainEqual('An interrupted load of this table begins anew: It has no primary key, so that a row that is gone cannot be told')
    await expectEqual(table)
  })

  it('so is one whose user may read its columns and nothing else', async () => {
    const table = await makeTable({ method: 'full' })
    await room.run(`CREATE ROLE columns_only LOGIN PASSWORD 'columns'; GRANT SELECT (id, changed, text) ON ${table.name} TO columns_only`)
    await table.sync({ config: { ...room.config, user: 'columns_only', password: 'columns' } })
    expect(table.source).toMatchObject({ parts: [], rowsOfParts: ROWS })
    expect(table.source.lines).toContainEqual(expect.stringContaining('does not let us read its pages one by one'))
    await expectEqual(table)
  })

  it('a short table is read in one, in silence', async () => {
    const table = await makeTable({ method: 'full' })
    await table.sync({ parts: { fromBytes: 10 ** 9, bytes: 10 ** 6 } })
    expect(table.source).toMatchObject({ parts: [], rowsOfParts: ROWS })
    expect(table.source.lines.filter((line) => line.includes('interrupted'))).toEqual([])
  })
})

describe('what an interrupted load left', () => {
  const keysOf = async ({ schema }: Table) => (await storedKeys()).filter((key) => key.includes(schema.schemaId))

  it('survives the sweep, and goes after some days', async () => {
    const table = await makeTable(incremental)
    await table.cut(7)
    const files = await keysOf(table)
    expect(files.length).toBeGreaterThan(5)
    await sweepFiles()
    expect(await keysOf(table)).toEqual(files)
    await prisma().readCheckpoint.update({ where: { schemaId: table.schema.schemaId }, data: { updatedAt: new Date(Date.now() - 8 * 86_400_000) } })
    await sweepFiles()
    expect(await keysOf(table)).toEqual([])
    await table.sync()
    expect(table.source.rowsOfParts).toBe(ROWS)
    await expectEqual(table)
  })

  it('goes with the data, and a load that goes on from it meanwhile is not published', async () => {
    const table = await makeTable(incremental)
    await table.cut(7)
    table.source.onPart = async (number) => {
      if (number === 8) await objectStore().remove(await deleteTableFiles(table.schema.workspaceId, table.schema.schemaId))
    }
    await expect(table.sync({ checkpointSeconds: 60 })).rejects.toMatchObject({ code: expect.stringMatching(/conflict|not_found/) })
    await expect(snapshotOf(table.schema)).rejects.toThrow('no such version')
    table.source.forget()
    await table.sync()
    await expectEqual(table)
  })

  it('is read again when its files are gone', async () => {
    const table = await makeTable(incremental)
    await table.cut(7)
    await objectStore().remove([(await checkpointOf(table))?.files[2]?.path ?? ''])
    await table.sync()
    expect(table.source.rowsOfParts).toBe(ROWS)
    await expectEqual(table)
  })

  it('is still there when the source goes away during the comparison, and nothing is read again then', async () => {
    const table = await makeTable(incremental)
    await table.cut(7)
    const { connector } = table.source
    const leaving: typeof connector = { ...connector, openSnapshot: async (...args) => {
      const moment = await connector.openSnapshot?.(...args)
      if (!moment) throw new Error('There is no snapshot')
      return { ...moment, summarise: async (request) => {
        await room.client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database()`)
        return moment.summarise?.(request) ?? Promise.reject(new Error())
      } }
    } }
    await expect(table.sync({ connector: leaving })).rejects.toMatchObject({ isRetryable: true })
    table.source.forget()
    await table.sync()
    expect(table.source).toMatchObject({ parts: [], rowsOfParts: 0 })
    await expectEqual(table)
  })
})
