import { updateWorkspace } from '@/lib/db/workspaces'
import { requireOwner } from './require-owner'
import type { Viewer } from './schema'

/** Give the viewer's workspace another name. Owners only. */
export async function renameWorkspace(viewer: Viewer, name: string): Promise<void> {
  requireOwner(viewer, 'Only an owner renames the workspace')
  await updateWorkspace(viewer.workspaceId, { name })
}
