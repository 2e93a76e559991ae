import type { SourceColumn } from '@/lib/connectors/contract'
import { AppError, toErrorView } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { listSchemas, updateSchemas, type SchemaRow } from '@/lib/db/schemas'
import { openSource, type OpenSource } from '@/lib/syncs/open-source'
import { storedDiscovery } from '../discovered-schema'
import type { RefreshColumnsInput, RefreshedColumns } from '../files-schema'
import { discoverFilesTable } from './discover-files-table'
import { filesConnector } from './files-connector'
import { filesOf } from './find-files-table'

/**
 * Look at the files of tables again and keep the columns that they have now; the next sync brings their values. A table whose files
 * cannot be looked at keeps what is known of it and says why, and the others go on.
 */
export async function refreshColumns(workspaceId: string, which: RefreshColumnsInput, signal: AbortSignal): Promise<RefreshedColumns[]> {
  const schemas = await listSchemas(workspaceId, 'sourceId' in which ? { sourceId: which.sourceId } : { ids: which.schemaIds })
  if (!schemas.length) throw new AppError('not_found', { title: 'There is no table to look at', advice: 'It may have been removed; reload the page' })
  const sources = new Map<string, OpenSource>()
  const refreshed: RefreshedColumns[] = []
  for (const schema of schemas) {
    const source = sources.get(schema.sourceId) ?? (await openSource(workspaceId, schema.sourceId))
    sources.set(schema.sourceId, source)
    refreshed.push(await refresh(workspaceId, source, schema, signal))
  }
  return refreshed
}

async function refresh(workspaceId: string, { connector, config }: OpenSource, schema: SchemaRow, signal: AbortSignal): Promise<RefreshedColumns> {
  const { name } = schema
  try {
    const files = filesOf(schema)
    if (!files) throw new AppError('invalid', { title: `${name} is not made of files`, advice: 'Refresh the schemas of its source instead' })
    const discovered = await discoverFilesTable(name, { connector: filesConnector(connector), config, ...files }, signal)
    const before = storedDiscovery(schema.discovered).columns
    await updateSchemas(workspaceId, [schema.id], { discovered, discoveredAt: new Date() })
    return { name, ...difference(before, discovered.columns), problem: null }
  } catch (error) {
    if (signal.aborted) throw error
    if (!(error instanceof AppError)) logger('files').error({ err: error, schemaId: schema.id }, 'the columns could not be refreshed')
    return { name, added: [], missing: [], retyped: [], problem: toErrorView(error) }
  }
}

function difference(before: SourceColumn[], now: SourceColumn[]): Pick<RefreshedColumns, 'added' | 'missing' | 'retyped'> {
  const known = new Map(before.map((column) => [column.name, column.type]))
  const present = new Set(now.map((column) => column.name))
  return {
    added: now.filter(({ name }) => !known.has(name)).map(({ name }) => name),
    missing: before.filter(({ name }) => !present.has(name)).map(({ name }) => name),
    retyped: now.filter(({ name, type }) => known.has(name) && known.get(name) !== type).map(({ name }) => name),
  }
}
