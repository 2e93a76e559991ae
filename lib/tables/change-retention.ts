import { AppError } from '@/lib/core/errors'
import { updateSchemas } from '@/lib/db/schemas'
import type { RetentionInput } from './versions-schema'

/** Change how long versions of a table are kept. What is past it goes with the next sweep. AppError not_found. */
export async function changeRetention(workspaceId: string, { schemaId, versions, days }: RetentionInput): Promise<void> {
  const change = { ...(versions === undefined ? {} : { keptVersions: versions }), ...(days === undefined ? {} : { keptVersionDays: days }) }
  if (!(await updateSchemas(workspaceId, [schemaId], change))) throw new AppError('not_found', { title: 'This table does not exist', advice: 'Its source may have been deleted' })
}
