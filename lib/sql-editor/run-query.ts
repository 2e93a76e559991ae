import type { AsOf } from '@/lib/core/as-of'
import { toErrorView } from '@/lib/core/errors'
import { insertQueryRun } from '@/lib/db/queries'
import { tableCatalogue } from '@/lib/tables/table-catalogue'
import { runReadOnly } from '@/lib/warehouse/query/run-read-only'
import type { QueryResult } from './schema'

/** How many queries of a user the history remembers. */
const KEPT_RUNS = 500

/**
 * Run one SELECT over the workspace's tables, as they are now or as of a time or a version; then the result says what was read. Throws QueryError: `query` with a position where one is known, `cancelled`,
 * `timeout`. With a user, the query is written into their history, whatever became of it.
 */
export async function runQuery(workspaceId: string, input: { sql: string; rowLimit: number; asOf?: AsOf | null }, signal?: AbortSignal, userId?: string): Promise<QueryResult> {
  const startedAt = new Date()
  const remember = async (rows: number | null, error: string | null): Promise<void> => {
    if (!userId) return
    await insertQueryRun(workspaceId, userId, { sql: input.sql, asOf: input.asOf ?? undefined, startedAt, durationMs: Date.now() - startedAt.getTime(), rows, error }, KEPT_RUNS)
  }
  try {
    const catalogue = tableCatalogue(workspaceId, input.asOf)
    const result = await runReadOnly(catalogue, input.sql, { rowLimit: input.rowLimit, signal, queueKey: workspaceId })
    await remember(result.rows.length, null)
    return input.asOf ? { ...result, asOf: catalogue.readAsOf() } : result
  } catch (error) {
    await remember(null, toErrorView(error).title)
    throw error
  }
}
