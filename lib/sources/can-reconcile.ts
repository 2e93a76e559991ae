import { compareKey } from '@/lib/connectors/compare-key'
import type { DiscoveredSchema } from '@/lib/connectors/contract'

/**
 * Is it of any use to look for deletions from time to time, that nobody told? Where changes are followed, everything is listed, unless the source forgets
 * its rows: a row that is no longer listed was not deleted then. A table is compared with its source by its primary key.
 */
export function canReconcile({ tracking, forgets, isComparable, primaryKey }: Pick<DiscoveredSchema, 'tracking' | 'forgets' | 'isComparable' | 'primaryKey'>): boolean {
  if (tracking) return tracking === 'changes' && !forgets
  return isComparable === true && primaryKey.length > 0
}

/** Why deletions cannot be looked for, in words; null when they can. */
export function reconcileRefusal(discovered: DiscoveredSchema, keyColumns: string[]): string | null {
  const { name, tracking, forgets, primaryKey } = discovered
  if (tracking === 'changes' && forgets) return `A periodic listing of ${name} would find no deletion: its source forgets rows as they age`
  if (tracking) return canReconcile(discovered) ? null : `${name} does not follow changes: a periodic listing is only for schemas that do`
  const found = compareKey(discovered, keyColumns.length ? keyColumns : primaryKey)
  return 'refusal' in found ? `${name} cannot be reconciled. ${found.refusal}` : null
}
