import { isFilesConnector } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { insertSchemas, listSchemas, listTableNames, updateSchemas } from '@/lib/db/schemas'
import { followedKey } from '@/lib/syncs/follow-key'
import { openSource } from '@/lib/syncs/open-source'
import { ownTableSettings } from './files/files-connector'
import { newSchemas } from './new-schemas'

/**
 * Discover a linked source again: what is new is kept, off; what is known gets its fresh columns.
 * What is gone upstream keeps its data and is named in `missing`.
 */
export async function refreshSource(workspaceId: string, sourceId: string, signal: AbortSignal): Promise<{ added: string[]; missing: string[] }> {
  const { source, connector, config } = await openSource(workspaceId, sourceId)
  if (isFilesConnector(connector) && !connector.files.ownTables) throw new AppError('invalid', { title: 'People make the tables of this source themselves', advice: 'Refresh the columns of its tables instead' })
  const discovered = await connector.discover(config, signal)
  const known = new Map((await listSchemas(workspaceId, { sourceId })).map((schema) => [schema.name, schema]))
  const fresh = discovered.filter((schema) => !known.has(schema.name))
  const takenNames = new Set(await listTableNames(workspaceId))
  await insertSchemas(workspaceId, sourceId, newSchemas({ prefix: source.prefix, connectorId: connector.id, frequency: 'six_hours', discovered: fresh, choices: [], takenNames, fileSettings: ownTableSettings(connector) }))
  for (const schema of discovered) {
    const row = known.get(schema.name)
    const keyColumns = row && followedKey(row, schema)
    if (row) await updateSchemas(workspaceId, [row.id], { discovered: schema, discoveredAt: new Date(), location: schema.location, ...(keyColumns ? { keyColumns } : {}) })
  }
  const present = new Set(discovered.map((schema) => schema.name))
  if (!discovered.length && known.size) throw new AppError('permission', { title: 'The source shows no schema at all', detail: `${known.size} were known`, advice: 'Check the permissions of its user' })
  return { added: fresh.map((schema) => schema.name), missing: [...known.keys()].filter((name) => !present.has(name)) }
}
