'use client'

import { startTransition, useEffect, useState, type KeyboardEvent } from 'react'
import { cn } from '@/components/ui/cn'
import type { SourceView } from '@/lib/sources/schema'
import { ariaSort, SortButton, type SortState } from './sort-head'
import type { SourceSortKey } from './sort-sources'
import { fromLarge, fromMedium, fromSmall, sourceGrid } from './source-columns'
import { SourceRow } from './source-row'
import { useStableOrder } from './use-stable-order'

/** The server draws what a large window shows; the browser draws the rest a moment later, below the fold. */
const DRAWN_FIRST = 40
const ROW_PX = 57

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
  const drawn = useDrawn()
  const head = (key: SourceSortKey, label: string, className?: string) => (
    <div role="columnheader" aria-sort={ariaSort(sort, key)} className={className}>
      <SortButton sortKey={key} sort={sort} onSort={onSort} className={className?.includes('text-right') ? 'flex-row-reverse' : undefined}>{label}</SortButton>
    </div>
  )
  return (
    <div role="table" aria-label={label} onKeyDown={moveFocus} {...hold}>
      <div role="rowgroup">
        <div role="row" className={cn(sourceGrid, 'h-8 items-center border-b text-xs whitespace-nowrap text-muted-foreground')}>
          {head('name', 'Source', 'pl-6')}
          {head('status', 'Status', fromMedium)}
          {head('frequency', 'Frequency', fromLarge)}
          {head('lastSynced', 'Last successful run', fromLarge)}
          {head('rows', 'Rows', cn(fromSmall, 'text-right'))}
          {head('tables', 'Tables', cn(fromSmall, 'text-right'))}
          <div role="columnheader"><span className="sr-only">Menu</span></div>
        </div>
      </div>
      {items.slice(0, drawn).map((source) => <SourceRow key={source.id} source={source} isOpen={open.has(source.id)} onToggle={onToggle} />)}
      {items.length > drawn ? <div role="presentation" style={{ height: (items.length - drawn) * ROW_PX }} /> : null}
    </div>
  )
}

function useDrawn(): number {
  const [drawn, setDrawn] = useState(DRAWN_FIRST)
  useEffect(() => startTransition(() => setDrawn(Number.POSITIVE_INFINITY)), [])
  return drawn
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
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
