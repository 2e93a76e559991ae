import { AppError } from '@/lib/core/errors'
import { listSchemas, updateSchemas, type SchemaChange, type SchemaRow } from '@/lib/db/schemas'
import { storedDiscovery } from './discovered-schema'
import { methodProblem } from './method-problem'
import type { ChangeSchemasInput } from './schema'

/**
 * Change the settings of schemas. A setting that isn't sent isn't changed. Refuses a sync method that one of
 * the tables cannot have (`invalid`, with the reason), and then changes none. A schema that is switched on is due at once.
 */
export async function changeSchemas(workspaceId: string, { schemaIds, change }: ChangeSchemasInput): Promise<void> {
  const schemas = await listSchemas(workspaceId, { ids: schemaIds })
  if (schemas.length !== new Set(schemaIds).size) throw new AppError('not_found', { title: 'A schema of this selection does not exist', advice: 'It may have been deleted; reload the page' })
  const changes = schemas.map((schema) => ({ schema, change: changeFor(schema, change) }))
  for (const [key, ids] of groupByChange(changes)) await updateSchemas(workspaceId, ids, key)
}

function changeFor(schema: SchemaRow, wanted: ChangeSchemasInput['change']): SchemaChange {
  const change: SchemaChange = { ...wanted }
  const isEnabled = wanted.enabled ?? schema.enabled
  // A schema that was never set up is synced as a full table: the method that every table can have.
  if (isEnabled && !schema.method && !wanted.method) change.method = 'full'
  if (wanted.method === 'full') change.replicationKey = null
  const touchesMethod = change.method !== undefined || wanted.replicationKey !== undefined || wanted.keyColumns !== undefined || wanted.columnNames !== undefined
  if (touchesMethod) {
    const discovered = storedDiscovery(schema.discovered)
    if (wanted.keyColumns?.length === 0) change.keyColumns = discovered.primaryKey
    const problem = methodProblem(discovered, { ...schema, ...withoutUndefined(change) })
    if (problem) throw new AppError('invalid', { title: problem })
  }
  if (wanted.enabled === true && !schema.enabled) Object.assign(change, { nextRunAt: new Date(), pausedReason: null })
  if (wanted.enabled === false) Object.assign(change, { nextRunAt: null, pausedReason: null })
  return withoutUndefined(change)
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T
}

/** Most selections share one change: one statement for each distinct one. */
function groupByChange(changes: { schema: SchemaRow; change: SchemaChange }[]): [SchemaChange, string[]][] {
  const groups = new Map<string, [SchemaChange, string[]]>()
  for (const { schema, change } of changes) {
    const key = JSON.stringify({ ...change, nextRunAt: change.nextRunAt && 'now' })
    const group = groups.get(key) ?? [change, []]
    group[1].push(schema.id)
    groups.set(key, group)
  }
  return [...groups.values()]
}
