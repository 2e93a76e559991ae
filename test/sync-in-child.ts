import { inChild } from './in-child'
import { MemorySource, column } from './memory-source'
import type { ChildOrder } from './sync-child'

/** Run a sync in a process of its own, that kills itself; gives the signal that ended it, null when it lived to the end. */
export function syncInChild(order: ChildOrder): Promise<NodeJS.Signals | null> {
  return inChild('test/sync-child.ts', order)
}

/** A table with a key, what changed last and a name, in batches that a sync can be killed between. */
export function changingSource(rows: string[][]): MemorySource {
  const made = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  made.primaryKey = ['id']
  made.batchRows = 5_000
  made.rows = rows
  return made
}
