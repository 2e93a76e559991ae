import type { Viewer } from '@/lib/workspace/schema'
import { listTables } from './list-tables'
import type { TableView } from './schema'

/** The tables of the viewer's workspace, for the tree and the completion of the SQL screen. */
export function loadTables(viewer: Viewer): Promise<TableView[]> {
  return listTables(viewer.workspaceId)
}
