import { parseNames } from '@/lib/connectors/upload/name-pattern'
import { AppError } from '@/lib/core/errors'
import { listSchemas, updateSchemas } from '@/lib/db/schemas'
import { filesOf, findFilesTable } from '../files/find-files-table'
import { FilesPattern } from '../files-table-schema'
import type { AddUploadsInput } from '../upload-schema'

/**
 * Makes files that were uploaded to a source part of one of its tables. One that took the place of an older file stays where that was. Each table that has one of them
 * is due at once.
 */
export async function addUploads(workspaceId: string, { schemaId, names }: AddUploadsInput): Promise<void> {
  const { schema: chosen } = await findFilesTable(workspaceId, schemaId)
  const tables = (await listSchemas(workspaceId, { sourceId: chosen.sourceId })).flatMap((schema) => {
    const pattern = filesOf(schema)?.pattern
    return pattern === undefined ? [] : [{ schema, pattern, names: parseNames(pattern) }]
  })
  const added = names.filter((name) => !tables.some((table) => table.names.matches(name)))
  for (const { schema, pattern, names: known } of tables) {
    const isChosen = schema.id === schemaId && added.length > 0
    if (!isChosen && !names.some((name) => known.matches(name))) continue
    const location = isChosen ? { location: { ...schema.location, pattern: wider(schema.name, pattern, added) } } : {}
    await updateSchemas(workspaceId, [schema.id], { ...location, ...(schema.enabled && { nextRunAt: new Date() }), pausedReason: null })
  }
}

function wider(table: string, pattern: string, added: string[]): string {
  const read = FilesPattern.safeParse([pattern, ...added].join(' | '))
  if (read.success) return read.data
  throw new AppError('invalid', { title: `The table ${table} cannot name so many files`, detail: read.error.issues[0]?.message, advice: 'Open the settings of the table and enter a pattern with *, such as orders-*.csv' })
}
