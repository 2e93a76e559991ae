import { updateWorkspace } from '@/lib/db/workspaces'
import type { WorkspaceRetentionInput } from './versions-schema'
import { noSuchWorkspace } from './workspace-retention'

/** Change how long versions are kept in the workspace, where their table does not say it. What is past it goes with the next sweep. AppError not_found. */
export async function changeWorkspaceRetention(workspaceId: string, { versions, days }: WorkspaceRetentionInput): Promise<void> {
  const change = { ...(versions === undefined ? {} : { keptVersions: versions }), ...(days === undefined ? {} : { keptVersionDays: days }) }
  if (!(await updateWorkspace(workspaceId, change))) throw noSuchWorkspace()
}
