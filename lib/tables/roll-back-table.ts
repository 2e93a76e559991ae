import { commitRollBack } from '@/lib/db/roll-back'
import { listActiveRuns } from '@/lib/db/runs'
import { cancelSync } from '@/lib/syncs/cancel-sync'
import { findTable } from './find-table'
import type { RollBackInput } from './versions-schema'

export interface RolledBack {
  table: string
  /** The new version, and the one whose rows it has. */
  version: number
  restored: number
  rows: number
  isEnabled: boolean
}

/**
 * Make an older version of a table current again, as one more version with its rows and its cursor: the next sync goes on from there and brings what the source
 * has changed since. `stopsSyncing` switches the schema's syncing off in the same step. Throws `conflict` while a sync is on or when the table has changed since
 * `from`, and `not_found`.
 */
export async function rollBackTable(workspaceId: string, { schemaId, to, from, stopsSyncing }: RollBackInput, actor: string): Promise<RolledBack> {
  const table = await findTable(workspaceId, schemaId)
  const rolledBack = await commitRollBack({ workspaceId, schemaId, to, from, actor, stopsSyncing })
  // a run that waits would bring back at its turn what has just gone
  if (stopsSyncing) for (const run of await listActiveRuns(workspaceId, [schemaId])) await cancelSync(workspaceId, run.id)
  return { table: table.name, ...rolledBack, restored: to, isEnabled: table.isEnabled && !stopsSyncing }
}
