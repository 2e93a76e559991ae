'use client'

import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState } from 'react'
import { formatCount } from '@/lib/core/format'
import type { QueryResult } from '@/lib/sql-editor/schema'
import { isNumberType } from './cell-text'
import { firstWidths } from './column-widths'
import { ResultCell } from './result-cell'
import { ResultHeader } from './result-header'
import type { SortBy } from './sort-rows'
import { useGridKeys, type CellPlace } from './use-grid-keys'

const ROW_HEIGHT = 30
const HEADER_HEIGHT = 44
const WIDTH = 120

interface ResultGridProps {
  result: QueryResult
  /** Which row of the result stands where. */
  order: number[]
  sort: SortBy | null
  onSort(sort: SortBy | null): void
  onOpenCell(place: CellPlace): void
}

/** The result as a table that draws only what is seen. Arrow keys move, Enter opens a cell, Ctrl-C copies it. */
export function ResultGrid({ result, order, sort, onSort, onOpenCell }: ResultGridProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [widths, setWidths] = useState(() => firstWidths(result.columns, result.rows))
  const gutter = 20 + String(result.rows.length).length * 8
  const getScrollElement = () => scroller.current
  const rows = useVirtualizer({ count: order.length, getScrollElement, estimateSize: () => ROW_HEIGHT, overscan: 10, paddingStart: HEADER_HEIGHT, scrollPaddingStart: HEADER_HEIGHT })
  const columns = useVirtualizer({ horizontal: true, count: result.columns.length, getScrollElement, estimateSize: (index) => widths[index] ?? WIDTH, overscan: 3, paddingStart: gutter, scrollPaddingStart: gutter })
  // the virtualizer keeps its own measurements until it is told; it is a new object on every drawing
  const measured = useRef(columns)
  measured.current = columns
  useEffect(() => measured.current.measure(), [widths])
  const keys = useGridKeys(result, order, ({ row, column }) => { rows.scrollToIndex(row); columns.scrollToIndex(column) }, onOpenCell)
  const { active } = keys
  const shown = columns.getVirtualItems()
  const resize = (index: number, width: number): void => setWidths((all) => all.map((one, at) => (at === index ? width : one)))

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Query result"
      aria-rowcount={order.length + 1}
      aria-colcount={result.columns.length + 1}
      aria-activedescendant={order.length > 0 ? `${id}-${active.row}-${active.column}` : undefined}
      tabIndex={0}
      onKeyDown={keys.onKeyDown}
      className="group/grid relative min-h-0 flex-1 overflow-auto text-sm focus-visible:outline-none"
    >
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize(), width: columns.getTotalSize() }}>
        <div role="row" aria-rowindex={1} className="sticky top-0 z-20 border-b bg-subtle" style={{ height: HEADER_HEIGHT }}>
          <div role="columnheader" aria-colindex={1} aria-label="Row" className="sticky left-0 z-20 h-full border-r bg-subtle" style={{ width: gutter }} />
          {shown.map(({ index, start }) => {
            const column = result.columns[index]
            return column ? <ResultHeader key={index} id={`${id}-head-${index}`} index={index} column={column} left={start} width={widths[index] ?? WIDTH} sort={sort} onSort={() => onSort(nextSort(sort, index))} onResize={(width) => resize(index, width)} /> : null
          })}
        </div>
        {rows.getVirtualItems().map((item) => (
          <GridRow key={item.key} id={id} item={item} gutter={gutter} shown={shown} widths={widths} result={result} row={order[item.index] ?? -1} active={active} onActive={keys.setActive} onOpenCell={onOpenCell} />
        ))}
      </div>
    </div>
  )
}

interface GridRowProps {
  id: string
  item: VirtualItem
  gutter: number
  shown: VirtualItem[]
  widths: number[]
  result: QueryResult
  /** Its index in the result. */
  row: number
  active: CellPlace
  onActive(place: CellPlace): void
  onOpenCell(place: CellPlace): void
}

function GridRow({ id, item, gutter, shown, widths, result, row, active, onActive, onOpenCell }: GridRowProps) {
  return (
    <div role="row" aria-rowindex={item.index + 2} className="absolute inset-x-0 top-0 border-b hover:bg-muted/60" style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}>
      <div role="rowheader" aria-colindex={1} className="sticky left-0 z-10 flex h-full items-center justify-end border-r bg-background pr-2 text-xs text-muted-foreground tabular-nums" style={{ width: gutter }}>
        {formatCount(item.index + 1)}
      </div>
      {shown.map(({ index, start }) => {
        const place = { row: item.index, column: index }
        const isNumber = isNumberType(result.columns[index]?.type ?? '')
        return <ResultCell key={index} id={`${id}-${item.index}-${index}`} value={result.rows[row]?.[index]} column={index} left={start} width={widths[index] ?? WIDTH} isNumber={isNumber} isActive={active.row === item.index && active.column === index} onClick={() => onActive(place)} onOpen={() => onOpenCell(place)} />
      })}
    </div>
  )
}

/** Ascending, descending, as it came. */
function nextSort(sort: SortBy | null, column: number): SortBy | null {
  if (sort?.column !== column) return { column, isDescending: false }
  return sort.isDescending ? null : { column, isDescending: true }
}
