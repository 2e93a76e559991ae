import type { StatusTone } from '@/components/ui/status-badge'
import { frequencyLabels } from '@/components/syncs/frequency-labels'
import { formatPercent, formatQuantity } from '@/lib/core/format'
import type { SchemaStatus, SchemaView, SourceStatus, SourceView } from '@/lib/sources/schema'

export const sourceTones: Record<SourceStatus, StatusTone> = { up_to_date: 'fine', syncing: 'running', differs: 'broken', held: 'waiting', failed: 'broken', paused: 'paused', never: 'none' }
export const sourceLabels: Record<SourceStatus, string> = { up_to_date: 'Up to date', syncing: 'Syncing', differs: 'Differs from the source', held: 'Waiting for you', failed: 'Failed', paused: 'Paused', never: 'Not synced yet' }

export const schemaTones: Record<SchemaStatus, StatusTone> = {
  up_to_date: 'fine', queued: 'waiting', running: 'running', differs: 'broken', held: 'waiting', failed: 'broken', paused: 'broken', never: 'none', cancelled: 'paused', off: 'paused',
}
export const schemaLabels: Record<SchemaStatus, string> = {
  up_to_date: 'Up to date', queued: 'Queued', running: 'Syncing', differs: 'Differs from the source', held: 'Waiting for you', failed: 'Failed', paused: 'Stopped', never: 'Not synced yet', cancelled: 'Cancelled', off: 'Paused',
}

/** "Syncing 64 %", "2 of 9 failed", "Up to date". */
export function sourceStatusWords(source: SourceView): string {
  if (source.status === 'syncing') {
    if (source.runningSchemas === 0) return 'Queued'
    return source.progress === null ? 'Syncing' : `Syncing ${formatPercent(source.progress)}`
  }
  if (source.status === 'failed' && source.failedSchemas < source.enabledSchemas) return `${formatQuantity(source.failedSchemas, 'table')} failed`
  if (source.status === 'differs' && source.totalSchemas > 1) return source.differingSchemas === 1 ? '1 table differs' : `${formatQuantity(source.differingSchemas, 'table')} differ`
  if (source.status === 'held' && source.totalSchemas > 1) return `${formatQuantity(source.heldSchemas, 'table')} waiting for you`
  return sourceLabels[source.status]
}

/** "Follow changes", "New and changed files", "Incremental · updated_at", "Full table", "Not set up". */
export function methodWords(schema: Pick<SchemaView, 'method' | 'replicationKey' | 'tracking'>): string {
  if (schema.tracking === 'files') return 'New and changed files'
  if (schema.method === 'incremental') return schema.tracking === 'changes' ? 'Follow changes' : `Incremental · ${schema.replicationKey}`
  return schema.method === 'full' ? 'Full table' : 'Not set up'
}

/** "everything listed: weekly", "reconciled: daily"; null where deletions are not looked for. */
export function listingWords({ method, tracking, canReconcile, reconcileFrequency }: Pick<SchemaView, 'method' | 'tracking' | 'canReconcile' | 'reconcileFrequency'>): string | null {
  if (!canReconcile || method !== 'incremental') return null
  return `${tracking === null ? 'reconciled' : 'everything listed'}: ${reconcileFrequency === null ? 'never' : frequencyLabels[reconcileFrequency].toLowerCase()}`
}

/** "postgres · shop_": the connector and the prefix of its tables. */
export function connectorWords(source: Pick<SourceView, 'connectorLabel' | 'prefix'>): string {
  return source.prefix ? `${source.connectorLabel} · ${source.prefix}` : source.connectorLabel
}
