import fs from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TablesConnector } from '@/lib/connectors/contract'
import { newId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { prisma } from '@/lib/db/client'
import { findProof } from '@/lib/db/proofs'
import { openEngine } from '@/lib/warehouse/duckdb'
import { scratchFolder } from '@/lib/warehouse/scratch'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { randomOf, type Random } from '@/test/random'
import { makeSchema, snapshotOf, sync, tableRows, type JobChange, type Schema } from '@/test/sync-room'
import type { SyncReport } from '../types'

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

const incremental = { method: 'incremental', replicationKey: 'changed' } as const
const due = { compare: { proves: null, isDue: true, mends: true } } as const
const proving = { compare: { proves: true, isDue: false, mends: false } } as const

/** A table with rows, synced once. */
async function syncedTable(name: string, rows: number, change: JobChange = incremental): Promise<{ schema: Schema; sync(change?: JobChange): Promise<SyncReport> }> {
  await room.run(`CREATE TABLE ${name} (id int primary key, changed int, text text, amount numeric(10,2)); INSERT INTO ${name} SELECT n, n, 'row ' || n, n / 4.0 FROM generate_series(1, ${rows}) n`)
  const source = await room.table(name)
  const schema = await makeSchema()
  const again = (more: JobChange = {}) => sync(schema, source, { ...source.change, ...change, ...more })
  await again()
  return { schema, sync: again }
}

async function sourceRows(name: string): Promise<(string | null)[][]> {
  const { rows } = await room.client.query<Record<string, string | null>>(`SELECT id::text, changed::text, text, amount::text FROM ${name} AS t ORDER BY t.id`)
  return rows.map((row) => Object.values(row))
}

const ourRows = (schema: Schema) => tableRows(schema, { order: 'try_cast(id AS INTEGER)' })

/** Change values in a stored file, as a bad disk would that leaves its size. */
async function damage(schema: Schema, replacement: string): Promise<void> {
  const snapshot = await snapshotOf(schema)
  const file = (await storedFiles()).find((each) => each.endsWith(String(snapshot.dataFiles[0]?.path.split('/').pop())))
  if (!file) throw new Error('The file is not there')
  const engine = await openEngine(new AbortController().signal)
  const other = `${scratchFolder()}/damaged-${newId()}.parquet`
  try {
    await engine.run(`COPY (SELECT * REPLACE (${replacement}) FROM read_parquet('${file}')) TO '${other}' (FORMAT parquet)`)
  } finally {
    await engine.close()
  }
  await fs.chmod(file, 0o600)
  await fs.copyFile(other, file)
  await prisma().tableFile.updateMany({ where: { schemaId: schema.schemaId, path: snapshot.dataFiles[0]?.path }, data: { bytes: (await fs.stat(other)).size } })
}

async function storedFiles(): Promise<string[]> {
  const folder = `${scratchFolder()}/../warehouse`
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`)
}

describe('reconciliation under incremental', () => {
  it('rows deleted at the source go, where an incremental sync alone keeps them', async () => {
    const table = await syncedTable('deleting', 3000)
    await room.run('DELETE FROM deleting WHERE id IN (7, 1500, 3000)')
    expect(await table.sync()).toMatchObject({ deleted: 0, rows: 3000 })
    const report = await table.sync(due)
    expect(report).toMatchObject({ deleted: 3, inserted: 0, updated: 0, rows: 2997, proof: { outcome: 'verified', differences: { gone: 3, missing: 0, different: 0 }, reconciled: { deleted: 3, fetched: 0 } } })
    expect(await ourRows(table.schema)).toEqual(await sourceRows('deleting'))
    expect(await table.sync(due)).toMatchObject({ isChanged: false, proof: { outcome: 'verified', rangesRead: 0, reconciled: null } })
  })

  it('a row that changed without its replication key, and one that came late, arrive', async () => {
    const table = await syncedTable('quiet', 2000)
    await room.run(`UPDATE quiet SET text = 'other' WHERE id = 100; UPDATE quiet SET amount = NULL WHERE id = 101; INSERT INTO quiet VALUES (9000, 3, 'late', 1)`)
    expect(await table.sync()).toMatchObject({ isChanged: false })
    const report = await table.sync(due)
    expect(report).toMatchObject({ inserted: 1, updated: 2, deleted: 0, proof: { differences: { gone: 0, missing: 1, different: 2 }, reconciled: { deleted: 0, fetched: 3 } } })
    expect(report.warnings.map(({ message }) => message)).toEqual(['2 rows had other values than at the source, though their replication key had not moved; fetched again'])
    expect(await ourRows(table.schema)).toEqual(await sourceRows('quiet'))
  })

  it('what the same run read anew and what it finds are one commit', async () => {
    const table = await syncedTable('together', 1000)
    const { version } = await snapshotOf(table.schema)
    await room.run(`DELETE FROM together WHERE id < 4; UPDATE together SET changed = 5000, text = 'new' WHERE id = 10; INSERT INTO together VALUES (2000, 5001, 'more', 2); UPDATE together SET text = 'quiet' WHERE id = 20`)
    const report = await table.sync(due)
    expect(report).toMatchObject({ inserted: 1, updated: 2, deleted: 3, rows: 998, version: version + 1 })
    expect(await ourRows(table.schema)).toEqual(await sourceRows('together'))
  })

  it('a table emptied at the source becomes empty, and one that was empty is filled', async () => {
    const table = await syncedTable('emptied', 700)
    await room.run('DELETE FROM emptied')
    expect(await table.sync(due)).toMatchObject({ deleted: 700, rows: 0 })
    await room.run(`INSERT INTO emptied VALUES (1, -5, 'older than the cursor', 1)`)
    expect(await table.sync()).toMatchObject({ isChanged: false })
    expect(await table.sync(due)).toMatchObject({ inserted: 1, rows: 1 })
    expect(await ourRows(table.schema)).toEqual(await sourceRows('emptied'))
  })

  it('a value that was damaged in a stored file is found, named and repaired', async () => {
    const table = await syncedTable('damaged', 1200)
    await damage(table.schema, `CASE WHEN id = 77 THEN 'flipped' ELSE text END AS text`)
    expect(await table.sync()).toMatchObject({ isChanged: false })
    const told = await table.sync(proving)
    expect(told).toMatchObject({ isChanged: false, proof: { outcome: 'differs', differences: { different: 1 }, reconciled: null }, warnings: [{ message: 'The table differs from its source: 1 row with other values' }] })
    const { schema } = table
    expect((await findProof(schema.workspaceId, schema.schemaId))?.shown).toEqual({ columns: ['id', 'changed', 'text', 'amount'], key: ['id'], rows: [{ kind: 'different', source: ['77', '77', 'row 77', '19.25'], ours: ['77', '77', 'flipped', '19.25'] }] })
    expect(await table.sync(due)).toMatchObject({ proof: { outcome: 'verified', reconciled: { fetched: 1 } } })
    expect(await ourRows(schema)).toEqual(await sourceRows('damaged'))
    expect(await findProof(schema.workspaceId, schema.schemaId)).toMatchObject({ outcome: 'verified', isPast: false })
  })

  it('a few differences in a big table take a small part of its bytes', async () => {
    const rows = 60_000
    const table = await syncedTable('big', rows)
    const whole = await room.client.query<{ bytes: string }>('SELECT sum(octet_length(big::text)) AS bytes FROM big')
    await room.run(`DELETE FROM big WHERE id IN (5, 30000)`)
    const { proof } = await table.sync(due)
    expect(proof).toMatchObject({ outcome: 'verified', rows: rows - 2, differences: { gone: 2 } })
    expect((proof?.bytes ?? 0) / Number(whole.rows[0]?.bytes)).toBeLessThan(0.05)
  })

})

describe('histories of any changes', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('incremental with reconciliation equals the source (seed %i)', (seed) => history(seed))

  async function history(seed: number): Promise<void> {
    const random = randomOf(seed)
    const name = `history_${seed}`
    const table = await syncedTable(name, 1 + random(900))
    for (let step = 0; step < 3; step++) {
      for (let change = random(12); change > 0; change--) await room.run(anyChange(name, random))
      const report = await table.sync(due)
      expect([seed, report.proof?.outcome]).toEqual([seed, 'verified'])
      expect([seed, await ourRows(table.schema)]).toEqual([seed, await sourceRows(name)])
      if (random(3) === 0) await table.sync()
    }
  }

  function anyChange(name: string, random: Random): string {
    const id = random(1000)
    return [
      `DELETE FROM ${name} WHERE id BETWEEN ${id} AND ${id + random(40)}`,
      `INSERT INTO ${name} VALUES (${id}, ${random(2000)}, 'anew', ${random(99)}) ON CONFLICT (id) DO UPDATE SET text = 'again', changed = excluded.changed`,
      `UPDATE ${name} SET text = 'quietly ' || ${random(9)} WHERE id % 97 = ${random(97)}`,
      `UPDATE ${name} SET changed = NULL WHERE id = ${id}`,
      `UPDATE ${name} SET id = id + 5000 WHERE id = ${id} AND NOT EXISTS (SELECT FROM ${name} WHERE id = ${id + 5000})`,
      `TRUNCATE ${name}`,
    ][random(30) === 0 ? 5 : random(5)] ?? ''
  }
})

describe('keys in one order on both sides', () => {
  it.each([
    ['bigint', '(n * 982451653::bigint) % 1000003'],
    ['numeric(20,3)', '(n * 7919 % 10007) / 7.0'],
    ['timestamptz', `timestamptz '2026-01-01' + n * interval '17 minutes 1 microsecond'`],
    ['date', `date '1900-01-01' + n`],
    ['uuid', 'md5(n::text)::uuid'],
    ['text', `CASE n % 4 WHEN 0 THEN 'ä' WHEN 1 THEN 'Z' WHEN 2 THEN '😀' ELSE 'a ' END || n || E'\\'\\\\'`],
    ['varchar(40)', `md5(n::text)`],
    ['char(12)', `n::text || E'\\x01'`],
    ['boolean, part text', `n % 2 = 0, 'part ' || n`],
    ['text, part int', `chr(97 + n % 26), n`],
  ])('%s', async (type, values) => {
    const name = `keyed_${type.replace(/\W+/g, '_')}`
    const columns = type.includes(', part') ? ['id', 'part'] : ['id']
    await room.run(`CREATE TABLE ${name} (id ${type}, changed int, text text, PRIMARY KEY (${columns.join(', ')})); INSERT INTO ${name} (${columns.join(', ')}, changed, text) SELECT ${values}, n, 'x' FROM generate_series(1, 3000) n`)
    const source = await room.table(name)
    const schema = await makeSchema()
    await sync(schema, source, { ...source.change, ...incremental })
    await room.run(`DELETE FROM ${name} WHERE changed IN (1, 2, 1500, 2999); UPDATE ${name} SET text = 'y' WHERE changed = 2000`)
    const { proof, rows } = await sync(schema, source, { ...source.change, ...incremental, ...due })
    expect({ proof, rows }).toMatchObject({ rows: 2996, proof: { outcome: 'verified', differences: { gone: 4, missing: 0, different: 1 } } })
    expect(proof?.rangesRead).toBeLessThanOrEqual(5)
    expect(proof?.ranges).toBeGreaterThan(10)
  })
})

