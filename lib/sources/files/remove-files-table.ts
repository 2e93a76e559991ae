import { deleteSchemaRow } from '@/lib/db/schemas'
import { deleteSchemaData } from '../delete-schema-data'
import { findFilesTable } from './find-files-table'

/** Take a table out of its source with its data and its runs. A run that is under way is cancelled, and finds its row gone. */
export async function removeFilesTable(workspaceId: string, schemaId: string): Promise<void> {
  await findFilesTable(workspaceId, schemaId)
  await deleteSchemaData(workspaceId, schemaId)
  await deleteSchemaRow(workspaceId, schemaId)
}
