import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { listActiveRuns } from '@/lib/db/runs'
import { findSchema } from '@/lib/db/schemas'
import { findSource } from '@/lib/db/sources'
import { listTableNameRows } from '@/lib/db/tables'
import { nearNames } from '@/lib/warehouse/query/near-names'
import { dottedName } from './dotted-name'
import type { TableNames } from './versions-schema'

/** Of what discovery saw, the little that is needed here: a table has its versions also when the rest cannot be read any more. */
const Known = z.object({ tracking: z.enum(['changes', 'listing', 'files']).nullish().catch(null) }).catch({ tracking: null })

/** The table of a schema, with or without data. AppError not_found when the workspace has none of this id. */
export async function findTable(workspaceId: string, schemaId: string): Promise<TableNames> {
  const schema = z.uuid().safeParse(schemaId).success ? await findSchema(workspaceId, schemaId) : null
  const source = schema && (await findSource(workspaceId, schema.sourceId))
  if (!schema || !source) throw new AppError('not_found', { title: 'This table does not exist', advice: 'Its source may have been deleted' })
  const [run] = await listActiveRuns(workspaceId, [schemaId])
  return {
    schemaId,
    sourceId: schema.sourceId,
    schemaName: schema.name,
    name: schema.tableName,
    dottedName: dottedName(schema.tableName, source.prefix, source.connector),
    version: schema.currentVersion,
    isEnabled: schema.enabled,
    method: schema.method,
    tracking: Known.parse(schema.discovered).tracking ?? null,
    isSyncing: run?.status === 'running',
  }
}

/** The id of the table that goes by this name, plain or dotted. AppError not_found with names that are near. */
export async function findTableId(workspaceId: string, name: string): Promise<string> {
  const tables = (await listTableNameRows(workspaceId)).map((row) => ({ schemaId: row.schemaId, names: [row.tableName, dottedName(row.tableName, row.prefix, row.connector)] }))
  const found = tables.find(({ names }) => names.some((one) => one.toLowerCase() === name.toLowerCase()))
  if (found) return found.schemaId
  const near = nearNames(name, tables.flatMap(({ names }) => names))
  throw new AppError('not_found', { title: `There is no table named ${name}`, advice: near.length ? `Did you mean ${near.join(' or ')}?` : tables.length ? 'SHOW TABLES lists the tables' : 'Link a source and sync it first' })
}
