import type { ColumnChange } from './column-change'

const NAMED = 4

/** "note is new, old is gone, size is BIGINT instead of INTEGER, and 3 more columns". */
export function columnChangeWords(changes: ColumnChange[]): string {
  const more = changes.length - NAMED
  return [...changes.slice(0, NAMED).map(changeWords), ...(more > 0 ? [`and ${more} more ${more === 1 ? 'column' : 'columns'}`] : [])].join(', ')
}

function changeWords({ column, kind, type, from }: ColumnChange): string {
  if (kind === 'retyped') return `${column} is ${type} instead of ${from ?? 'another type'}`
  return `${column} ${{ new: 'is new', gone: 'is gone', back: 'is back', removed: 'is left out' }[kind]}`
}

/** What stands beside the column itself: "New since version 12". */
export function sinceWords({ kind, from }: ColumnChange, version: number): string {
  if (kind === 'retyped') return `${from ?? 'Another type'} until version ${version}`
  return `${{ new: 'New', gone: 'Gone', back: 'Back', removed: 'Left out' }[kind]} since version ${version}`
}
