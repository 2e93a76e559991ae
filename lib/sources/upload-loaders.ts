import { z } from 'zod'
import { listKept } from '@/lib/connectors/upload/kept-files'
import { parseNames } from '@/lib/connectors/upload/name-pattern'
import { AppError } from '@/lib/core/errors'
import { listSchemas } from '@/lib/db/schemas'
import { findSource } from '@/lib/db/sources'
import type { Viewer } from '@/lib/workspace/schema'
import { filesOf } from './files/find-files-table'
import type { SourceUploads } from './upload-schema'
import { toFileView } from './upload-stream'
import { uploadFolderOfSource } from './uploads/upload-folder'

/** The uploaded files of a source, each with the tables that it is part of; `not_found` where there are none of either. */
export async function loadSourceUploads(viewer: Viewer, sourceId: unknown): Promise<SourceUploads> {
  const id = z.uuid().safeParse(sourceId)
  const source = id.success ? await findSource(viewer.workspaceId, id.data) : null
  const folder = source && uploadFolderOfSource(source)
  if (!source || !folder) throw new AppError('not_found', { title: 'This source has no uploaded files', advice: 'It may have been deleted; reload the page' })
  const tables = (await listSchemas(viewer.workspaceId, { sourceId: source.id })).flatMap((schema) => {
    const files = filesOf(schema)
    return files ? [{ schemaId: schema.id, name: schema.name, pattern: files.pattern }] : []
  })
  const patterns = tables.map(({ name, pattern }) => ({ name, names: parseNames(pattern) }))
  const files = (await listKept(folder)).map((file) => ({ ...toFileView(file), tables: patterns.flatMap(({ name, names }) => (names.matches(file.name) ? [name] : [])) }))
  return { folder, files, tables }
}
