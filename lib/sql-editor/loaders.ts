import type { z } from 'zod'
import { toErrorView } from '@/lib/core/errors'
import { findSavedQuery, listQueryRuns, listSavedQueries } from '@/lib/db/queries'
import { loadTables } from '@/lib/tables/loaders'
import type { TableView } from '@/lib/tables/schema'
import { openKeptExport, type KeptExport } from '@/lib/warehouse/query/kept-exports'
import { QueryError } from '@/lib/warehouse/query/query-error'
import { warmUpQueries } from '@/lib/warehouse/query/query-queue'
import type { Viewer } from '@/lib/workspace/schema'
import { keepExport } from './keep-export'
import { runQuery } from './run-query'
import type { AsOf, ExportFormat, ExportInput, FinishedExport, QueryFailure, QueryResult, QueryRunView, RunQueryInput, SavedQueryView } from './schema'

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
export async function loadSqlScreen(viewer: Viewer, savedQueryId: string | undefined): Promise<{ opened: { id: string; name: string; sql: string; asOf: AsOf | null } | undefined; sidebar: SqlSidebar }> {
  warmUpQueries()
  const [opened, sidebar] = await Promise.all([savedQueryId ? findSavedQuery(viewer.workspaceId, savedQueryId) : null, loadSqlSidebar(viewer)])
  return { opened: opened ?? undefined, sidebar }
}

/** The tables that the tree shows and the completion offers. */
export function loadSqlTables(viewer: Viewer): Promise<TableView[]> {
  return loadTables(viewer)
}

/** Run the viewer's query; it goes into their history. A query's own failure is an answer, everything else is thrown. */
export function loadQueryResult(viewer: Viewer, input: z.output<typeof RunQueryInput>, signal: AbortSignal): Promise<QueryResult | QueryFailure> {
  warmUpQueries()
  return answered(() => runQuery(viewer.workspaceId, input, signal, viewer.userId))
}

/** Export the viewer's query into a file that `loadExport` gives out for an hour. */
export function loadFinishedExport(viewer: Viewer, input: z.output<typeof ExportInput>, signal: AbortSignal): Promise<FinishedExport | QueryFailure> {
  return answered(() => keepExport(viewer.workspaceId, input, signal))
}

/** A finished export of the viewer's workspace. AppError not_found. */
export function loadExport(viewer: Viewer, id: string, format: ExportFormat): Promise<KeptExport> {
  return openKeptExport(viewer.workspaceId, id, format)
}

async function answered<T>(run: () => Promise<T>): Promise<T | QueryFailure> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { error: toErrorView(error), position: error.position }
  }
}
