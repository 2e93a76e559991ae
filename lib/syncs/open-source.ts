import type { Connector } from '@/lib/connectors/contract'
import { findConnector } from '@/lib/connectors/registry'
import { AppError } from '@/lib/core/errors'
import { findSource, type SourceRow } from '@/lib/db/sources'
import { openSecrets } from './source-secrets'

export interface OpenSource {
  source: SourceRow
  connector: Connector
  /** Parsed by the connector's own schema; holds the secrets, so it never leaves the server. */
  config: unknown
}

/** A source, ready to be read. */
export async function openSource(workspaceId: string, sourceId: string): Promise<OpenSource> {
  const source = await findSource(workspaceId, sourceId)
  if (!source) throw new AppError('not_found', { title: 'This source does not exist', advice: 'It may have been deleted' })
  const connector = findConnector(source.connector)
  const read = connector.config.safeParse({ ...source.config, ...openSecrets(sourceId, source.sealedSecrets) })
  if (!read.success) {
    throw new AppError('bad_config', { title: `The configuration of ${source.name} cannot be used`, detail: read.error.issues[0]?.message, advice: 'Open its Configuration and save it again' })
  }
  return { source, connector, config: read.data }
}
