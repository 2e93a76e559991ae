'use client'

import { ArrowDown, ArrowUp } from 'lucide-react'
import { cn } from '@/components/ui/cn'

export interface SortState<K extends string> {
  key: K
  isDescending: boolean
}

interface SortButtonProps<K extends string> {
  sortKey: K
  sort: SortState<K> | null
  /** Null goes back to the list's own order. */
  onSort(sort: SortState<K> | null): void
  children: string
  className?: string
}

export function ariaSort<K extends string>(sort: SortState<K> | null, key: K): 'ascending' | 'descending' | undefined {
  if (sort?.key !== key) return undefined
  return sort.isDescending ? 'descending' : 'ascending'
}

/** A column's head that sorts by it: up, down, and back to the list's own order. */
export function SortButton<K extends string>({ sortKey, sort, onSort, children, className }: SortButtonProps<K>) {
  const isSorted = sort?.key === sortKey
  const Arrow = sort?.isDescending ? ArrowDown : ArrowUp
  const next = !isSorted ? { key: sortKey, isDescending: false } : sort.isDescending ? null : { key: sortKey, isDescending: true }
  return (
    <button type="button" onClick={() => onSort(next)} className={cn('inline-flex items-center gap-1 rounded-sm align-middle font-medium hover:text-foreground', isSorted && 'text-foreground', className)}>
      {children}
      <Arrow aria-hidden className={cn('size-3', !isSorted && 'invisible')} />
    </button>
  )
}

/** `name` or `-name` of an address, when it is one of the keys. */
export function readSort<K extends string>(text: string | null, keys: readonly K[]): SortState<K> | null {
  const name = text?.replace(/^-/, '')
  const key = keys.find((each) => each === name)
  return key ? { key, isDescending: text?.startsWith('-') ?? false } : null
}

export function writeSort<K extends string>(sort: SortState<K> | null): string | null {
  return sort && `${sort.isDescending ? '-' : ''}${sort.key}`
}
