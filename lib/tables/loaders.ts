import { AppError } from '@/lib/core/errors'
import type { Viewer } from '@/lib/workspace/schema'
import { compareTableVersions } from './compare-table-versions'
import { findTable } from './find-table'
import { listTableVersions } from './list-table-versions'
import { listTables } from './list-tables'
import type { TableView } from './schema'
import { ComparisonQuery, type ComparisonView, type TableNames, type TableVersions, type WorkspaceRetention } from './versions-schema'
import { workspaceRetention } from './workspace-retention'

/** The tables of the viewer's workspace, for the tree and the completion of the SQL screen. */
export function loadTables(viewer: Viewer): Promise<TableView[]> {
  return listTables(viewer.workspaceId)
}

/** One table by its names; `not_found` when the workspace has none of this id. */
export function loadTable(viewer: Viewer, schemaId: string): Promise<TableNames> {
  return findTable(viewer.workspaceId, schemaId)
}

/** The kept versions of a table, with how long they are kept; `not_found`. */
export function loadTableVersions(viewer: Viewer, schemaId: string): Promise<TableVersions> {
  return listTableVersions(viewer.workspaceId, schemaId)
}

/** How long versions are kept in the viewer's workspace. */
export function loadWorkspaceRetention(viewer: Viewer): Promise<WorkspaceRetention> {
  return workspaceRetention(viewer.workspaceId)
}

/** What changed between two versions, as an address asks for it. Throws as `compareTableVersions` does, and `invalid`. */
export function loadComparison(viewer: Viewer, schemaId: string, query: Record<string, string>, signal: AbortSignal): Promise<ComparisonView> {
  const read = ComparisonQuery.safeParse(query)
  if (!read.success) throw new AppError('invalid', { title: 'These versions cannot be compared', detail: 'Their address was changed by hand', advice: 'Choose them in the list of versions' }, { cause: read.error })
  return compareTableVersions(viewer.workspaceId, { schemaId, ...read.data }, signal)
}
