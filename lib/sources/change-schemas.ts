import type { DiscoveredSchema } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { lookBackKind, type LookBackKind } from '@/lib/core/look-back'
import { listSchemas, updateSchemas, type SchemaChange, type SchemaRow } from '@/lib/db/schemas'
import { reconcileRefusal } from './can-reconcile'
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
  if (wanted.method === 'full') change.replicationKey = null
  const isFirstMethod = isEnabled && !schema.method && !wanted.method
  const touchesMethod = isFirstMethod || wanted.method !== undefined || wanted.replicationKey !== undefined || wanted.keyColumns !== undefined || wanted.columnNames !== undefined
  if (touchesMethod || wanted.reconcileFrequency || wanted.lookBack) {
    const discovered = storedDiscovery(schema.discovered)
    if (isFirstMethod) change.method = firstMethod(discovered)
    const followsChanges = (discovered.tracking === 'changes' || discovered.tracking === 'files') && change.method === 'incremental'
    if (followsChanges && wanted.replicationKey === undefined) change.replicationKey = null
    if (wanted.keyColumns?.length === 0 || (followsChanges && !wanted.keyColumns)) change.keyColumns = discovered.primaryKey
    if (wanted.lookBack === undefined && isOtherKind(discovered, schema.replicationKey, change.replicationKey)) change.lookBack = null
    const problem = (touchesMethod ? methodProblem(discovered, { ...schema, ...withoutUndefined(change) }) : null) ?? (wanted.reconcileFrequency ? reconcileRefusal(discovered, change.keyColumns ?? schema.keyColumns) : null) ?? lookBackProblem(discovered, { ...schema, ...withoutUndefined(change) })
    if (problem) throw new AppError('invalid', { title: problem })
  }
  if (wanted.enabled === true && !schema.enabled) Object.assign(change, { nextRunAt: new Date(), pausedReason: null })
  if (wanted.enabled === false) Object.assign(change, { nextRunAt: null, pausedReason: null })
  return withoutUndefined(change)
}

/** A schema that was never set up follows the changes that its source tells or its files show, else it is a full table: the method that every table can have. */
function firstMethod({ tracking }: DiscoveredSchema): 'full' | 'incremental' {
  return tracking === 'changes' || tracking === 'files' ? 'incremental' : 'full'
}

function lookBackProblem(discovered: DiscoveredSchema, { method, replicationKey, lookBack }: Pick<SchemaRow, 'method' | 'replicationKey' | 'lookBack'>): string | null {
  if (!lookBack || method !== 'incremental' || (replicationKey !== null && kindOf(discovered, replicationKey))) return null
  return replicationKey === null ? `${discovered.name} is not read by a replication key: there is nothing to look back from` : `Nothing can be taken off ${replicationKey} of ${discovered.name}: a look-back is for times, dates and numbers`
}

function kindOf({ columns }: DiscoveredSchema, key: string | null): LookBackKind | null {
  const column = columns.find(({ name }) => name === key)
  return column ? lookBackKind(column.type) : null
}

/** Seconds that were set for a time are no number of rows. */
function isOtherKind(discovered: DiscoveredSchema, before: string | null, after: string | null | undefined): boolean {
  return after !== undefined && after !== null && before !== null && kindOf(discovered, before) !== kindOf(discovered, after)
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
