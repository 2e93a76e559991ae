import { parseNames } from '@/lib/connectors/upload/name-pattern'
import { AppError } from '@/lib/core/errors'
import { updateSchemas } from '@/lib/db/schemas'
import { findFilesTable } from '../files/find-files-table'
import { FilesPattern } from '../files-table-schema'
import type { AddUploadsInput } from '../upload-schema'

/** Makes files that were uploaded to a source part of one of its tables, which is due at once. Those that its pattern names already are so without more. */
export async function addUploads(workspaceId: string, { schemaId, names }: AddUploadsInput): Promise<void> {
  const { schema, pattern } = await findFilesTable(workspaceId, schemaId)
  const known = parseNames(pattern)
  const wider = [pattern, ...names.filter((name) => !known.matches(name))].join(' | ')
  const read = FilesPattern.safeParse(wider)
  if (!read.success) throw new AppError('invalid', { title: `The table ${schema.name} cannot name so many files`, detail: read.error.issues[0]?.message, advice: 'Open the settings of the table and enter a pattern with *, such as orders-*.csv' })
  await updateSchemas(workspaceId, [schemaId], { location: { ...schema.location, pattern: read.data }, ...(schema.enabled && { nextRunAt: new Date() }), pausedReason: null })
}
