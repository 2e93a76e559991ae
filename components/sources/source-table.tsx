'use client'

import type { KeyboardEvent } from 'react'
import { Table, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { SourceView } from '@/lib/sources/schema'
import { ariaSort, SortButton, type SortState } from './sort-head'
import type { SourceSortKey } from './sort-sources'
import { SourceRow } from './source-row'
import { useStableOrder } from './use-stable-order'

interface SourceTableProps {
  label: string
  sources: SourceView[]
  open: ReadonlySet<string>
  onToggle(sourceId: string, isOpen: boolean): void
  sort: SortState<SourceSortKey> | null
  onSort(sort: SortState<SourceSortKey> | null): void
  orderKey: string
}

/** A row per source that opens into its schemas. Up and down move between the rows, right opens, left closes. */
export function SourceTable({ label, sources, open, onToggle, sort, onSort, orderKey }: SourceTableProps) {
  const { items, hold } = useStableOrder(sources, orderKey)
  const head = { sort, onSort }
  return (
    <Table aria-label={label} className="table-fixed" onKeyDown={moveFocus} {...hold}>
      <TableHeader>
        <TableRow>
          <TableHead aria-sort={ariaSort(sort, 'name')} className="first:pl-9"><SortButton sortKey="name" {...head}>Source</SortButton></TableHead>
          <TableHead aria-sort={ariaSort(sort, 'status')} className="hidden w-[32%] md:table-cell"><SortButton sortKey="status" {...head}>Status</SortButton></TableHead>
          <TableHead aria-sort={ariaSort(sort, 'frequency')} className="hidden w-28 lg:table-cell"><SortButton sortKey="frequency" {...head}>Frequency</SortButton></TableHead>
          <TableHead aria-sort={ariaSort(sort, 'lastSynced')} className="hidden w-40 lg:table-cell"><SortButton sortKey="lastSynced" {...head}>Last successful run</SortButton></TableHead>
          <TableHead aria-sort={ariaSort(sort, 'rows')} numeric className="hidden w-32 sm:table-cell"><SortButton sortKey="rows" {...head} className="flex-row-reverse">Rows</SortButton></TableHead>
          <TableHead aria-sort={ariaSort(sort, 'tables')} numeric className="hidden w-24 sm:table-cell"><SortButton sortKey="tables" {...head} className="flex-row-reverse">Tables</SortButton></TableHead>
          <TableHead className="w-12"><span className="sr-only">Menu</span></TableHead>
        </TableRow>
      </TableHeader>
      {items.map((source) => <SourceRow key={source.id} source={source} isOpen={open.has(source.id)} onToggle={onToggle} />)}
    </Table>
  )
}

function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const target = event.target as HTMLElement
  if (!target.matches('[data-source-toggle]') || event.altKey || event.ctrlKey || event.metaKey) return
  const toggles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-source-toggle]')]
  const place = toggles.indexOf(target)
  const isOpen = target.getAttribute('aria-expanded') === 'true'
  const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: toggles.length - 1 }[event.key]
  if (next !== undefined) toggles[next]?.focus()
  else if ((event.key === 'ArrowRight' && !isOpen) || (event.key === 'ArrowLeft' && isOpen)) target.click()
  else return
  event.preventDefault()
}
