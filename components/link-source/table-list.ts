import type { DiscoveredSchema } from '@/lib/sources/schema'

export type TableSort = { by: 'name' | 'rows' | 'size'; isDescending: boolean }

export interface TableFilter {
  text: string
  show: 'all' | 'ticked' | 'unreadable'
  sort: TableSort
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The tables to show: those whose name holds every word, in the wanted order; ones that cannot be read come last. */
export function listedTables(schemas: DiscoveredSchema[], filter: TableFilter, selected: ReadonlySet<string>): DiscoveredSchema[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = schemas.filter((schema) => {
    const name = schema.name.toLowerCase()
    const isShown = filter.show === 'all' || (filter.show === 'ticked' ? selected.has(schema.name) : schema.problem !== null)
    return isShown && words.every((word) => name.includes(word))
  })
  const { by, isDescending } = filter.sort
  const direction = isDescending ? -1 : 1
  const size = (schema: DiscoveredSchema) => (by === 'rows' ? schema.rowsEstimate : schema.bytesEstimate) ?? -1
  return shown.sort((a, b) => {
    const unreadable = Number(a.problem !== null) - Number(b.problem !== null)
    if (unreadable) return unreadable
    const order = by === 'name' ? 0 : size(a) - size(b)
    return direction * (order || (by === 'name' ? collator.compare(a.name, b.name) : 0)) || collator.compare(a.name, b.name)
  })
}

/** The tables between two rows, both included; for ticking with Shift. */
export function between(listed: DiscoveredSchema[], from: number, to: number): DiscoveredSchema[] {
  return listed.slice(Math.min(from, to), Math.max(from, to) + 1)
}

export interface SelectionTotals {
  tables: number
  rows: number
  bytes: number
  /** Some of the tables have no estimate, so the numbers are a lower bound. */
  isPartial: boolean
}

export function selectionTotals(schemas: DiscoveredSchema[], selected: ReadonlySet<string>): SelectionTotals {
  const totals: SelectionTotals = { tables: 0, rows: 0, bytes: 0, isPartial: false }
  for (const schema of schemas) {
    if (!selected.has(schema.name)) continue
    totals.tables += 1
    totals.rows += schema.rowsEstimate ?? 0
    totals.bytes += schema.bytesEstimate ?? 0
    totals.isPartial ||= schema.rowsEstimate === null
  }
  return totals
}
