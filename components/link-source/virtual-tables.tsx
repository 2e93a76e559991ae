'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { choiceOf, type LinkDraft } from './link-draft'
import { between, type TableSort } from './table-list'
import { rowGrid, TableRow } from './table-row'

const ROW_HEIGHT = 45
const OVERSCAN = 12

interface VirtualTablesProps {
  listed: DiscoveredSchema[]
  draft: LinkDraft
  sort: TableSort
  onSort(sort: TableSort): void
  onSelect(tables: DiscoveredSchema[], isSelected: boolean): void
  onOpen(kind: 'method' | 'columns', schema: DiscoveredSchema): void
}

/** The list of tables; only the rows in sight exist, so that ten thousand scroll like ten. */
export function VirtualTables({ listed, draft, sort, onSort, onSelect, onOpen }: VirtualTablesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const lastTicked = useRef<number>(null)
  const hasSizes = draft.found?.source.schemas.some((schema) => schema.rowsEstimate !== null || schema.bytesEstimate !== null) ?? false
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const virtual = useVirtualizer({
    count: listed.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => listed[index]?.name ?? index,
    overscan: OVERSCAN,
  })

  const tick = useCallback(
    (index: number, isTicked: boolean, isRange: boolean) => {
      const from = isRange && lastTicked.current !== null ? lastTicked.current : index
      lastTicked.current = index
      onSelect(between(listed, from, index), isTicked)
    },
    [listed, onSelect],
  )
  const expand = useCallback((name: string) => setExpanded((open) => (open.has(name) ? new Set([...open].filter((each) => each !== name)) : new Set([...open, name]))), [])

  /** Arrow keys go from tick to tick, also to rows that do not exist yet. */
  const focusRow = useCallback(
    (index: number) => {
      if (index < 0 || index >= listed.length) return
      virtual.scrollToIndex(index)
      const tick = () => scroller.current?.querySelector<HTMLElement>(`[data-tick="${index}"]`)
      const there = tick()
      if (there) there.focus({ preventScroll: true })
      else requestAnimationFrame(() => tick()?.focus({ preventScroll: true }))
    },
    [listed.length, virtual],
  )

  return (
    <div className="overflow-hidden rounded-md border border-border">
      <Header sort={sort} onSort={onSort} hasSizes={hasSizes} />
      <div ref={scroller} tabIndex={-1} className="max-h-[max(320px,calc(100dvh-400px))] overflow-y-auto overscroll-contain">
        <ul aria-label="Tables" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const schema = listed[item.index]
            if (!schema) return null
            return (
              <li key={item.key} ref={virtual.measureElement} data-index={item.index} aria-setsize={listed.length} aria-posinset={item.index + 1} className="absolute inset-x-0 top-0 border-b border-border" style={{ transform: `translateY(${item.start}px)` }}>
                <TableRow
                  schema={schema}
                  index={item.index}
                  choice={choiceOf(draft, schema)}
                  isTicked={draft.selected.has(schema.name)}
                  isExpanded={expanded.has(schema.name)}
                  hasSizes={hasSizes}
                  onTick={tick}
                  onExpand={expand}
                  onOpen={onOpen}
                  onFocusRow={focusRow}
                />
              </li>
            )
          })}
        </ul>
        {listed.length ? null : <p className="p-6 text-center text-muted-foreground">No table matches this filter.</p>}
      </div>
    </div>
  )
}

function Header({ sort, onSort, hasSizes }: { sort: TableSort; onSort(sort: TableSort): void; hasSizes: boolean }) {
  return (
    <div className={cn(rowGrid(hasSizes), 'hidden h-9 items-center border-b border-border bg-subtle text-xs text-muted-foreground md:grid')}>
      <span />
      <SortButton label="Table" by="name" sort={sort} onSort={onSort} />
      {hasSizes ? (
        <>
          <SortButton label="Rows" by="rows" sort={sort} onSort={onSort} isNumber />
          <SortButton label="Size" by="size" sort={sort} onSort={onSort} isNumber />
        </>
      ) : null}
      <span>Sync method</span>
      <span>Columns</span>
      <span />
    </div>
  )
}

interface SortButtonProps {
  label: string
  by: TableSort['by']
  sort: TableSort
  onSort(sort: TableSort): void
  isNumber?: boolean
}

function SortButton({ label, by, sort, onSort, isNumber = false }: SortButtonProps) {
  const isOn = sort.by === by
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp
  return (
    <button
      type="button"
      aria-label={`Sort by ${label.toLowerCase()}${isOn ? (sort.isDescending ? ', now from the greatest' : ', now from the least') : ''}`}
      className={cn('flex items-center gap-1 rounded-sm hover:text-foreground', isNumber && 'flex-row-reverse', isOn && 'font-medium text-foreground')}
      onClick={() => onSort({ by, isDescending: isOn ? !sort.isDescending : isNumber })}
    >
      {label}
      {isOn ? <Arrow aria-hidden className="size-3" /> : null}
    </button>
  )
}
