import { insertSchemas, listSchemas, listTableNames } from '@/lib/db/schemas'
import { openSource } from '@/lib/syncs/open-source'
import type { AddFilesTableInput } from '../files-schema'
import { filesConnector } from './files-connector'
import { newFilesSchemas } from './new-files-schemas'

/** Make one more table from the files of a linked source; it is due at once. Refuses a name that the source has (`conflict`), and files that cannot be read. */
export async function addFilesTable(workspaceId: string, { sourceId, table }: AddFilesTableInput, signal: AbortSignal): Promise<{ schemaId: string; table: string }> {
  const { source, connector, config } = await openSource(workspaceId, sourceId)
  const known = await listSchemas(workspaceId, { sourceId })
  const [schema] = await newFilesSchemas({
    connector: filesConnector(connector),
    config,
    prefix: source.prefix,
    tables: [table],
    frequency: 'six_hours',
    knownNames: known.map(({ name }) => name),
    takenNames: new Set(await listTableNames(workspaceId)),
  }, signal)
  if (!schema) throw new Error('one table makes one schema')
  await insertSchemas(workspaceId, sourceId, [schema])
  return { schemaId: schema.id, table: schema.tableName }
}
