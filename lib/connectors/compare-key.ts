import { rangeRefusal } from '@/lib/core/row-text'
import type { DiscoveredSchema } from './contract'

type Compared = Pick<DiscoveredSchema, 'isComparable' | 'kind' | 'primaryKey' | 'columns'>

/** By which key rows of a table can be found at its source and here, so that those that differ can be named and mended; or why not. */
export function compareKey({ isComparable, kind, primaryKey, columns }: Compared, keyColumns: string[] = primaryKey): { key: string[] } | { refusal: string } {
  if (!isComparable) return { refusal: kind === 'table' || kind === 'partitioned table' ? 'Its source cannot be asked for checksums' : `A ${kind} has no rows of its own to compare` }
  if (!primaryKey.length) return { refusal: 'It has no primary key, so that a row that is gone cannot be told' }
  if (primaryKey.length !== keyColumns.length || !primaryKey.every((name) => keyColumns.includes(name))) return { refusal: 'The key columns that were chosen for it are not its primary key' }
  for (const name of primaryKey) {
    const refusal = rangeRefusal(name, columns.find((column) => column.name === name)?.type ?? 'unknown')
    if (refusal) return { refusal }
  }
  return { key: primaryKey }
}
