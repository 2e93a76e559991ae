import { AppError } from '@/lib/core/errors'
import { listSchemas } from '@/lib/db/schemas'
import { deleteSourceRow, findSource } from '@/lib/db/sources'
import { deleteTableFiles } from '@/lib/db/version-retention'
import { removeFolder } from '@/lib/connectors/upload/folder'
import { objectStore } from '@/lib/warehouse/object-store'
import { uploadFolderOfSource } from './uploads/upload-folder'

/**
 * Delete a source with its schemas, runs and data. A run that is under way finds its row gone and cannot commit;
 * what it had staged is swept. Gives how many schemas went with it.
 */
export async function deleteSource(workspaceId: string, sourceId: string): Promise<{ schemas: number }> {
  const source = await findSource(workspaceId, sourceId)
  if (!source) throw new AppError('not_found', { title: 'This source does not exist', advice: 'It may have been deleted already' })
  const schemas = await listSchemas(workspaceId, { sourceId })
  const keys: string[] = []
  for (const { id, currentVersion } of schemas) if (currentVersion !== null) keys.push(...(await deleteTableFiles(workspaceId, id)))
  await deleteSourceRow(workspaceId, sourceId)
  await objectStore().remove(keys)
  const uploads = uploadFolderOfSource(source)
  if (uploads) await removeFolder(uploads)
  return { schemas: schemas.length }
}
