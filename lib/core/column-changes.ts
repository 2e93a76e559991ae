import type { ColumnChange } from './column-change'

interface Column {
  name: string
  sourceName: string | null
  type: string
  isPresent: boolean
}

/** What a version does to the columns of the one before; our own two do not count, nor does their order. */
export function columnChanges(before: Column[], after: Column[]): ColumnChange[] {
  const former = new Map(before.map((column) => [column.sourceName, column]))
  const names = new Set(after.map(({ sourceName }) => sourceName))
  const changed = after.flatMap((column): ColumnChange[] => {
    if (column.sourceName === null) return []
    const known = former.get(column.sourceName)
    const told = { column: column.name, type: column.type }
    if (!known) return [{ ...told, kind: 'new' }]
    if (known.isPresent !== column.isPresent) return [{ ...told, kind: column.isPresent ? 'back' : 'gone' }]
    return known.type === column.type ? [] : [{ ...told, kind: 'retyped', from: known.type }]
  })
  const removed = before.filter(({ sourceName }) => sourceName !== null && !names.has(sourceName))
  return [...changed, ...removed.map(({ name, type }): ColumnChange => ({ column: name, kind: 'removed', type }))]
}