describe('proof', () => {
  it('a full sync is proven against the moment that it read, whatever is written meanwhile', async () => {
    const table = await syncedTable('whole', 2500, {})
    const source = await room.table('whole')
    const connector: TablesConnector = { ...source.connector, openSnapshot: async (...args) => {
      const moment = await source.connector.openSnapshot?.(...args)
      if (!moment) throw new Error('There is no snapshot')
      const { close: _, ...rest } = moment
      return { ...rest, close: () => moment.close(), summarise: (request) => room.run(`UPDATE whole SET text = text || '!' WHERE id = 5`).then(() => moment.summarise?.(request) ?? Promise.reject(new Error())), read: (request) => moment.read(request) }
    } }
    expect(await table.sync({ ...proving, connector })).toMatchObject({ rows: 2500, proof: { outcome: 'verified', rows: 2500, differences: null } })
  })

  it('is made of tables under the limit unless somebody says otherwise, and of no others', async () => {
    const table = await syncedTable('sized', 30)
    expect((await table.sync({ compare: { proves: null, isDue: false, mends: false } })).proof).toMatchObject({ outcome: 'verified' })
    // a sync that finds nothing new stays quick: what was proven a moment ago is not compared again
    expect((await table.sync({ compare: { proves: null, isDue: false, mends: true } })).proof).toBeUndefined()
    expect((await table.sync({ compare: { proves: null, isDue: true, mends: false } })).proof).toMatchObject({ outcome: 'verified' })
    await room.run(`INSERT INTO sized VALUES (99, 99, 'new', 1)`)
    expect((await table.sync({ compare: { proves: null, isDue: false, mends: true } })).proof).toMatchObject({ outcome: 'verified', rows: 31 })
    expect((await table.sync({ compare: { proves: false, isDue: false, mends: true } })).proof).toBeUndefined()
    expect(limits.compare.provenRows).toBe(10_000_000)
  })

  it('a table without a key is compared as a whole; a view, which may give other rows each time, is not', async () => {
    await room.run(`CREATE TABLE keyless (a int, b text); INSERT INTO keyless SELECT n % 3, 'same' FROM generate_series(1, 50) n; CREATE VIEW seen AS SELECT * FROM keyless`)
    const keyless = await room.table('keyless')
    const schema = await makeSchema()
    expect((await sync(schema, keyless, { ...keyless.change, ...proving })).proof).toMatchObject({ outcome: 'verified', rows: 50, ranges: 1 })
    const view = await room.table('seen')
    expect((await sync(await makeSchema(), view, { ...view.change, ...proving })).proof).toBeUndefined()
  })

  it('a source that goes away during it leaves the sync done, and says so', async () => {
    const table = await syncedTable('leaving', 40)
    const source = await room.table('leaving')
    await room.run(`INSERT INTO leaving VALUES (100, 100, 'x', 1)`)
    for (const compare of [proving, due]) {
      const connector: TablesConnector = { ...source.connector, openSnapshot: async (...args) => {
        const moment = await source.connector.openSnapshot?.(...args)
        if (!moment) throw new Error('There is no snapshot')
        return { read: (request) => moment.read(request), close: () => moment.close(), async summarise(request) {
          await room.client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database()`)
          return moment.summarise?.(request) ?? Promise.reject(new Error())
        } }
      } }
      const report = await table.sync({ ...compare, connector })
      expect(report).toMatchObject({ rows: 41, proof: { outcome: 'failed', problem: { title: expect.any(String) } } })
      expect(report.warnings[0]?.message).toContain('was not compared with its source')
    }
  })

  it('a comparison that comes to no end proves nothing: the difference that was found before stays; reading everything takes it away', async () => {
    const table = await syncedTable('standing', 60)
    await room.run('DELETE FROM standing WHERE id = 3')
    expect(await table.sync(proving)).toMatchObject({ proof: { outcome: 'differs', differences: { gone: 1 } } })
    const source = await room.table('standing')
    const connector: TablesConnector = { ...source.connector, openSnapshot: async (...args) => {
      const moment = await source.connector.openSnapshot?.(...args)
      if (!moment) throw new Error('There is no snapshot')
      return { read: (request) => moment.read(request), close: () => moment.close(), summarise: () => Promise.reject(new Error('gone')) }
    } }
    expect(await table.sync({ ...proving, connector })).toMatchObject({ proof: { outcome: 'failed' } })
    const { workspaceId, schemaId } = table.schema
    expect(await findProof(workspaceId, schemaId)).toMatchObject({ outcome: 'differs', differences: { gone: 1 }, shown: { rows: [{ kind: 'gone' }] } })
    expect(await table.sync({ isFull: true })).toMatchObject({ rows: 59 })
    expect(await findProof(workspaceId, schemaId)).toBeNull()
  })
})
