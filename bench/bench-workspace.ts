import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { projectFolder, setEnv } from '@/lib/core/env'
import { startEmbeddedPostgres } from '@/lib/db/embedded/server'
import { createDatabase, openDatabase } from '@/lib/db/open-database'
import { listSchemas } from '@/lib/db/schemas'
import { changeSchemas } from '@/lib/sources/change-schemas'
import { linkSource } from '@/lib/sources/link-source'
import { firstWorkspace } from '@/lib/workspace/first-workspace'
import { WORKER_NODE_OPTIONS, workerEnvironment } from '@/worker/process-options'
import { benchTableName, makeBenchTable } from './bench-table'

const run = promisify(execFile)

/** Of the table that each process syncs before the one that is raced. */
const FEW_ROWS = 1_000

const SyncResult = z.object({
  outcome: z.string(),
  seconds: z.number(),
  peakMegabytes: z.number(),
  report: z
    .object({
      rowsRead: z.number(), inserted: z.number(), updated: z.number(), deleted: z.number(), bytes: z.number(), isChanged: z.boolean(), seconds: z.record(z.string(), z.number()), totalSeconds: z.number(),
      proof: z.object({ outcome: z.string(), ranges: z.number(), rangesRead: z.number(), bytes: z.number(), seconds: z.number() }).optional(),
    })
    .nullable(),
  error: z.unknown(),
})
export type SyncResult = z.infer<typeof SyncResult>

export interface Bench {
  workspaceId: string
  /** The database that is synced. */
  sourceUrl: string
  /** Links the table as a source of its own, under that name; gives the source's id. */
  link(table: string, name: string): Promise<string>
  /** Links the charges of an emulated Stripe account; gives the source's id. */
  linkStripe(name: string, account: { url: string; key: string }): Promise<string>
  /**
   * In a process like a worker's, that has synced another table before: a worker is started once, and syncs for weeks. `repair`: an incremental
   * sync that compares the table with its source, and mends what differs.
   */
  sync(sourceId: string, table: string, mode: 'full' | 'incremental' | 'repair'): Promise<SyncResult>
  /** Is the source's table proven after each sync? A linked one is not, nor reconciled, which is due with the first sync: the races are about syncs alone. */
  prove(sourceId: string, proves: boolean): Promise<void>
  close(): Promise<void>
}

/**
 * A data folder of its own with a database to sync from; all gone at the end. With `keep` that database is on a server of its own in that folder, and
 * stays: the big tables take longer to make than to race.
 */
export async function startBench(keep?: string): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tributary-bench-'))
  setEnv({ TRIBUTARY_DATA: path.join(folder, 'data'), LOG_LEVEL: 'warn' })
  const server = await startEmbeddedPostgres()
  const database = await openDatabase()
  const source = keep ? await startEmbeddedPostgres(keep) : server
  await createDatabase(source.urlFor('postgres'), 'bench')
  const sourceUrl = source.urlFor('bench')
  const { id: workspaceId } = await firstWorkspace()
  const prove = async (sourceId: string, proves: boolean) => changeSchemas(workspaceId, { schemaIds: (await listSchemas(workspaceId, { sourceId })).filter(({ method }) => method === 'incremental').map(({ id }) => id), change: { proves, reconcileFrequency: null } })
  const link = async (table: string, name: string) => {
    const config = { connection_string: `${sourceUrl}?sslmode=disable`, schema: 'public' }
    const linked = await linkSource(workspaceId, { connector: 'postgres', name, prefix: name, config, schemas: [{ name: table, method: 'incremental', replicationKey: 'updated_at', columnNames: null }] })
    await prove(linked.sourceId, false)
    return linked.sourceId
  }
  const before = { sourceId: await link(await makeBenchTable(sourceUrl, FEW_ROWS), 'before'), table: benchTableName(FEW_ROWS) }
  return {
    workspaceId,
    sourceUrl,
    link,
    prove,
    async linkStripe(name, { url, key }) {
      const schemas = [{ name: 'charges', method: 'incremental' as const, replicationKey: null, columnNames: null }]
      const linked = await linkSource(workspaceId, { connector: 'stripe', name, prefix: name, config: { api_key: key, base_url: url }, schemas })
      return linked.sourceId
    },
    async sync(sourceId, table, mode) {
      const script = path.join(projectFolder(), 'bench', 'sync-once.ts')
      const { stdout } = await run(process.execPath, [...WORKER_NODE_OPTIONS, '--import', 'tsx', script, workspaceId, sourceId, table, mode, before.sourceId, before.table], { env: workerEnvironment(process.env), maxBuffer: 64 * 1024 * 1024 })
      const result = SyncResult.parse(JSON.parse(stdout))
      if (result.outcome !== 'completed') throw new Error(`the sync of ${table} ended as ${result.outcome}: ${JSON.stringify(result.error)}`)
      return result
    },
    async close() {
      await database.close()
      await server.release()
      if (keep) await source.release()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
