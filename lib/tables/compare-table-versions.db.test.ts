import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '@/lib/core/ids'
import { prisma } from '@/lib/db/client'
import { listVersions } from '@/lib/db/versions'
import { findChangedFiles } from '@/lib/warehouse/difference/changed-files'
import { sidesOf } from '@/lib/warehouse/difference/changed-rows-sql'
import { coolDownQueries, warmUpQueries } from '@/lib/warehouse/query/query-queue'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { MemorySource, column } from '@/test/memory-source'
import { randomOf } from '@/test/random'
import { makeSchema, snapshotOf, sync, tableRows, type Schema } from '@/test/sync-room'
import { TrackedSource } from '@/test/tracked-source'
import { compareTableVersions } from './compare-table-versions'
import { rollBackTable } from './roll-back-table'
import type { ComparisonView } from './versions-schema'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  warmUpQueries()
})
afterAll(async () => {
  await coolDownQueries()
  await database.drop()
})

const incremental = { method: 'incremental', replicationKey: 'changed' } as const

function things(rows = 3, change: { hasKey?: boolean } = {}): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = change.hasKey === false ? [] : ['id']
  source.rows = Array.from({ length: rows }, (_, id) => [String(id), String(id), `row ${id}`])
  return source
}

const compare = (schema: Schema, from: number, to: number, more: { kind?: 'inserted' | 'updated' | 'deleted'; offset?: number; rows?: number; letters?: number } = {}) => compareTableVersions(schema.workspaceId, { schemaId: schema.schemaId, from, to, ...more })

/** What differs, without our own columns, as short texts: `~1: name a>b`. */
function told({ columns, changes }: ComparisonView): string[] {
  const shown = columns.flatMap(({ isCompared }, index) => (isCompared ? [index] : []))
  return changes.map(({ kind, before, after, changed }) => {
    if (kind === 'updated') return `~${String(after?.[0])}: ${changed.map((index) => `${columns[index]?.name} ${String(before?.[index])}>${String(after?.[index])}`).join(', ')}`
    return `${kind === 'inserted' ? '+' : '-'}${shown.map((index) => String((after ?? before)?.[index])).join(',')}`
  })
}

const counts = ({ inserted, updated, deleted }: ComparisonView) => [inserted, updated, deleted]

describe('the difference of two versions', () => {
  it('of a keyed table is told by key: inserted, deleted, and updated with the cells that changed', async () => {
    const schema = await makeSchema()
    const source = things(4)
    await sync(schema, source, incremental)
    source.rows = [['0', '0', 'row 0'], ['1', '10', 'ONE'], ['2', '11', null], ['3', '3', 'row 3'], ['9', '9', 'nine']]
    await sync(schema, source, incremental)
    const forth = await compare(schema, 1, 2)
    expect(told(forth)).toEqual(['~1: changed 1>10, name row 1>ONE', '~2: changed 2>11, name row 2>null', '+9,9,nine'])
    expect([counts(forth), forth.nextOffset]).toEqual([[1, 2, 0], null])
    expect(told(await compare(schema, 2, 1))).toEqual(['~1: changed 10>1, name ONE>row 1', '~2: changed 11>2, name null>row 2', '-9,9,nine'])
    expect(told(await compare(schema, 1, 2, { kind: 'updated', offset: 1, rows: 1 }))).toEqual(['~2: changed 2>11, name row 2>null'])
    expect(await compare(schema, 2, 2)).toMatchObject({ inserted: 0, updated: 0, deleted: 0, changes: [] })
  }, 120_000)

  it('of a table that was read whole again is told by its primary key; the same rows in other files are no change', async () => {
    const schema = await makeSchema()
    await prisma().sourceSchema.update({ where: { id: schema.schemaId }, data: { discovered: { primaryKey: ['id'] } } })
    const source = things(5)
    await sync(schema, source)
    source.rows = [...source.rows.slice(1).reverse(), ['7', '7', 'new']]
    await sync(schema, source)
    expect(told(await compare(schema, 1, 2))).toEqual(['-0,0,row 0', '+7,7,new'])
    await sync(schema, source, { columnNames: ['id', 'name'] })
    const narrower = await compare(schema, 2, 3)
    expect([counts(narrower), narrower.columns.find(({ name }) => name === 'changed')]).toMatchObject([[0, 0, 0], { typeAfter: null, isCompared: false }])
  }, 120_000)

  it('of a table without a key counts each row as often as it comes', async () => {
    const schema = await makeSchema()
    const source = things(0, { hasKey: false })
    source.rows = [['1', '1', 'a'], ['1', '1', 'a'], ['1', '1', 'a'], ['2', '2', null]]
    await sync(schema, source)
    source.rows = [['2', '2', null], ['1', '1', 'a'], ['2', '2', ''], ['2', '2', null]]
    await sync(schema, source)
    expect(told(await compare(schema, 1, 2)).sort()).toEqual(['+2,2,', '+2,2,null', '-1,1,a', '-1,1,a'])
  })

})

