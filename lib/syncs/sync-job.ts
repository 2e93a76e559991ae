import { compareKey } from '@/lib/connectors/compare-key'
import { isFilesConnector, type DiscoveredSchema } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { ClaimedRun } from '@/lib/db/run-lease'
import { findSchema, updateSchemas, type SchemaRow } from '@/lib/db/schemas'
import type { SyncJob } from '@/lib/pipeline/types'
import { followedKey } from './follow-key'
import { nextRunAfter } from './next-run-after'
import type { OpenSource } from './open-source'

/** The schema of a run; `not_found` when it was deleted meanwhile. */
export async function schemaOfRun(run: ClaimedRun): Promise<SchemaRow> {
  const schema = await findSchema(run.workspaceId, run.schemaId)
  if (!schema) throw new AppError('not_found', { title: 'This schema does not exist', advice: 'Its source may have been deleted' })
  return schema
}

/**
 * What the schema is upstream right now; kept, so that screens show it too. Throws when it is gone or may not be read. A connector
 * that can describe it without asking is not asked: its read tells what is wrong.
 */
export async function discoverSchema(schema: SchemaRow, { source, connector, config }: OpenSource, signal: AbortSignal): Promise<DiscoveredSchema> {
  const discovered = connector.describe ? connector.describe(schema.location) : (await connector.discover(config, signal, [schema.location]))[0]
  if (!discovered) {
    throw new AppError('missing_table', {
      title: `The table ${schema.name} is not there`,
      detail: `${source.name} no longer offers it, or its user may not see it`,
      advice: 'Restore it or grant the right to read it, then sync again; or switch its syncing off. The table in the warehouse stays as it is',
    })
  }
  if (discovered.problem) {
    const { code, isRetryable, ...words } = discovered.problem
    throw new AppError(code, words, { isRetryable })
  }
  const keyColumns = followedKey(schema, discovered)
  await updateSchemas(schema.workspaceId, [schema.id], { discovered, discoveredAt: new Date(), ...(keyColumns ? { keyColumns } : {}) })
  return discovered
}

type JobHooks = Pick<SyncJob, 'signal' | 'onProgress' | 'log'>

/** All that the pipeline needs for this run. */
export function syncJob(run: ClaimedRun, schema: SchemaRow, discovered: DiscoveredSchema, { connector, config }: OpenSource, hooks: JobHooks): SyncJob {
  if (isFilesConnector(connector)) throw new Error('files have a job of their own')
  if (!schema.method) throw new AppError('invalid', { title: `No sync method is chosen for ${schema.name}`, advice: 'Set it up first: incremental or full table' })
  return {
    workspaceId: run.workspaceId,
    schemaId: schema.id,
    runId: run.runId,
    fence: run.fence,
    tableName: schema.tableName,
    connector,
    config,
    discovered,
    method: schema.method,
    replicationKey: schema.replicationKey,
    lookBack: schema.lookBack,
    keyColumns: followedKey(schema, discovered) ?? (schema.keyColumns.length ? schema.keyColumns : discovered.primaryKey),
    columnNames: schema.columnNames,
    isFull: run.isFull,
    brakePercent: run.skipsBrake ? null : schema.brakePercent,
    isListingDue: isListingDue(schema, new Date()),
    ...comparing(run, schema, discovered),
    ...hooks,
  }
}

/** Whether the run compares the table with its source: a connector that follows changes lists everything instead. */
function comparing(run: ClaimedRun, schema: SchemaRow, discovered: DiscoveredSchema): Pick<SyncJob, 'compare' | 'isCompareOnly'> {
  if (discovered.tracking || !discovered.isComparable) return {}
  const isAsked = run.isVerify || run.isRepair
  const isReconciled = schema.method === 'incremental' && schema.reconcileFrequency !== null && 'key' in compareKey(discovered, schema.keyColumns.length ? schema.keyColumns : discovered.primaryKey)
  const mends = run.isRepair || (isReconciled && !run.isVerify)
  // what is read whole needs no reconciliation, which counts from then
  const isRead = run.isFull || schema.currentVersion === null
  return { compare: { proves: schema.proves, isDue: isAsked || (isReconciled && !isRead && isListingDue(schema, new Date())), mends, ...(run.isRepair ? { isRepair: true } : {}) }, isCompareOnly: isAsked && schema.method === 'full' && !run.isFull }
}

/** Is it time to list everything again, for deletions that nobody told? The next sync after that time does it. */
export function isListingDue({ id, reconcileFrequency, reconciledAt }: Pick<SchemaRow, 'id' | 'reconcileFrequency' | 'reconciledAt'>, now: Date): boolean {
  if (!reconcileFrequency) return false
  return !reconciledAt || nextRunAfter(reconcileFrequency, reconciledAt, id) <= now
}
