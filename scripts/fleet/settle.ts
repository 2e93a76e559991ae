import { setTimeout as wait } from 'node:timers/promises'
import { listActiveRuns } from '@/lib/db/runs'
import { startSync } from '@/lib/syncs/start-sync'
import type { Random } from '../simulate/random'
import { withClient } from './source-table'
import type { Tenant } from './tenants'

const LOOK_MS = 2_000
/** Asked for at once, by somebody in a hurry. */
const HURRIED = 5

/** Asks for syncs now and then, as people do, so that tables are synced more often than every five minutes. */
export async function hurry(tenants: Tenant[], random: Random): Promise<void> {
  const tenant = tenants[random.below(tenants.length)]!
  const tables = tenant.sources.flatMap((source) => source.tables)
  await startSync(tenant.workspaceId, Array.from({ length: Math.min(HURRIED, tables.length) }, () => tables[random.below(tables.length)]!.schemaId), { isFull: false, trigger: 'manual' })
}

/** How many tables have data. */
export async function countFilled(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => (await client.query<{ count: number }>('SELECT count(*)::int AS count FROM "SourceSchema" WHERE "currentVersion" IS NOT NULL')).rows[0]?.count ?? 0)
}

/** Has every table synced once more, from now on, whatever became of runs before. Gives those that would not, after so long. */
export async function syncAllOnceMore(databaseUrl: string, tenants: Tenant[], withinMs: number, signal: AbortSignal, say: (words: string) => void): Promise<string[]> {
  const since = new Date()
  for (const deadline = Date.now() + withinMs; ; ) {
    const left = await unsynced(databaseUrl, since)
    if (!left.length || Date.now() > deadline) return left.map(({ name, words }) => `${name}: ${words}`)
    await Promise.all(tenants.map((tenant) => startThose(tenant, new Set(left.map(({ id }) => id)))))
    say(`  ${left.length} tables to go`)
    await wait(LOOK_MS * 5, undefined, { signal })
  }
}

/** Those that wait, for a retry or for nothing, come now; those that are on are left to it. */
async function startThose({ workspaceId, sources }: Tenant, wanted: Set<string>): Promise<void> {
  const schemaIds = sources.flatMap((source) => source.tables.map((table) => table.schemaId)).filter((id) => wanted.has(id))
  const active = await listActiveRuns(workspaceId, schemaIds)
  const waiting = new Set(active.filter((run) => run.status === 'running' || run.notBefore <= new Date()).map((run) => run.schemaId))
  const ids = schemaIds.filter((id) => !waiting.has(id))
  if (ids.length) await startSync(workspaceId, ids, { isFull: false, trigger: 'manual' })
}

async function unsynced(databaseUrl: string, since: Date): Promise<{ id: string; name: string; words: string }[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string; name: string; words: string }>(`
      SELECT s."id", s."tableName" AS name, COALESCE((SELECT r."status"::text || ' ' || COALESCE(r."error"->>'title', '') FROM "SyncRun" r WHERE r."schemaId" = s."id" ORDER BY r."queuedAt" DESC LIMIT 1), 'never') AS words
      FROM "SourceSchema" s WHERE NOT EXISTS (SELECT 1 FROM "SyncRun" r WHERE r."schemaId" = s."id" AND r."status" = 'completed' AND r."startedAt" > $1)`, [since])
    return rows
  })
}
