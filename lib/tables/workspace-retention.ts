import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { findKeptVersions } from '@/lib/db/workspaces'
import type { WorkspaceRetention } from './versions-schema'

/** How long versions are kept in the workspace, where their table does not say it. AppError not_found. */
export async function workspaceRetention(workspaceId: string): Promise<WorkspaceRetention> {
  const found = await findKeptVersions(workspaceId)
  if (!found) throw noSuchWorkspace()
  const { keptVersions, keptVersionDays, ownTables } = found
  return { versions: keptVersions ?? limits.keptVersions, days: keptVersionDays ?? limits.keptVersionDays, isOwnVersions: keptVersions !== null, isOwnDays: keptVersionDays !== null, usualVersions: limits.keptVersions, usualDays: limits.keptVersionDays, ownTables }
}

export function noSuchWorkspace(): AppError {
  return new AppError('not_found', { title: 'This workspace does not exist', advice: 'It may have been deleted' })
}
