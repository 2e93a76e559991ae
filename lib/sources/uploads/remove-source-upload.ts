import { findKept } from '@/lib/connectors/upload/kept-files'
import { parseNames } from '@/lib/connectors/upload/name-pattern'
import { removeUpload } from '@/lib/connectors/upload/receive'
import { AppError } from '@/lib/core/errors'
import { listSchemas, updateSchemas } from '@/lib/db/schemas'
import { findSource } from '@/lib/db/sources'
import { filesOf } from '../files/find-files-table'
import type { RemoveUploadInput } from '../upload-schema'
import { uploadFolderOfSource } from './upload-folder'

/** Takes a file away for good. The tables that it is part of are due at once: their next sync takes its rows out. */
export async function removeSourceUpload(workspaceId: string, { sourceId, uploadId }: RemoveUploadInput): Promise<void> {
  const source = await findSource(workspaceId, sourceId)
  const folder = source && uploadFolderOfSource(source)
  const file = folder && (await findKept(folder, uploadId))
  if (!folder || !file) throw new AppError('not_found', { title: 'This file is not here any more', advice: 'It may have been removed or replaced; reload the page' })
  await removeUpload(folder, uploadId)
  const schemas = await listSchemas(workspaceId, { sourceId })
  const concerned = schemas.filter((schema) => schema.enabled && parseNames(filesOf(schema)?.pattern ?? '*').matches(file.name))
  if (concerned.length) await updateSchemas(workspaceId, concerned.map(({ id }) => id), { nextRunAt: new Date(), pausedReason: null })
}
