import type { SourceStatus, SourceView } from '@/lib/sources/schema'
import type { SortState } from './sort-head'

export const sourceSortKeys = ['name', 'status', 'frequency', 'lastSynced', 'rows', 'tables'] as const
export type SourceSortKey = (typeof sourceSortKeys)[number]

const statusPlace: Record<SourceStatus, number> = { failed: 0, differs: 1, held: 2, syncing: 3, paused: 4, never: 5, up_to_date: 6 }
const frequencyPlace = ['five_minutes', 'thirty_minutes', 'hour', 'six_hours', 'twelve_hours', 'day', 'week', 'month']

const compare: Record<SourceSortKey, (a: SourceView, b: SourceView) => number> = {
  name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true, sensitivity: 'base' }),
  status: (a, b) => statusPlace[a.status] - statusPlace[b.status],
  frequency: (a, b) => frequencyPlace.indexOf(a.frequency ?? '') - frequencyPlace.indexOf(b.frequency ?? ''),
  lastSynced: (a, b) => Date.parse(a.lastSyncedAt ?? '1970-01-01') - Date.parse(b.lastSyncedAt ?? '1970-01-01'),
  rows: (a, b) => a.rows - b.rows,
  tables: (a, b) => a.totalSchemas - b.totalSchemas,
}

/** The sources that match the search (name, connector, prefix) and the status, sorted; without a sort in the order they were linked. */
export function pickSources(sources: SourceView[], { search, status, sort }: { search: string; status: string | null; sort: SortState<SourceSortKey> | null }): SourceView[] {
  const wanted = search.trim().toLowerCase()
  const picked = sources.filter((source) => (!status || source.status === status) && (!wanted || `${source.name}\n${source.connectorLabel}\n${source.prefix}`.toLowerCase().includes(wanted)))
  if (!sort) return picked
  const direction = sort.isDescending ? -1 : 1
  return picked.sort((a, b) => direction * compare[sort.key](a, b))
}
