import { updateWorkspace } from '@/lib/db/workspaces'
import { requireOwner } from './require-owner'
import type { Viewer } from './schema'

/** Turn the data warehouse on or off for the viewer's workspace. Owners only. */
export async function setPreview(viewer: Viewer, previews: { dataWarehouse: boolean }): Promise<void> {
  requireOwner(viewer, 'Only an owner of the workspace turns previews on or off')
  await updateWorkspace(viewer.workspaceId, { dataWarehouse: previews.dataWarehouse })
}
