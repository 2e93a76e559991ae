import { AppError } from '@/lib/core/errors'
import { listSchemas } from '@/lib/db/schemas'
import { startSync } from '@/lib/syncs/start-sync'

/** Sync every enabled schema of a source now; one that is already on its way is left to it. */
export async function syncSource(workspaceId: string, sourceId: string): Promise<{ started: number; alreadyActive: number }> {
  const schemas = await listSchemas(workspaceId, { sourceId })
  if (!schemas.length) throw new AppError('not_found', { title: 'This source has no schemas', advice: 'It may have been deleted; or refresh its schemas in its Configuration' })
  const enabled = schemas.filter((schema) => schema.enabled).map((schema) => schema.id)
  if (!enabled.length) throw new AppError('invalid', { title: 'No schema of this source is enabled', advice: 'Open the source and switch on the schemas to sync' })
  const { runIds, alreadyActive } = await startSync(workspaceId, enabled, { isFull: false, trigger: 'manual' })
  return { started: runIds.length, alreadyActive: alreadyActive.length }
}
