import { isDeepStrictEqual } from 'node:util'
import type { FilesSettings } from '@/lib/core/files-settings'
import { updateSchemas } from '@/lib/db/schemas'
import { openSource } from '@/lib/syncs/open-source'
import type { EditFilesTableInput } from '../files-schema'
import { discoverFilesTable } from './discover-files-table'
import { filesConnector } from './files-connector'
import { findFilesTable } from './find-files-table'

/**
 * Change which files make a table, or how they are read. What isn't sent isn't changed. Files that are read otherwise are looked at
 * first, and nothing is changed when they cannot be; the sync sees by itself what it must read again. The table is due at once.
 */
export async function editFilesTable(workspaceId: string, { schemaId, pattern: newPattern, settings: newSettings }: EditFilesTableInput, signal: AbortSignal): Promise<void> {
  const { schema, pattern: oldPattern, settings: oldSettings } = await findFilesTable(workspaceId, schemaId)
  const pattern = newPattern ?? oldPattern
  const settings = newSettings ?? oldSettings
  if (pattern === oldPattern && isDeepStrictEqual(settings, oldSettings)) return
  const due = schema.enabled ? { nextRunAt: new Date(), pausedReason: null } : { pausedReason: null }
  if (pattern === oldPattern && isDeepStrictEqual(reading(settings), reading(oldSettings))) {
    await updateSchemas(workspaceId, [schemaId], { fileSettings: settings, ...due })
    return
  }
  const { connector, config } = await openSource(workspaceId, schema.sourceId)
  const discovered = await discoverFilesTable(schema.name, { connector: filesConnector(connector), config, pattern, settings }, signal)
  await updateSchemas(workspaceId, [schemaId], { fileSettings: settings, location: discovered.location, discovered, discoveredAt: new Date(), ...due })
}

/** What decides which values a file gives; the rest is about what becomes of them. */
function reading({ changes: _changes, broken: _broken, ...settings }: FilesSettings) {
  return settings
}
