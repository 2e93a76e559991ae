import { listKept } from '@/lib/connectors/upload/kept-files'
import { parseNames } from '@/lib/connectors/upload/name-pattern'
import { removeUpload } from '@/lib/connectors/upload/receive'
import { listSchemas, type SchemaRow } from '@/lib/db/schemas'
import { findSource } from '@/lib/db/sources'
import { filesOf } from '../files/find-files-table'
import { uploadFolderOfSource } from './upload-folder'

/** The data of a table goes with the files that were uploaded for it, and for no other table of its source. Of any other kind of source nothing is removed. */
export async function removeTableUploads(workspaceId: string, schema: SchemaRow): Promise<void> {
  const source = await findSource(workspaceId, schema.sourceId)
  const folder = source && uploadFolderOfSource(source)
  const own = filesOf(schema)
  if (!folder || !own) return
  const others = (await listSchemas(workspaceId, { sourceId: schema.sourceId })).filter(({ id }) => id !== schema.id)
  const kept = others.flatMap((other) => filesOf(other)?.pattern ?? []).map(parseNames)
  const names = parseNames(own.pattern)
  for (const { id, name } of await listKept(folder)) {
    if (names.matches(name) && !kept.some((other) => other.matches(name))) await removeUpload(folder, id)
  }
}
