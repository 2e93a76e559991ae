import type { DiscoveredSchema } from '@/lib/connectors/contract'
import { findConnector } from '@/lib/connectors/registry'
import type { FilesTableInput } from '../files-table-schema'
import { parseConfig } from '../parse-config'
import type { ConfigInput } from '../schema'
import { discoverFilesTable } from './discover-files-table'
import { filesConnector } from './files-connector'

/** What the files of these tables hold, with a config that is not saved. */
export async function discoverFilesConfig(connectorId: string, input: ConfigInput, tables: FilesTableInput[], signal: AbortSignal): Promise<DiscoveredSchema[]> {
  const connector = filesConnector(findConnector(connectorId))
  const config = parseConfig(connector, input)
  const schemas: DiscoveredSchema[] = []
  for (const { name, pattern, settings } of tables) schemas.push(await discoverFilesTable(name, { connector, config, pattern, settings }, signal))
  return schemas
}
