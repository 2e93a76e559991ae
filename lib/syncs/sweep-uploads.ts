import { removeFolder } from '@/lib/connectors/upload/folder'
import { idleFolders, keptSince, removeLeftovers } from '@/lib/connectors/upload/sweep-folders'
import { listSources } from '@/lib/db/sources'
import { listKnownWorkspaceIds } from '@/lib/db/version-retention'

/**
 * Remove uploaded files that no source names, and what uploads left that were never finished, once nobody touched their folder for a day. A folder of a workspace that is not
 * known stays: it is another database's. Gives how much was removed.
 */
export async function sweepUploads(before = keptSince()): Promise<{ files: number; bytes: number }> {
  const swept = { files: 0, bytes: 0 }
  for await (const { id, workspaceId } of idleFolders(before)) {
    if (!(await listKnownWorkspaceIds([workspaceId])).has(workspaceId)) continue
    const isNamed = (await listSources(workspaceId)).some(({ config }) => config.folder === id)
    const removed = isNamed ? await removeLeftovers(id, before) : await removeFolder(id)
    swept.files += removed.files
    swept.bytes += removed.bytes
  }
  return swept
}