describe('the difference of versions in other files', () => {
  it('across a compaction is empty, and across syncs with one in between it is what they changed', async () => {
    const schema = await makeSchema()
    const source = things(5)
    await sync(schema, source, incremental)
    for (let round = 0; round < 20; round++) {
      source.rows = source.rows.map((row, id) => (id === round % 5 ? [row[0] ?? null, String(100 + round), `changed ${round}`] : row))
      await sync(schema, source, incremental)
    }
    const compaction = (await listVersions(schema.workspaceId, schema.schemaId)).find(({ kind }) => kind === 'compaction')?.number ?? 0
    expect(compaction).toBeGreaterThan(1)
    expect(counts(await compare(schema, compaction - 1, compaction))).toEqual([0, 0, 0])
    const { version } = await snapshotOf(schema)
    expect(told(await compare(schema, 1, version))).toEqual([15, 16, 17, 18, 19].map((round) => `~${round % 5}: changed ${round % 5}>${100 + round}, name row ${round % 5}>changed ${round}`))
  }, 120_000)

  it('to a version that was rolled back shows what came back, deleted rows too', async () => {
    const schema = await makeSchema()
    const source = new TrackedSource()
    source.putMany(3)
    await sync(schema, source, { method: 'incremental' })
    source.remove({ id: 't_000001' })
    source.put({ ...source.rows.get('t_000002'), text: 'other' })
    await sync(schema, source, { method: 'incremental' })
    await rollBackTable(schema.workspaceId, { schemaId: schema.schemaId, to: 1, from: 2, stopsSyncing: false }, 'Ada')
    expect(told(await compare(schema, 1, 2))).toMatchObject([expect.stringMatching(/^-t_000001,/), '~t_000002: text thing 2>other'])
    expect(told(await compare(schema, 2, 3))).toMatchObject([expect.stringMatching(/^\+t_000001,/), '~t_000002: text other>thing 2'])
    expect(counts(await compare(schema, 1, 3))).toEqual([0, 0, 0])
  }, 120_000)

  it('of files is that of their rows, whichever object they are in', async () => {
    const schema = await makeSchema()
    const bucket = new MemoryBucket()
    bucket.put('a.csv', 'id,name\n1,one\n2,two\n')
    bucket.put('b.csv', 'id,name\n3,three\n')
    await syncBucket(schema, bucket)
    bucket.put('a.csv', 'id,name\n2,two\n1,one\n4,4.5\n')
    bucket.delete('b.csv')
    await syncBucket(schema, bucket)
    expect(told(await compare(schema, 1, 2)).sort()).toEqual(['+4,4.5', '-3,three'])
  }, 120_000)
})

describe('versions with other columns', () => {
  it('differ in rows by the columns of both alone, which are compared whatever their types', async () => {
    const schema = await makeSchema()
    await prisma().sourceSchema.update({ where: { id: schema.schemaId }, data: { discovered: { primaryKey: ['id'] } } })
    const source = new MemorySource([column('id', 'INTEGER'), column('amount', 'INTEGER'), column('old', 'VARCHAR')])
    source.rows = [['1', '10', 'x'], ['2', '20', 'y']]
    await sync(schema, source)
    // amount is wider, old was renamed
    source.columns = [column('id', 'BIGINT'), column('amount', 'DECIMAL(20,2)', { sourceType: 'numeric(20,2)' }), column('new', 'VARCHAR')]
    source.rows = [['1', '10.00', 'x'], ['2', '20.50', 'y']]
    await sync(schema, source)
    const difference = await compare(schema, 1, 2)
    expect(told(difference)).toEqual(['~2: amount 20>20.50'])
    expect(difference.columns.filter(({ name }) => !name.startsWith('_'))).toEqual([
      { name: 'id', typeBefore: 'INTEGER', typeAfter: 'BIGINT', isCompared: true, isKey: true },
      { name: 'amount', typeBefore: 'INTEGER', typeAfter: 'DECIMAL(20,2)', isCompared: true, isKey: false },
      { name: 'new', typeBefore: null, typeAfter: 'VARCHAR', isCompared: false, isKey: false },
      { name: 'old', typeBefore: 'VARCHAR', typeAfter: 'VARCHAR', isCompared: false, isKey: false },
    ])
  })
})

