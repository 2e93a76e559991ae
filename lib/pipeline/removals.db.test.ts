import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceColumn } from '@/lib/connectors/contract'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { column } from '@/test/memory-source'
import { makeSchema, sync, tableObjects } from '@/test/sync-room'
import { TrackedSource } from '@/test/tracked-source'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** A column, a value as a row has it, and the same value as a removal says it. */
interface Case {
  what: string
  named: SourceColumn
  sent: unknown
  removed: string
  /** Another value, whose row stays. */
  other: unknown
}

const capitals = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'
const otherUuid = 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'
const cast = (type: string) => column('key', type, { encoding: 'cast', sourceType: 'text' })

const cases: Case[] = [
  { what: 'a UUID in capitals', named: column('key', 'UUID'), sent: capitals, removed: capitals, other: otherUuid },
  { what: 'a UUID that was read in capitals', named: column('key', 'UUID'), sent: capitals, removed: capitals.toLowerCase(), other: otherUuid },
  { what: 'a UUID without dashes', named: column('key', 'UUID'), sent: capitals, removed: `{${capitals.replaceAll('-', '')}}`, other: otherUuid },
  { what: 'a DECIMAL with a zero at its end', named: cast('DECIMAL(38,2)'), sent: '1.50', removed: '1.5', other: '1.51' },
  { what: 'a DECIMAL without its zeros', named: cast('DECIMAL(38,2)'), sent: '7', removed: '7.000', other: '7.01' },
  { what: 'a BIGINT with zeros before it', named: column('key', 'BIGINT'), sent: 7, removed: '007', other: 8 },
  { what: 'a BIGINT with a sign', named: column('key', 'BIGINT'), sent: '9007199254740993', removed: '+9007199254740993', other: '9007199254740992' },
  { what: 'a time of another zone', named: cast('TIMESTAMPTZ'), sent: '2026-03-01T01:00:00.000001+02:00', removed: '2026-02-28T23:00:00.000001Z', other: '2026-02-28T23:00:00.000002Z' },
  { what: 'unix seconds', named: column('key', 'TIMESTAMPTZ', { encoding: 'epoch' }), sent: 1_700_000_000, removed: '1700000000', other: 1_700_000_001 },
  { what: 'a DOUBLE', named: column('key', 'DOUBLE'), sent: 1e21, removed: '1000000000000000000000', other: 1.5 },
  { what: 'a BOOLEAN', named: column('key', 'BOOLEAN'), sent: true, removed: 'true', other: false },
  { what: 'a DATE', named: column('key', 'DATE', { encoding: 'date' }), sent: '2026-03-01', removed: '2026-03-01', other: '2026-03-02' },
  { what: 'a text of JSON', named: column('key', 'JSON'), sent: 'pro', removed: 'pro', other: { pro: true } },
]

function sourceOf(named: SourceColumn): TrackedSource {
  const source = new TrackedSource()
  source.columns = [column('id', 'VARCHAR'), named]
  return source
}

/** The record of changes tells a removal; what it takes upstream does not matter here. */
const tell = (source: TrackedSource, removal: Record<string, string>) => source.events.push({ removal })

const incremental = { method: 'incremental' } as const
const idsOf = async (schema: Parameters<typeof tableObjects>[0]) => (await tableObjects(schema)).map(({ id }) => id).sort()

describe.each(cases)('a removal by $what', ({ named, sent, removed, other }) => {
  const rows = [{ id: 'gone', key: sent }, { id: 'stays', key: other }, { id: 'empty', key: null }]

  it('takes the row of the former version', async () => {
    const schema = await makeSchema()
    const source = sourceOf(named)
    for (const row of rows) source.put(row)
    await sync(schema, source, incremental)
    tell(source, { key: removed })
    expect(await sync(schema, source, incremental)).toMatchObject({ deleted: 1, warnings: [] })
    expect(await idsOf(schema)).toEqual(['empty', 'stays'])
  })

  it.each([{ where: 'of an earlier staged file', checkpointSeconds: 0 }, { where: 'that was read just before', checkpointSeconds: 3600 }])('takes the row $where', async ({ checkpointSeconds }) => {
    const schema = await makeSchema()
    const source = sourceOf(named)
    await sync(schema, source, incremental)
    source.batchRows = () => 1
    // one removal first, so that the column is watched already
    tell(source, { key: removed })
    for (const row of rows) source.put(row)
    tell(source, { key: removed })
    source.put({ id: 'late', key: sent })
    expect(await sync(schema, source, { ...incremental, checkpointSeconds })).toMatchObject({ rowsRead: 4, rows: 3, warnings: [] })
    expect(await idsOf(schema)).toEqual(['empty', 'late', 'stays'])
  })
})

describe.each(cases)('a key that is $what', ({ named, sent, removed, other }) => {
  it('is one key, however it is written', async () => {
    if (named.type === 'JSON' || named.type === 'DOUBLE') return
    const schema = await makeSchema()
    const source = sourceOf({ ...named, name: 'id' })
    source.columns = [{ ...named, name: 'id' }, column('text', 'VARCHAR')]
    await sync(schema, source, incremental)
    const written = named.type === 'BOOLEAN' || named.encoding === 'epoch' ? sent : named.type === 'BIGINT' ? removed.replace('+', '') : removed
    source.put({ id: sent, text: 'first' })
    source.put({ id: other, text: 'other' })
    source.put({ id: written, text: 'last' })
    await sync(schema, source, incremental)
    expect((await tableObjects(schema)).map(({ text }) => text).sort()).toEqual(['last', 'other'])
  })
})

describe('a removal by a value that the column cannot hold', () => {
  it.each([
    { named: column('key', 'BIGINT'), sent: 2, removed: '1.5' },
    { named: column('key', 'BIGINT'), sent: 2, removed: 'key_2' },
    { named: cast('DECIMAL(38,2)'), sent: '1.51', removed: '1.505' },
    { named: column('key', 'DECIMAL(38,2)', { sourceType: 'numeric(38,2)' }), sent: '1.51', removed: '1.505' },
    { named: column('key', 'UUID'), sent: capitals, removed: 'A0EEBC99' },
  ])('takes nothing, is not rounded to another ($removed), and is told in the report', async ({ named, sent, removed }) => {
    const schema = await makeSchema()
    const source = sourceOf(named)
    source.put({ id: 'stays', key: sent })
    await sync(schema, source, incremental)
    tell(source, { key: removed })
    const report = await sync(schema, source, incremental)
    expect(report).toMatchObject({ deleted: 0, isChanged: false })
    expect(report.warnings).toEqual([{ column: 'key', message: `1 deletion was told by a value that is no ${named.type}, such as "${removed}": no row can have it, and none was removed` }])
  })
})
