import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { findKeptVersions } from '@/lib/db/workspaces'
import type { Retention, WorkspaceRetention } from './versions-schema'

/** How long versions are kept in the workspace, where their table does not say it. AppError not_found. */
export async function workspaceRetention(workspaceId: string): Promise<WorkspaceRetention> {
  const found = await findKeptVersions(workspaceId)
  if (!found) throw noSuchWorkspace()
  return { ...retentionOver(found, { versions: limits.keptVersions, days: limits.keptVersionDays }), ownTables: found.ownTables }
}

/** What somebody says of its own, over what holds otherwise. */
export function retentionOver({ keptVersions, keptVersionDays }: { keptVersions: number | null; keptVersionDays: number | null }, usual: Pick<Retention, 'versions' | 'days'>): Retention {
  return { versions: keptVersions ?? usual.versions, days: keptVersionDays ?? usual.days, isOwnVersions: keptVersions !== null, isOwnDays: keptVersionDays !== null, usualVersions: usual.versions, usualDays: usual.days }
}

export function noSuchWorkspace(): AppError {
  return new AppError('not_found', { title: 'This workspace does not exist', advice: 'It may have been deleted' })
}
