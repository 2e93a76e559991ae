import { afterAll, beforeAll, expect, it } from 'vitest'
import { listVersions } from '@/lib/db/versions'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { randomOf } from '@/test/random'
import { makeSchema, snapshotOf, sync, tableRows, type Schema } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const incremental = { method: 'incremental', replicationKey: 'changed' } as const

function things(rows: number): MemorySource {
  const source = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  source.primaryKey = ['id']
  source.rows = Array.from({ length: rows }, (_, id) => [String(id), String(id), `row ${id}`])
  return source
}

const byId = async (schema: Schema, version?: number) => (await tableRows(schema, { version })).sort((a, b) => Number(a[0]) - Number(b[0]))

it('while files are put together queries read the table and other tables sync, and no row differs afterwards', async () => {
  const random = randomOf(7)
  const [schema, other] = [await makeSchema(), await makeSchema()]
  const source = things(200)
  let clock = 1_000
  const meanwhile: Promise<[number, number]>[] = []
  for (let round = 0; round < 40; round++) {
    for (let change = 0; change < 9; change++) {
      const at = random(source.rows.length + 1)
      source.rows[at] = [String(at), String(clock++), random(3) ? `changed in ${round}` : null]
    }
    const onProgress = ({ step }: { step: string }) => {
      if (step === 'compact') meanwhile.push(Promise.all([byId(schema).then((rows) => rows.length), sync(other, things(round + 1)).then(({ rows }) => rows)]))
    }
    await sync(schema, source, { ...incremental, onProgress })
    expect(await byId(schema)).toEqual([...source.rows].sort((a, b) => Number(a[0]) - Number(b[0])))
  }
  expect(meanwhile.length).toBeGreaterThan(1)
  for (const [read, synced] of await Promise.all(meanwhile)) expect([read >= 200, synced > 0]).toEqual([true, true])
  const compactions = (await listVersions(schema.workspaceId, schema.schemaId)).filter(({ kind }) => kind === 'compaction')
  expect(compactions).toHaveLength(meanwhile.length)
  for (const { number } of compactions) {
    expect(await byId(schema, number)).toEqual(await byId(schema, number - 1))
    const [before, after] = [await snapshotOf(schema, number - 1), await snapshotOf(schema, number)]
    expect(after.dataFiles.length).toBeLessThan(before.dataFiles.length)
    expect(after).toMatchObject({ rows: before.rows, cursor: before.cursor, columns: before.columns })
  }
}, 240_000)
