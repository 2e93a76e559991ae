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
  /** Every type that a file of this run has for it, in the order of their names. */
  types: string[]
  /** The file that made the type what it is. */
  since: string
  note: string | null
}

interface Known {
  /** The first file that has it, by address, and its place in that file. */
  first: { address: string; place: number }
  /** By type, the first file that has it. */
  types: Map<string, string>
  note: { address: string; text: string } | null
}

/**
 * The columns that the files of a run have. What a file's own types are depends on that file alone, and the order in which files come does not matter to the merge, to the
 * order of the columns or to what is said of them: so a table that was read a file at a time, or in two goes, equals one that was read at once.
 */
export class FoundColumns {
  private readonly byName = new Map<string, Known>()
  private readonly told = new Map<string, { address: string; files: number }>()

  add(columns: Pick<FileColumn, 'name' | 'type' | 'note'>[], address: string): void {
    columns.forEach(({ name, type, note = null }, place) => this.put({ name, types: [type], note }, address, place))
  }

  /** What people should know of a file. The same of many files is said once. */
  addNotes(notes: string[], address: string, files = 1): void {
    for (const note of notes) {
      const known = this.told.get(note)
      if (known) Object.assign(known, { files: known.files + files, address: first(known.address, address) })
      else if (this.told.size < NOTES_MAX) this.told.set(note, { address, files })
    }
  }

  /** What so many files were found to have, of which the first has this address. */
  include({ columns, notes }: Findings, address: string, files = 1): void {
    columns.forEach((column, place) => this.put(column, address, place))
    this.addNotes(notes, address, files)
  }

  get findings(): Findings {
    return { columns: this.all.map(({ name, types, note }) => ({ name, types, note })), notes: [...this.told.keys()] }
  }

  get notes(): string[] {
    return [...this.told].map(([note, { address, files }]) => `${note} (${address}${files > 1 ? ` and ${files - 1} more` : ''})`).sort()
  }

  get all(): FoundColumn[] {
    const known = [...this.byName].sort(([, a], [, b]) => (a.first.address === b.first.address ? a.first.place - b.first.place : a.first.address < b.first.address ? -1 : 1))
    return known.map(([name, { types, note }]) => {
      const inOrder = [...types.keys()].sort()
      const type = inOrder.reduce(mergeTypes)
      return { name, type, types: inOrder, since: types.get(type) ?? [...types.values()].reduce((last, address) => (address > last ? address : last)), note: note?.text ?? null }
    })
  }

  private put({ name, types, note }: { name: string; types: string[]; note: string | null }, address: string, place: number): void {
    let known = this.byName.get(name)
    if (!known) this.byName.set(name, (known = { first: { address, place }, types: new Map(), note: null }))
    if (address < known.first.address) known.first = { address, place }
    for (const type of types) known.types.set(type, first(known.types.get(type) ?? address, address))
    if (note !== null && (!known.note || address < known.note.address)) known.note = { address, text: note }
  }
}

function first(a: string, b: string): string {
  return a < b ? a : b
}
