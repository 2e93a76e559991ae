import { z } from 'zod'
import { newId } from '@/lib/core/ids'
import { listSchemas } from '@/lib/db/schemas'
import { findRun } from '@/lib/db/runs'
import { findSnapshot } from '@/lib/db/versions'
import { linkSource } from '@/lib/sources/link-source'
import { runSync } from '@/lib/syncs/run-sync'
import { startSync } from '@/lib/syncs/start-sync'
import { openEngine } from '@/lib/warehouse/duckdb'
import { scanSql } from '@/lib/warehouse/scan-sql'
import { makeScratch } from '@/lib/warehouse/scratch'
import { findOrInsertFirstWorkspace } from '@/lib/db/workspaces'
import { stripe } from '@/lib/connectors/stripe/connector'
import type { StripeServer } from './servers/stripe/types'

const SYNCS_AT_ONCE = 3
const OWN = ['_synced_at', '_run_id']

const Report = z.object({ schema: z.string(), fullReason: z.string().nullable(), rowsRead: z.number(), inserted: z.number(), updated: z.number(), deleted: z.number(), isChanged: z.boolean() })
type Report = z.infer<typeof Report>

/** An emulated account, linked and synced as the product does it: through sources, runs and the warehouse. */
export interface LinkedAccount {
  workspaceId: string
  sourceId: string
  /** One sync of every schema, or of the named ones; throws at the first that does not complete. Gives the reports by schema. */
  sync(only?: string[]): Promise<Map<string, Report>>
}

/** Links every schema of the account: what follows changes incrementally, the rest as a full table. */
export async function linkAccount(server: StripeServer, prefix: string): Promise<LinkedAccount> {
  const { id: workspaceId } = await findOrInsertFirstWorkspace('Test')
  const config = { api_key: server.key, base_url: server.url }
  const discovered = await stripe.discover(stripe.config.parse(config), new AbortController().signal)
  const schemas = discovered.map(({ name, tracking }) => ({ name, method: tracking === 'changes' ? ('incremental' as const) : ('full' as const), replicationKey: null, columnNames: null }))
  const { sourceId } = await linkSource(workspaceId, { connector: 'stripe', name: prefix, prefix, config, schemas })
  return {
    workspaceId,
    sourceId,
    async sync(only) {
      const rows = (await listSchemas(workspaceId, { sourceId })).filter(({ name }) => !only || only.includes(name))
      const reports = new Map<string, Report>()
      const left = [...rows]
      const work = async () => {
        for (let row = left.shift(); row; row = left.shift()) reports.set(row.name, await syncOne(workspaceId, row))
      }
      await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, work))
      return reports
    },
  }
}

async function syncOne(workspaceId: string, { id, name }: { id: string; name: string }): Promise<Report> {
  const { runIds } = await startSync(workspaceId, [id], { isFull: false, trigger: 'manual', isEnqueued: false })
  const outcome = await runSync(runIds[0] ?? '', { owner: 'test' })
  const run = await findRun(workspaceId, runIds[0] ?? '')
  if (outcome !== 'completed') throw new Error(`the sync of ${name} ended as ${outcome}: ${JSON.stringify(run?.error)}`)
  return Report.parse(run?.report)
}

/** In which schemas, and by how many rows, the tables of two linked accounts differ; rows that a list forgot count as not there. */
export async function tableDifferences(one: LinkedAccount, other: LinkedAccount): Promise<string[]> {
  const [ones, others] = await Promise.all([listSchemas(one.workspaceId, { sourceId: one.sourceId }), listSchemas(other.workspaceId, { sourceId: other.sourceId })])
  const [engine, scratch] = await Promise.all([openEngine(new AbortController().signal), makeScratch(newId())])
  const found: string[] = []
  try {
    for (const { id, name } of ones) {
      const twin = others.find((schema) => schema.name === name)
      const [left, right] = await Promise.all([findSnapshot(one.workspaceId, id), twin ? findSnapshot(other.workspaceId, twin.id) : null])
      if (!left || !right) {
        found.push(`${name} was not synced`)
        continue
      }
      const names = [...new Set([...left.columns, ...right.columns].map((column) => column.name))].filter((column) => !OWN.includes(column))
      const local = await scratch.hold([left, right].flatMap(({ dataFiles, deleteFiles }) => [...dataFiles, ...deleteFiles]))
      const rows = (snapshot: typeof left) => {
        const has = new Set(snapshot.columns.map((column) => column.name))
        return `SELECT ${names.map((column) => (has.has(column) ? `CAST("${column}" AS VARCHAR)` : 'CAST(NULL AS VARCHAR)')).join(', ')} FROM (${scanSql(snapshot, local)})`
      }
      const [extra] = await engine.rows(`SELECT count(*) FROM (${rows(left)} EXCEPT ALL ${rows(right)})`)
      const [missing] = await engine.rows(`SELECT count(*) FROM (${rows(right)} EXCEPT ALL ${rows(left)})`)
      const [surplus, lacking] = [Number(extra?.[0]), Number(missing?.[0])]
      if (lacking > 0 || (surplus > 0 && name !== 'events')) found.push(`${name}: ${surplus} rows too many, ${lacking} missing, of ${right.rows}`)
    }
  } finally {
    await engine.close()
    await scratch.remove()
  }
  return found
}
