import { findConnector } from '@/lib/connectors/registry'
import { AppError } from '@/lib/core/errors'
import { findSource, listSources } from '@/lib/db/sources'
import type { Viewer } from '@/lib/workspace/schema'
import { checkConfig } from './check-config'
import { connectorViews } from './connector-views'
import { discoverConfig } from './discover-config'
import { inboundAddresses } from './inbound-addresses'
import { ConfigRequest, MeasureRequest, type LinkForm } from './link-schema'
import { measureColumns } from './measure-columns'
import { savedConfig } from './saved-config'
import { claimUploadFolder } from './uploads/upload-folder'
import type { CheckStep, ConfigInput, ConnectorView, DiscoveredSource } from './schema'

/** What can be linked. */
export function loadCatalogue(_viewer: Viewer): ConnectorView[] {
  return connectorViews()
}

/** What the form of a new source needs. Throws `not_found` for a connector that there is not. */
export async function loadLinkForm(viewer: Viewer, connectorId: string): Promise<LinkForm> {
  const { id } = findConnector(connectorId)
  const connector = connectorViews().find((view) => view.id === id)
  if (!connector) throw new AppError('not_found', { title: `There is no connector ${connectorId}` })
  const sources = await listSources(viewer.workspaceId)
  return {
    connector,
    inbound: inboundAddresses(),
    takenPrefixes: sources.filter((source) => source.connector === id).map(({ prefix, name }) => ({ prefix, sourceName: name })),
    takenNames: sources.map((source) => source.name),
  }
}

/** Check a config, a line at a time. Throws `invalid` with the fields that are wrong. */
export async function* loadCheckSteps(viewer: Viewer, body: unknown, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const request = readRequest(body)
  yield* checkConfig(request.connector, await fullConfig(viewer, request), signal)
}

/** Every table that a source with this config offers. */
export async function loadDiscovery(viewer: Viewer, body: unknown, signal: AbortSignal): Promise<DiscoveredSource> {
  const request = readRequest(body)
  return discoverConfig(request.connector, await fullConfig(viewer, request), signal)
}

/** What the first rows of a table hold, by column. */
export async function loadMeasured(viewer: Viewer, body: unknown, signal: AbortSignal): Promise<Record<string, string>> {
  const read = MeasureRequest.safeParse(body)
  if (!read.success) throw new AppError('invalid', { title: 'This request cannot be read', detail: read.error.issues[0]?.message })
  return measureColumns(read.data.connector, await fullConfig(viewer, read.data), read.data, signal)
}

function readRequest(body: unknown): ConfigRequest {
  const read = ConfigRequest.safeParse(body)
  if (read.success) return read.data
  throw new AppError('invalid', { title: 'This request cannot be read', detail: read.error.issues[0]?.message })
}

/** An existing source's secrets stand in for those left blank. */
export async function fullConfig(viewer: Viewer, request: ConfigRequest): Promise<ConfigInput> {
  const config = await mergedConfig(viewer, request)
  await claimUploadFolder(viewer.workspaceId, findConnector(request.connector), config, request.sourceId)
  return config
}

async function mergedConfig(viewer: Viewer, { connector, config, sourceId }: ConfigRequest): Promise<ConfigInput> {
  if (!sourceId) return config
  const source = await findSource(viewer.workspaceId, sourceId)
  if (!source || source.connector !== connector) throw new AppError('not_found', { title: 'This source does not exist', advice: 'It may have been deleted; reload the page' })
  return savedConfig(source, config).merged
}
