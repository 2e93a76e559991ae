import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceSnapshot, TablesConnector } from '@/lib/connectors/contract'
import { findProof } from '@/lib/db/proofs'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { bothTables } from '@/test/parts-room'
import { makeSchema, snapshotOf, sync, type JobChange, type Schema, type SyncSource } from '@/test/sync-room'
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

const ROWS = 3000
const incremental = { method: 'incremental', replicationKey: 'changed' } as const
const full = { method: 'full', replicationKey: null } as const
const repair = { compare: { proves: null, isDue: true, mends: true, isRepair: true } } as const
const reconciliation = { compare: { proves: null, isDue: true, mends: true } } as const
const asked = { compare: { proves: null, isDue: true, mends: false }, isCompareOnly: true } as const

/** At which question the server ends the session: the nth for checksums, or the one for rows. */
type Cut = { summary: number } | 'rows'

function cutAt(cut: Cut, connector: TablesConnector): TablesConnector {
  let asked = 0
  const end = () => room.client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database()`)
  const changed = (moment: SourceSnapshot): SourceSnapshot => ({
    close: () => moment.close(),
    async *read(request) {
      if (cut === 'rows' && request.within) await end()
      yield* moment.read(request)
    },
    async summarise(request) {
      if (cut !== 'rows' && asked++ === cut.summary) await end()
      return moment.summarise?.(request) ?? Promise.reject(new Error('It cannot be compared'))
    },
  })
  return { ...connector, openSnapshot: async (...args) => {
    const moment = await connector.openSnapshot?.(...args)
    if (!moment) throw new Error('There is no snapshot')
    return changed(moment)
  } }
}

/** Synced and known to differ; more has changed since, part of which an incremental sync sees. */
async function differing(name: string, method: typeof incremental | typeof full): Promise<{ schema: Schema; source: SyncSource; sync(change: JobChange): Promise<SyncReport> }> {
  await room.run(`CREATE TABLE ${name} (id int primary key, changed int, text text); INSERT INTO ${name} SELECT n, n, 'row ' || n FROM generate_series(1, ${ROWS}) n`)
  const [schema, source] = [await makeSchema(), await room.table(name)]
  const again = (change: JobChange) => sync(schema, source, { ...source.change, ...method, ...change })
  await again({ compare: { proves: false, isDue: false, mends: false } })
  await room.run(`DELETE FROM ${name} WHERE id IN (5, 2000); UPDATE ${name} SET text = 'quietly' WHERE id = 1000`)
  await again({ compare: { proves: true, isDue: true, mends: false }, isCompareOnly: true })
  await room.run(`INSERT INTO ${name} VALUES (9000, 9000, 'seen')`)
  return { schema, source, sync: again }
}

const isOfSource = (schema: Schema, name: string) => bothTables(room, schema, name).then(({ ours, source }) => ours.join('\n') === source.join('\n'))

describe('a repair whose comparison is cut off by its source', () => {
  it.each<[string, string, typeof incremental | typeof full, Cut]>([
    ['incremental, at the first question', 'asked', incremental, { summary: 0 }],
    ['incremental, while rows are fetched', 'fetched', incremental, 'rows'],
    ['incremental, when what was mended is compared once more', 'proven', incremental, { summary: 1 }],
    ['full, at the first question', 'whole_asked', full, { summary: 0 }],
    ['full, while rows are fetched', 'whole_fetched', full, 'rows'],
    ['full, when what was mended is compared once more', 'whole_proven', full, { summary: 1 }],
  ])('%s: has failed in words, may be tried again, and leaves the table and its difference; the next one repairs it', async (_, name, method, cut) => {
    const table = await differing(name, method)
    const { schema, source } = table
    const isCompareOnly = method === full
    await expect(table.sync({ ...repair, isCompareOnly, connector: cutAt(cut, source.connector) })).rejects.toMatchObject({
      isRetryable: true, title: 'things was not repaired', advice: expect.stringContaining('It is tried again'),
      detail: expect.stringMatching(/^The (server ended the connection|connection to the server was lost): .+\. The table stays as it was$/),
    })
    expect(await snapshotOf(schema)).toMatchObject({ version: 1, rows: ROWS })
    expect(await findProof(schema.workspaceId, schema.schemaId)).toMatchObject({ outcome: 'differs', differences: { gone: 2, missing: 0, different: 1 } })
    expect(await table.sync({ ...repair, isCompareOnly })).toMatchObject({ rows: ROWS - 1, proof: { outcome: 'verified', reconciled: { deleted: 2 } } })
    expect(await isOfSource(schema, name)).toBe(true)
  })

  it('a reconciliation that was due beside a sync leaves what the sync alone brings, and the next one mends it', async () => {
    const table = await differing('beside', incremental)
    const report = await table.sync({ ...reconciliation, connector: cutAt('rows', table.source.connector) })
    expect(report).toMatchObject({ version: 2, inserted: 1, deleted: 0, proof: { outcome: 'failed' } })
    expect(await table.sync(reconciliation)).toMatchObject({ proof: { outcome: 'verified', reconciled: { deleted: 2, fetched: 1 } } })
    expect(await isOfSource(table.schema, 'beside')).toBe(true)
  })
})

it('a comparison that was asked for by itself and is cut off has failed, and takes nothing away', async () => {
  const table = await differing('verified', full)
  const { schema, source } = table
  await expect(table.sync({ ...asked, connector: cutAt('rows', source.connector) })).rejects.toMatchObject({ isRetryable: true, title: 'things was not compared with its source' })
  expect(await findProof(schema.workspaceId, schema.schemaId)).toMatchObject({ outcome: 'differs', differences: { gone: 2 } })
  expect(await table.sync(asked)).toMatchObject({ isChanged: false, proof: { outcome: 'differs', differences: { gone: 2, missing: 1, different: 1 } } })
})
