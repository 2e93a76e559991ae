import { AppError } from '@/lib/core/errors'
import { cancelRun, listActiveRuns } from '@/lib/db/runs'
import { findSchema } from '@/lib/db/schemas'
import { deleteTableFiles } from '@/lib/db/version-retention'
import { objectStore } from '@/lib/warehouse/object-store'
import { removeTableUploads } from './uploads/remove-table-uploads'

/** Delete a table's data and its versions, and the files that people uploaded for it; its settings stay, and its next sync reads everything. An active run is cancelled. */
export async function deleteSchemaData(workspaceId: string, schemaId: string): Promise<void> {
  const schema = await findSchema(workspaceId, schemaId)
  if (!schema) throw new AppError('not_found', { title: 'This schema does not exist', advice: 'Its source may have been deleted' })
  for (const run of await listActiveRuns(workspaceId, [schemaId])) await cancelRun(workspaceId, run.id)
  await objectStore().remove(await deleteTableFiles(workspaceId, schemaId))
  await removeTableUploads(workspaceId, schema)
}
