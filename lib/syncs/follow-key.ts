import { z } from 'zod'
import type { DiscoveredSchema } from '@/lib/connectors/contract'
import type { SchemaRow } from '@/lib/db/schemas'

const Known = z.object({ primaryKey: z.array(z.string()) })

/**
 * The key columns of an incremental schema whose primary key has changed upstream, when it is the primary key that it goes by: by the former one, rows that differ in a new column of the key would be
 * taken for one row. Null when they stay: they were chosen in its place, or there is no primary key any more.
 */
export function followedKey({ method, keyColumns, discovered }: Pick<SchemaRow, 'method' | 'keyColumns' | 'discovered'>, { primaryKey, tracking }: Pick<DiscoveredSchema, 'primaryKey' | 'tracking'>): string[] | null {
  const before = Known.safeParse(discovered).data?.primaryKey ?? []
  if (method !== 'incremental' || tracking || !before.length || !primaryKey.length) return null
  return isSame(keyColumns, before) && !isSame(keyColumns, primaryKey) ? primaryKey : null
}

function isSame(some: string[], others: string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name))
}
