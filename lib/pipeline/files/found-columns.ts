import { z } from 'zod'
import type { FileColumn } from '@/lib/warehouse/formats/format'
import { mergeTypes } from '@/lib/warehouse/types/merge-types'

const NOTES_MAX = 20

/** What one object, or several that are alike, have: as JSON, it can be kept. */
export const Findings = z.object({
  /** `types`: of its pieces. */
  columns: z.array(z.object({ name: z.string(), types: z.array(z.string()), note: z.string().nullable() })),
  notes: z.array(z.string()),
})
export type Findings = z.infer<typeof Findings>

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
  private readonly told = new Map<string, { address: string; files: number }>()

  add(columns: Pick<FileColumn, 'name' | 'type' | 'note'>[], address: string): void {
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

  /** What people should know of a file. The same of many files is said once. */
  addNotes(notes: string[], address: string, files = 1): void {
    for (const note of notes) {
      const known = this.told.get(note)
      if (known) known.files += files
      else if (this.told.size < NOTES_MAX) this.told.set(note, { address, files })
    }
  }

  /** What so many files were found to have, of which one has this address. */
  include({ columns, notes }: Findings, address: string, files = 1): void {
    for (const { name, types, note } of columns) this.add(types.map((type) => ({ name, type, ...(note === null ? {} : { note }) })), address)
    this.addNotes(notes, address, files)
  }

  get findings(): Findings {
    return { columns: this.all.map(({ name, types, note }) => ({ name, types: [...types], note })), notes: [...this.told.keys()] }
  }

  get notes(): string[] {
    return [...this.told].map(([note, { address, files }]) => `${note} (${address}${files > 1 ? ` and ${files - 1} more` : ''})`)
  }

  get all(): FoundColumn[] {
    return [...this.byName.values()]
  }
}
