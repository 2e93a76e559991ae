import { findConnector } from '@/lib/connectors/registry'
import type { Location, SourceColumn } from '@/lib/connectors/contract'
import { parseConfig } from './parse-config'
import type { ConfigInput } from './schema'

/** What the first rows of a schema hold, where the types of its columns do not tell; a sentence each, by column. Nothing for a connector whose types tell everything. */
export async function measureColumns(connectorId: string, input: ConfigInput, { location, columns }: { location: Location; columns: SourceColumn[] }, signal: AbortSignal): Promise<Record<string, string>> {
  const connector = findConnector(connectorId)
  return connector.measure ? connector.measure(parseConfig(connector, input), location, columns, signal) : {}
}
