import type { FileColumn } from '@/lib/warehouse/formats/format'
import { mergeTypes } from '@/lib/warehouse/types/merge-types'

export interface FoundColumn {
  name: string
  /** The merge of all types that files have for it. */
  type: string
  /** Every type that a file of this run has for it. */
  types: Set<string>
  /** The file that made the type what it is. */
  since: string
  note: string | null
}

/**
 * The columns that the files of a run have. What a file's own types are depends on that file alone, and the order of files does not matter to the merge:
 * so a table that was read a file at a time equals one that was read at once.
 */
export class FoundColumns {
  private readonly byName = new Map<string, FoundColumn>()

  add(columns: FileColumn[], address: string): void {
    for (const { name, type, note } of columns) {
      const known = this.byName.get(name)
      if (!known) {
        this.byName.set(name, { name, type, types: new Set([type]), since: address, note: note ?? null })
        continue
      }
      known.types.add(type)
      known.note ??= note ?? null
      const merged = mergeTypes(known.type, type)
      if (merged === known.type) continue
      known.type = merged
      known.since = address
    }
  }

  get all(): FoundColumn[] {
    return [...this.byName.values()]
  }
}
