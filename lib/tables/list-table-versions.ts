import { AppError } from '@/lib/core/errors'
import { findSchema } from '@/lib/db/schemas'
import { listTableVersionRows, sumOldBytes, type TableVersionRow } from '@/lib/db/table-versions'
import { findTable } from './find-table'
import type { RetentionView, TableVersions, VersionView } from './versions-schema'
import { retentionOver, workspaceRetention } from './workspace-retention'

/** The kept versions of a table, newest first, with what made each of them and how long they are kept. AppError not_found. */
export async function listTableVersions(workspaceId: string, schemaId: string): Promise<TableVersions> {
  const table = await findTable(workspaceId, schemaId)
  const [rows, retention] = await Promise.all([listTableVersionRows(workspaceId, schemaId), retentionOf(workspaceId, schemaId)])
  const version = rows.find(({ isCurrent }) => isCurrent)?.number ?? null
  return { table: { ...table, version }, versions: rows.map((row, place) => toView(row, rows[place + 1])), retention }
}

/** How long versions of the table are kept. */
export async function retentionOf(workspaceId: string, schemaId: string): Promise<RetentionView> {
  const [schema, usual, oldBytes] = await Promise.all([findSchema(workspaceId, schemaId), workspaceRetention(workspaceId), sumOldBytes(workspaceId, schemaId)])
  if (!schema) throw new AppError('not_found', { title: 'This table does not exist', advice: 'Its source may have been deleted' })
  return { ...retentionOver(schema, usual), oldBytes }
}

function toView({ told, createdAt, kind, ...row }: TableVersionRow, before: TableVersionRow | undefined): VersionView {
  const isSync = kind === 'sync'
  return {
    ...row,
    kind,
    createdAt: createdAt.toISOString(),
    rowsBefore: before?.rows ?? (row.number === 1 ? 0 : null),
    inserted: isSync ? (told?.inserted ?? null) : null,
    updated: isSync ? (told?.updated ?? null) : null,
    deleted: isSync ? (told?.deleted ?? null) : null,
    fullReason: isSync ? (told?.fullReason ?? null) : null,
    method: isSync ? (told?.method ?? null) : null,
  }
}
