import { AppError } from '@/lib/core/errors'
import { listSchemas } from '@/lib/db/schemas'
import { deleteSourceRow, findSource } from '@/lib/db/sources'
import { deleteTableFiles } from '@/lib/db/version-retention'
import { objectStore } from '@/lib/warehouse/object-store'

/**
 * Delete a source with its schemas, runs and data. A run that is under way finds its row gone and cannot commit;
 * what it had staged is swept. Gives how many schemas went with it.
 */
export async function deleteSource(workspaceId: string, sourceId: string): Promise<{ schemas: number }> {
  if (!(await findSource(workspaceId, sourceId))) throw new AppError('not_found', { title: 'This source does not exist', advice: 'It may have been deleted already' })
  const schemas = await listSchemas(workspaceId, { sourceId })
  const keys: string[] = []
  for (const { id, currentVersion } of schemas) if (currentVersion !== null) keys.push(...(await deleteTableFiles(workspaceId, id)))
  await deleteSourceRow(workspaceId, sourceId)
  await objectStore().remove(keys)
  return { schemas: schemas.length }
}
