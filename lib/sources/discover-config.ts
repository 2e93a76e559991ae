import { findConnector } from '@/lib/connectors/registry'
import { parseConfig } from './parse-config'
import type { ConfigInput, DiscoveredSource } from './schema'

/** What a source with this config offers. */
export async function discoverConfig(connectorId: string, input: ConfigInput, signal: AbortSignal): Promise<DiscoveredSource> {
  const connector = findConnector(connectorId)
  const config = parseConfig(connector, input)
  return { suggestedName: connector.suggestName(config), schemas: await connector.discover(config, signal) }
}
