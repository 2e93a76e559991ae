import type { SchemaViewRow, SourceViewRow } from '@/lib/db/source-views'
import { differenceWords } from '@/lib/core/difference-words'
import type { ErrorView } from '@/lib/core/errors'
import type { RunView } from '@/lib/syncs/schema'
import { canReconcile } from './can-reconcile'
import type { ConnectorView, SchemaStatus, SchemaView, SourceStatus, SourceView } from './schema'

/** A source as the Sources page shows it. A connector that this release does not have shows its id. */
export function toSourceView(row: SourceViewRow, connector: Pick<ConnectorView, 'label' | 'group' | 'files'> | undefined, activeRuns: RunView[]): SourceView {
  return {
    id: row.id,
    name: row.name,
    connector: row.connector,
    connectorLabel: connector?.label ?? row.connector,
    group: connector?.group ?? 'managed',
    files: connector?.files ?? null,
    prefix: row.prefix,
    status: sourceStatus(row),
    frequency: row.frequency,
    lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
    rows: row.rows,
    enabledSchemas: row.enabledSchemas,
    totalSchemas: row.totalSchemas,
    failedSchemas: row.failedSchemas,
    heldSchemas: row.heldSchemas,
    differingSchemas: row.differingSchemas,
    comparedSchemas: row.comparedSchemas,
    filledSchemas: row.filledSchemas,
    runningSchemas: row.runningSchemas,
    queuedSchemas: row.queuedSchemas,
    ...sourceProblem(row),
    progress: progress(row),
    activeRuns,
    createdAt: row.createdAt.toISOString(),
  }
}

function sourceStatus(row: SourceViewRow): SourceStatus {
  if (row.runningSchemas + row.queuedSchemas > 0) return 'syncing'
  if (row.failedSchemas > 0) return 'failed'
  // what is wrong without a failure is worse than what waits with the table as it was
  if (row.differingSchemas > 0) return 'differs'
  if (row.heldSchemas > 0) return 'held'
  if (row.enabledSchemas === 0) return 'paused'
  return row.syncedSchemas === 0 ? 'never' : 'up_to_date'
}

/** The worst of it: a failure, else a table that differs from its source. */
function sourceProblem({ problem, problemSchema, failedSchemas, differing }: SourceViewRow): Pick<SourceView, 'problem' | 'problemSchema'> {
  if (failedSchemas > 0 || !differing) return { problem, problemSchema }
  return { problem: { code: 'differs', title: differenceWords(differing.differences), advice: 'Look at them and repair the table', isRetryable: false }, problemSchema: differing.schemaName }
}

/** Below 1 while anything is active: the last row read is not yet the commit. */
function progress({ batchRead, batchExpected }: SourceViewRow): number | null {
  if (!batchExpected) return null
  return Math.min(0.99, Math.max(0, (batchRead ?? 0) / batchExpected))
}

export function toSchemaView(row: SchemaViewRow, activeRun: RunView | null): SchemaView {
  const { pausedReason, unreadable, lastStatus, lastError, forgets, isComparable, heldAt, columnNews, ...shown } = row
  return {
    ...shown,
    lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    canReconcile: canReconcile({ tracking: row.tracking ?? undefined, forgets, isComparable, primaryKey: row.primaryKey }),
    canProve: isComparable && row.tracking === null,
    proof: row.proof && { ...row.proof, at: row.proof.at.toISOString() },
    reconciledAt: row.reconciledAt?.toISOString() ?? null,
    status: schemaStatus(row),
    activeRun,
    problem: problem(row),
    columnNews: columnNews && { ...columnNews, at: columnNews.at.toISOString() },
    held: row.held && heldAt && { ...row.held, at: heldAt.toISOString() },
  }
}

function schemaStatus(row: SchemaViewRow): SchemaStatus {
  if (row.lastStatus === 'running' || row.lastStatus === 'queued') return row.lastStatus
  if (!row.enabled) return 'off'
  if (row.pausedReason !== null) return 'paused'
  if (row.lastStatus === 'failed') return 'failed'
  if (row.proof?.outcome === 'differs') return 'differs'
  if (row.held) return 'held'
  if (row.lastStatus === 'cancelled') return 'cancelled'
  return row.version === null ? 'never' : 'up_to_date'
}

/** A failure that a schema has no more, or that nobody waits for, is not shown. */
function problem(row: SchemaViewRow): ErrorView | null {
  if (row.lastStatus === 'running' || row.lastStatus === 'queued') return null
  if (!row.enabled) return row.unreadable
  if (row.lastError) return row.lastError
  if (row.pausedReason !== null) return { code: 'source', title: row.pausedReason, isRetryable: false }
  return row.version === null ? row.unreadable : null
}
