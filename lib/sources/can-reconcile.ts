import type { DiscoveredSchema } from '@/lib/connectors/contract'

/**
 * Is it of any use to list everything from time to time, for deletions that nobody told? Only where changes are followed, and
 * where a row that is no longer listed was deleted: a source that forgets its rows deletes nothing.
 */
export function canReconcile({ tracking, forgets }: Pick<DiscoveredSchema, 'tracking' | 'forgets'>): boolean {
  return tracking === 'changes' && !forgets
}
