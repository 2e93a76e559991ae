import { listTableRows } from '@/lib/db/tables'
import { dottedName } from './dotted-name'
import type { TableView } from './schema'

/** Every table of the workspace that can be queried, by name. */
export async function listTables(workspaceId: string): Promise<TableView[]> {
  const rows = await listTableRows(workspaceId)
  return rows.map(({ tableName, prefix, lastSyncedAt, ...row }) => ({
    ...row,
    name: tableName,
    dottedName: dottedName(tableName, prefix, row.connector),
    lastSyncedAt: lastSyncedAt?.toISOString() ?? null,
  }))
}
