import { OWN_FILE_COLUMNS } from '@/lib/warehouse/file-columns'
import { mergeTypes } from '@/lib/warehouse/types/merge-types'
import type { TableSnapshot, VersionColumn } from '@/lib/warehouse/version'
import { nameTaker, type Warning } from '../plan-columns'
import type { FoundColumn } from './found-columns'

interface ColumnsInput {
  former: TableSnapshot | null
  /** Do rows of the former version stay? */
  mode: 'merge' | 'replace'
  greatestFieldId: number
  found: FoundColumn[]
  /** Columns whose values the merged type could not all hold: they become text. */
  inexact: ReadonlySet<string>
}

/**
 * The columns of the next version. A type only ever becomes wider while rows of the former version stay, and files that are in it already are cast when they are
 * read: nothing is fetched again. A field id stands for one column with one type for ever.
 */
export function planFileColumns({ former, mode, greatestFieldId, found, inexact }: ColumnsInput): { columns: VersionColumn[]; warnings: Warning[] } {
  const formerColumns = former?.columns ?? []
  const warnings: Warning[] = []
  let fieldId = Math.max(greatestFieldId, 0, ...formerColumns.map((column) => column.fieldId))
  const own = OWN_FILE_COLUMNS.map(({ name, type }) => formerColumns.find((column) => column.sourceName === null && column.name === name) ?? { fieldId: ++fieldId, name, sourceName: null, sourceType: '', type, isPresent: true })
  const foundNames = new Set(found.map(({ name }) => name))
  const staying = mode === 'merge' ? formerColumns.filter(({ sourceName }) => sourceName !== null && !foundNames.has(sourceName)) : []
  const reused = formerColumns.filter(({ sourceName }) => sourceName !== null && (mode === 'merge' || foundNames.has(sourceName)))
  const takeName = nameTaker([...own, ...reused].map(({ name }) => name))

  const columns = found.map((column): VersionColumn => {
    const known = formerColumns.find(({ sourceName }) => sourceName === column.name)
    const merged = known && mode === 'merge' ? mergeTypes(known.type, column.type) : column.type
    const type = inexact.has(column.name) ? 'VARCHAR' : merged
    const name = known?.name ?? takeName(column.name)
    if (name !== column.name && !known) warnings.push({ column: column.name, message: `It is called ${name} in the warehouse, since its own name is taken there` })
    if (known && mode === 'merge' && known.type !== type) warnings.push({ column: column.name, message: `It was ${known.type} and is ${type} now, since ${column.since} has other values; no file was read again for it` })
    if (column.note) warnings.push({ column: column.name, message: column.note })
    return { fieldId: known?.type === type ? known.fieldId : ++fieldId, name, sourceName: column.name, sourceType: column.types.join(', '), type, isPresent: true, ...(column.note ? { note: column.note } : {}) }
  })
  return { columns: [...inFormerOrder(formerColumns, [...columns, ...staying]), ...own], warnings }
}

/** People's queries see columns where they were; new ones come after them. */
function inFormerOrder(former: VersionColumn[], columns: VersionColumn[]): VersionColumn[] {
  const place = new Map(former.map(({ sourceName }, index) => [sourceName, index]))
  return columns.toSorted((a, b) => (place.get(a.sourceName) ?? Infinity) - (place.get(b.sourceName) ?? Infinity) || 0)
}
