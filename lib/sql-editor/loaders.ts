import { findSavedQuery, listQueryRuns, listSavedQueries } from '@/lib/db/queries'
import { loadTables } from '@/lib/tables/loaders'
import type { TableView } from '@/lib/tables/schema'
import { warmUpQueries } from '@/lib/warehouse/query/query-queue'
import type { Viewer } from '@/lib/workspace/schema'
import type { QueryRunView, SavedQueryView } from './schema'

const SHOWN_RUNS = 100

export interface SqlSidebar {
  saved: SavedQueryView[]
  runs: QueryRunView[]
}

/** The saved queries of the workspace and the viewer's own history. */
export async function loadSqlSidebar(viewer: Viewer): Promise<SqlSidebar> {
  const [saved, runs] = await Promise.all([listSavedQueries(viewer.workspaceId), listQueryRuns(viewer.workspaceId, viewer.userId, SHOWN_RUNS)])
  return {
    saved: saved.map((query) => ({ ...query, updatedAt: query.updatedAt.toISOString() })),
    runs: runs.map((run) => ({ ...run, startedAt: run.startedAt.toISOString() })),
  }
}

/** A saved query by its id; undefined when it is gone. Whoever opens the screen will soon run something: a process is made ready. */
export async function loadSqlScreen(viewer: Viewer, savedQueryId: string | undefined): Promise<{ opened: { id: string; name: string; sql: string } | undefined; sidebar: SqlSidebar }> {
  warmUpQueries()
  const [opened, sidebar] = await Promise.all([savedQueryId ? findSavedQuery(viewer.workspaceId, savedQueryId) : null, loadSqlSidebar(viewer)])
  return { opened: opened ?? undefined, sidebar }
}

/** The tables that the tree shows and the completion offers. */
export function loadSqlTables(viewer: Viewer): Promise<TableView[]> {
  return loadTables(viewer)
}
