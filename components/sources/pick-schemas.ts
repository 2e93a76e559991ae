import type { SchemaStatus, SchemaView } from '@/lib/sources/schema'
import type { SortState } from './sort-head'

export const schemaSortKeys = ['name', 'enabled', 'tableName', 'method', 'lastSynced', 'rows', 'status'] as const
export type SchemaSortKey = (typeof schemaSortKeys)[number]

export const schemaFilters = ['all', 'on', 'off', 'active', 'failed', 'differs', 'held'] as const
export type SchemaFilter = (typeof schemaFilters)[number]
export const schemaFilterLabels: Record<SchemaFilter, string> = { all: 'All', on: 'On', off: 'Off', active: 'Syncing', failed: 'Failed', differs: 'Differs', held: 'Waiting for you' }

const matches: Record<SchemaFilter, (schema: SchemaView) => boolean> = {
  all: () => true,
  on: (schema) => schema.enabled,
  off: (schema) => !schema.enabled,
  active: (schema) => schema.activeRun !== null,
  failed: (schema) => schema.status === 'failed' || schema.status === 'paused',
  differs: (schema) => schema.proof?.outcome === 'differs',
  held: (schema) => schema.held !== null,
}

const statusPlace: Record<SchemaStatus, number> = { failed: 0, paused: 1, differs: 2, held: 3, running: 4, queued: 5, cancelled: 6, never: 7, up_to_date: 8, off: 9 }

const byName = (a: SchemaView, b: SchemaView) => a.name.localeCompare(b.name, 'en', { numeric: true, sensitivity: 'base' })

const compare: Record<SchemaSortKey, (a: SchemaView, b: SchemaView) => number> = {
  name: byName,
  enabled: (a, b) => Number(b.enabled) - Number(a.enabled),
  tableName: (a, b) => (a.tableName < b.tableName ? -1 : 1),
  method: (a, b) => (a.method ?? '~').localeCompare(b.method ?? '~'),
  lastSynced: (a, b) => Date.parse(a.lastSyncedAt ?? '1970-01-01') - Date.parse(b.lastSyncedAt ?? '1970-01-01'),
  rows: (a, b) => a.rows - b.rows,
  status: (a, b) => statusPlace[a.status] - statusPlace[b.status],
}

/** The schemas that match the search (name, table) and the filter, sorted; without a sort by name. */
export function pickSchemas(schemas: SchemaView[], { search, filter, sort }: { search: string; filter: SchemaFilter; sort: SortState<SchemaSortKey> | null }): SchemaView[] {
  const wanted = search.trim().toLowerCase()
  const picked = schemas.filter((schema) => matches[filter](schema) && (!wanted || schema.name.toLowerCase().includes(wanted) || schema.tableName.includes(wanted)))
  const direction = sort?.isDescending ? -1 : 1
  return picked.sort((a, b) => (sort ? direction * compare[sort.key](a, b) : byName(a, b)))
}
