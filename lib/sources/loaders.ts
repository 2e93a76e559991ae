import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { findSchema } from '@/lib/db/schemas'
import { listSchemaNames } from '@/lib/db/source-views'
import { findSource, type SourceRow } from '@/lib/db/sources'
import { openSecrets } from '@/lib/syncs/source-secrets'
import type { Viewer } from '@/lib/workspace/schema'
import { reconcileRefusal } from './can-reconcile'
import { columnFidelity } from './column-fidelity'
import { connectorViews } from './connector-views'
import { storedDiscovery } from './discovered-schema'
import type { ColumnFidelity } from './fidelity-schema'
import { findTableProof } from './find-table-proof'
import { filesOf } from './files/find-files-table'
import type { ConfigField, ConnectorView, ProofDetail, SchemaSettings, SchemaView, SourceDetail, SourceView } from './schema'
import { listSchemaStates, listSourceStates } from './source-states'
import { statusStream } from './status-stream'

/** Every source of the workspace, oldest first. */
export async function loadSources(viewer: Viewer): Promise<SourceView[]> {
  return listSourceStates(viewer.workspaceId)
}

/** One source as a list shows it; `not_found` when the workspace has none of this id. */
export async function loadSourceView(viewer: Viewer, sourceId: string): Promise<SourceView> {
  const [view] = z.uuid().safeParse(sourceId).success ? await listSourceStates(viewer.workspaceId, [sourceId]) : []
  if (!view) throw noSuchSource()
  return view
}

/** One source with its configuration; `not_found` when the workspace has none of this id. Never a secret. */
export async function loadSource(viewer: Viewer, sourceId: string): Promise<SourceDetail> {
  const view = await loadSourceView(viewer, sourceId)
  const source = await findSource(viewer.workspaceId, sourceId)
  if (!source) throw noSuchSource()
  const fields = connectorViews().find((connector) => connector.id === source.connector)?.fields ?? []
  const secretNames = new Set(fields.filter((field) => field.secret).map((field) => field.name))
  const config = Object.fromEntries(Object.entries(source.config).filter(([name]) => !secretNames.has(name)))
  return { ...view, config, fields, setSecrets: setSecrets(source, fields) }
}

/** The secret fields that have a value. With a lost encryption key none has: each must be entered again. */
function setSecrets(source: SourceRow, fields: ConfigField[]): string[] {
  try {
    const secrets = openSecrets(source.id, source.sealedSecrets)
    return fields.flatMap(({ name, secret }) => (secret && secrets[name] !== undefined && secrets[name] !== '' && secrets[name] !== null ? [name] : []))
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}

/** The schemas of a source by name, each with its active run; empty when the workspace has no such source. */
export async function loadSchemas(viewer: Viewer, sourceId: string): Promise<SchemaView[]> {
  return z.uuid().safeParse(sourceId).success ? listSchemaStates(viewer.workspaceId, { sourceId }) : []
}

/** The names of a source's schemas, for a filter. */
export async function loadSchemaNames(viewer: Viewer, sourceId: string): Promise<{ id: string; name: string }[]> {
  return z.uuid().safeParse(sourceId).success ? listSchemaNames(viewer.workspaceId, sourceId) : []
}

/** A schema with what its settings are chosen from, as discovery saw it last. */
export async function loadSchemaSettings(viewer: Viewer, schemaId: string): Promise<SchemaSettings> {
  const isId = z.uuid().safeParse(schemaId).success
  const [[schema], row] = await Promise.all([
    isId ? listSchemaStates(viewer.workspaceId, { schemaIds: [schemaId] }) : [],
    isId ? findSchema(viewer.workspaceId, schemaId) : null,
  ])
  if (!schema || !row) throw new AppError('not_found', { title: 'This schema does not exist', advice: 'It may have been deleted; reload the page' })
  const discovered = storedDiscovery(row.discovered)
  const { columns, replicationKeys } = discovered
  return { schema, reconcileRefusal: reconcileRefusal(discovered, row.keyColumns), columns, replicationKeys, files: filesOf(row) }
}

/** What the last comparison of a table with its source said, with the rows that differed. */
export function loadProof(viewer: Viewer, schemaId: string): Promise<ProofDetail> {
  return findTableProof(viewer.workspaceId, schemaId)
}

/** The fidelity report of a table. */
export async function loadColumnFidelity(viewer: Viewer, schemaId: string, options: { isMeasured: boolean; signal: AbortSignal }): Promise<ColumnFidelity[]> {
  if (!z.uuid().safeParse(schemaId).success) throw new AppError('not_found', { title: 'This schema does not exist', advice: 'It may have been deleted; reload the page' })
  return columnFidelity(viewer.workspaceId, schemaId, options)
}

/** What the empty Sources page offers: the first connectors of the catalogue. */
export function loadStarters(): Pick<ConnectorView, 'id' | 'label' | 'description'>[] {
  return connectorViews().slice(0, 4).map(({ id, label, description }) => ({ id, label, description }))
}

/** Server-sent events of what changes in the viewer's workspace, until the signal or the stream's own end. */
export function loadStatusStream(viewer: Viewer, signal: AbortSignal): ReadableStream<Uint8Array> {
  return statusStream(viewer.workspaceId, signal)
}

function noSuchSource(): AppError {
  return new AppError('not_found', { title: 'This source does not exist', advice: 'It may have been deleted' })
}
