import { AppError } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'
import { findSchema, type SchemaRow } from '@/lib/db/schemas'

export interface FilesTable {
  schema: SchemaRow
  pattern: string
  settings: FilesSettings
}

/** A table that is made of files. Throws `not_found`, and `invalid` for a schema of another kind. */
export async function findFilesTable(workspaceId: string, schemaId: string): Promise<FilesTable> {
  const schema = await findSchema(workspaceId, schemaId)
  if (!schema) throw new AppError('not_found', { title: 'This table does not exist', advice: 'It may have been removed; reload the page' })
  const files = filesOf(schema)
  if (!files) throw new AppError('invalid', { title: `${schema.name} is not made of files`, advice: 'Change it in the settings of its source' })
  return { schema, ...files }
}

/** Which files make a schema, and how they are read; null for one that is not made of files. */
export function filesOf({ location, fileSettings }: Pick<SchemaRow, 'location' | 'fileSettings'>): { pattern: string; settings: FilesSettings } | null {
  return fileSettings && location.pattern !== undefined ? { pattern: location.pattern, settings: fileSettings } : null
}
