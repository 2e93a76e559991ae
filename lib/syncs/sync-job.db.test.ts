import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSchema, updateSchemas, type SchemaRow } from '@/lib/db/schemas'
import { findSource } from '@/lib/db/sources'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { makeSource } from '@/test/factories'
import { TrackedSource } from '@/test/tracked-source'
import type { OpenSource } from './open-source'
import { discoverSchema, isListingDue, syncJob } from './sync-job'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const id = '018f0000-0000-7000-8000-000000000001'
const at = (day: number) => new Date(Date.UTC(2026, 0, day))
const hooks = { signal: new AbortController().signal, onProgress: () => undefined, log: () => undefined }

describe('the periodic listing is due', () => {
  test('at the schema’s place in the period, not sooner than a tenth of it and not later than 1.1 after everything was read; at once when that never happened', () => {
    expect(isListingDue({ id, reconcileFrequency: 'week', reconciledAt: at(1) }, new Date(at(1).getTime() + 16 * 3_600_000))).toBe(false)
    expect(isListingDue({ id, reconcileFrequency: 'week', reconciledAt: at(1) }, at(9))).toBe(true)
    expect(isListingDue({ id, reconcileFrequency: 'week', reconciledAt: null }, at(1))).toBe(true)
  })

  test('never where it is switched off', () => {
    expect(isListingDue({ id, reconcileFrequency: null, reconciledAt: at(1) }, at(400))).toBe(false)
    expect(isListingDue({ id, reconcileFrequency: null, reconciledAt: null }, at(400))).toBe(false)
  })
})

describe('a connector that can describe its schemas', () => {
  async function opened(change: Partial<OpenSource['connector']>) {
    const made = await makeSource(1, { method: 'incremental', reconcileFrequency: 'week' })
    const schema = await findSchema(made.workspaceId, String(made.schemaIds[0]))
    const source = await findSource(made.workspaceId, made.sourceId)
    if (!schema || !source) throw new Error('made above')
    const connector = { ...new TrackedSource().connector, discover: () => Promise.reject(new Error('nobody needs to be asked')), ...change }
    return { made, schema, source: { source, connector, config: {} } }
  }

  test('is not asked before a sync, and what it describes is kept', async () => {
    const { made, schema, source } = await opened({})
    expect((await discoverSchema(schema, source, hooks.signal)).tracking).toBe('changes')
    expect(await findSchema(made.workspaceId, schema.id)).toMatchObject({ discovered: { name: 'things', tracking: 'changes', isOpen: true } })
  })

  test('that no longer knows a schema fails its run with that reason', async () => {
    const { schema, source } = await opened({ describe: () => null })
    await expect(discoverSchema(schema, source, hooks.signal)).rejects.toMatchObject({ code: 'missing_table' })
  })

  test('gets the listing with the next sync after it is due', async () => {
    const { made, schema, source } = await opened({})
    const discovered = await discoverSchema(schema, source, hooks.signal)
    const run = { runId: id, fence: 1, workspaceId: made.workspaceId, sourceId: made.sourceId, schemaId: schema.id, trigger: 'schedule', isFull: false, isVerify: false, isRepair: false, skipsBrake: false, attempt: 1 } as const
    expect(syncJob(run, schema, discovered, source, hooks)).toMatchObject({ isListingDue: true, isFull: false })
    await updateSchemas(made.workspaceId, [schema.id], { reconcileFrequency: null })
    const off = await findSchema(made.workspaceId, schema.id)
    expect(off && syncJob(run, off, discovered, source, hooks)).toMatchObject({ isListingDue: false })
  })
})

describe('a table of a database', () => {
  const table = { ...new TrackedSource().discovered, kind: 'table' as const, tracking: undefined, isOpen: undefined, isComparable: true, primaryKey: ['id'] }

  async function jobOf(set: Partial<SchemaRow>, wish: { isVerify?: boolean; isRepair?: boolean; isFull?: boolean } = {}, discovered: Partial<typeof table> = {}) {
    const made = await makeSource(1, { keyColumns: ['id'], method: 'incremental', reconcileFrequency: 'day' })
    const [schema, source] = await Promise.all([findSchema(made.workspaceId, String(made.schemaIds[0])), findSource(made.workspaceId, made.sourceId)])
    if (!schema || !source) throw new Error('made above')
    const run = { runId: id, fence: 1, workspaceId: made.workspaceId, sourceId: made.sourceId, schemaId: schema.id, trigger: 'schedule', isFull: false, isVerify: false, isRepair: false, skipsBrake: false, attempt: 1, ...wish } as const
    return syncJob(run, { ...schema, ...set }, { ...table, ...discovered }, { source, connector: new TrackedSource().connector, config: {} }, hooks)
  }

  test('is compared when it is time, and mended; with reconciliation off it is only told', async () => {
    expect((await jobOf({ currentVersion: 1 })).compare).toEqual({ proves: null, isDue: true, mends: true })
    expect((await jobOf({})).compare).toEqual({ proves: null, isDue: false, mends: true })
    expect((await jobOf({ currentVersion: 1 }, { isFull: true })).compare).toEqual({ proves: null, isDue: false, mends: true })
    expect((await jobOf({ reconciledAt: new Date() })).compare).toEqual({ proves: null, isDue: false, mends: true })
    expect((await jobOf({ reconcileFrequency: null, proves: false })).compare).toEqual({ proves: false, isDue: false, mends: false })
    expect((await jobOf({ method: 'full', reconcileFrequency: 'day' })).compare).toEqual({ proves: null, isDue: false, mends: false })
  })

  test('is not reconciled by other keys than its own, and not compared where the source cannot be asked', async () => {
    expect((await jobOf({ keyColumns: ['other'] })).compare).toEqual({ proves: null, isDue: false, mends: false })
    expect((await jobOf({}, {}, { isComparable: false })).compare).toBeUndefined()
  })

  test('verify tells and never mends, repair mends whatever is set, and neither reads a full table', async () => {
    expect(await jobOf({}, { isVerify: true })).toMatchObject({ compare: { isDue: true, mends: false }, isCompareOnly: false })
    expect(await jobOf({ reconcileFrequency: null }, { isVerify: true, isRepair: true })).toMatchObject({ compare: { isDue: true, mends: true, isRepair: true }, isCompareOnly: false })
    expect(await jobOf({ method: 'full' }, { isRepair: true })).toMatchObject({ compare: { isDue: true, mends: true }, isCompareOnly: true })
    expect(await jobOf({ method: 'full' }, { isRepair: true, isFull: true })).toMatchObject({ isCompareOnly: false })
  })
})
