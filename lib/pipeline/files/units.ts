import { limits } from '@/lib/core/limits'
import type { WorkItem } from '@/lib/warehouse/manifest'

/** What is read in one go: one object, or several small ones. */
export type Unit = { kind: 'object'; item: WorkItem } | { kind: 'group'; items: WorkItem[] }

/** Gathers small objects, so that a million of them do not become a million data files. */
export async function* unitsOf(items: AsyncIterable<WorkItem>, hasGroups: boolean): AsyncGenerator<Unit> {
  const { smallBytes, groupBytes, groupObjects } = limits.files
  let group: WorkItem[] = []
  let bytes = 0
  for await (const item of items) {
    if (!hasGroups || item.bytes === null || item.bytes >= smallBytes) {
      yield { kind: 'object', item }
      continue
    }
    group.push(item)
    bytes += item.bytes
    if (group.length < groupObjects && bytes < groupBytes) continue
    yield unitOf(group)
    group = []
    bytes = 0
  }
  if (group.length) yield unitOf(group)
}

function unitOf(items: WorkItem[]): Unit {
  const [item] = items
  return items.length === 1 && item ? { kind: 'object', item } : { kind: 'group', items }
}