describe('a comparison', () => {
  it('of a large table with few changes reads a small part of it', async () => {
    const schema = await makeSchema()
    const source = things(0)
    source.batchRows = 50_000
    source.rows = Array.from({ length: 300_000 }, (_, id) => [String(id), String(id), `row ${id} ${'x'.repeat((id * 7919) % 97)}${id * 104729}`])
    await sync(schema, source, incremental)
    const { bytes } = await snapshotOf(schema)
    for (let at = 0; at < 100; at++) source.rows[123_456 + at] = [String(123_456 + at), String(400_000 + at), 'changed']
    await sync(schema, source, incremental)
    const difference = await compare(schema, 1, 2)
    expect([counts(difference), difference.changes.length, difference.nextOffset]).toEqual([[0, 100, 0], 50, 50])
    // one of five row groups, and what a file's columns tell of themselves
    expect(difference.bytesRead ?? 0).toBeLessThan(bytes / 3)
  }, 120_000)

  it('opens no data file that both versions have with the same rows', async () => {
    const schema = await makeSchema()
    const source = things(0)
    source.batchRows = 50_000
    let clock = 0
    // each sync adds a file of 40,000 rows
    for (let part = 0; part < 5; part++) {
      for (let at = 0; at < 40_000; at++) source.rows.push([String(part * 40_000 + at), String(clock++), `row ${at} ${'x'.repeat((at * 7919) % 97)}${at * 104729}`])
      await sync(schema, source, incremental)
    }
    source.rows[85_000] = ['85000', String(clock++), 'changed']
    await sync(schema, source, incremental)
    const [before, after] = [await snapshotOf(schema, 5), await snapshotOf(schema, 6)]
    const { paths } = await findChangedFiles(before, after, {})
    expect([...(paths ?? [])]).toEqual([before.dataFiles[2]?.path])
    expect(sidesOf(before, after, paths).files.map(({ path }) => path).sort()).toEqual([before.dataFiles[2], after.dataFiles[5], ...after.deleteFiles].map((file) => file?.path).sort())
    expect(told(await compare(schema, 5, 6))).toEqual([expect.stringContaining('~85000: changed 85000>200000, name row 5000')])
  }, 120_000)

  it('cuts long texts for a page, and gives them whole where that is asked for', async () => {
    const schema = await makeSchema()
    const source = things(1)
    await sync(schema, source, incremental)
    source.rows = [['0', '5', 'x'.repeat(5_000)]]
    await sync(schema, source, incremental)
    expect(String((await compare(schema, 1, 2, { letters: 20 })).changes[0]?.after?.[2])).toHaveLength(21)
    expect(String((await compareTableVersions(schema.workspaceId, { schemaId: schema.schemaId, from: 1, to: 2, letters: null })).changes[0]?.after?.[2])).toHaveLength(5_000)
  })

  it('of a version that is not kept, or of another workspace, is refused', async () => {
    const schema = await makeSchema()
    await sync(schema, things(), incremental)
    await expect(compare(schema, 1, 2)).rejects.toMatchObject({ code: 'not_found', detail: 'Those from 1 to 1 are kept' })
    await expect(compareTableVersions(newId(), { schemaId: schema.schemaId, from: 1, to: 1 })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('stops when nobody waits for it', async () => {
    const schema = await makeSchema()
    await sync(schema, things())
    await sync(schema, things(4))
    await expect(compareTableVersions(schema.workspaceId, { schemaId: schema.schemaId, from: 1, to: 2 }, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })
})

it('what random syncs changed is what a comparison of the rows by hand finds', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = randomOf(seed)
    const hasKey = seed % 2 === 0
    const schema = await makeSchema()
    const source = things(30, { hasKey })
    const how = hasKey ? incremental : {}
    await sync(schema, source, how)
    for (let round = 1; round <= 3; round++) {
      for (let change = random(8); change > 0; change--) {
        const at = random(source.rows.length + 3)
        if (source.rows[at]) source.rows[at] = [source.rows[at][0] ?? null, String(100 * round + change), [null, '', 'a"b', 'two\nlines'][random(4)] ?? null]
        else source.rows.push([String(source.rows.length), String(100 * round), 'new'])
      }
      await sync(schema, source, how)
    }
    const { version } = await snapshotOf(schema)
    const [before, after] = [await tableRows(schema, { version: 1 }), await tableRows(schema)]
    const left = after.map((row) => JSON.stringify(row))
    const gone = before.map((row) => JSON.stringify(row)).filter((row) => { const at = left.indexOf(row); return at < 0 || !left.splice(at, 1) })
    const difference = await compare(schema, 1, version, { rows: 1_000 })
    const cells = (row: ComparisonView['changes'][number]['before']) => JSON.stringify(row?.slice(0, 3).map((cell) => (cell === null ? null : String(cell))))
    const rowsOf = (side: 'before' | 'after') => difference.changes.flatMap((change) => (change[side] ? [cells(change[side])] : []))
    expect({ seed, before: rowsOf('before').sort(), after: rowsOf('after').sort() }).toEqual({ seed, before: gone.sort(), after: left.sort() })
  }
}, 240_000)
