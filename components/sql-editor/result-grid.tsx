'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { cn } from '@/components/ui/cn'
import { copyText } from '@/components/ui/copy-text'
import { toast } from '@/components/ui/toaster'
import { formatCount } from '@/lib/core/format'
import type { CellValue, QueryResult } from '@/lib/sql-editor/schema'
import { cellText, isNumberType, rowsAsText } from './cell-text'
import { firstWidths } from './column-widths'
import { ResultHeader } from './result-header'
import type { SortBy } from './sort-rows'

const ROW_HEIGHT = 30
const HEADER_HEIGHT = 44
const SHOWN_LETTERS = 300

export interface CellPlace {
  /** The row as it is shown, from 0. */
  row: number
  column: number
}

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
  const [active, setActive] = useState<CellPlace>({ row: 0, column: 0 })
  const gutter = 20 + String(result.rows.length).length * 8
  const rows = useVirtualizer({ count: order.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 10, paddingStart: HEADER_HEIGHT, scrollPaddingStart: HEADER_HEIGHT })
  const columns = useVirtualizer({ horizontal: true, count: result.columns.length, getScrollElement: () => scroller.current, estimateSize: (index) => widths[index] ?? 120, overscan: 3, paddingStart: gutter, scrollPaddingStart: gutter })
  // the virtualizer keeps its own measurements until it is told; it is a new object on every drawing
  const measured = useRef(columns)
  measured.current = columns
  useEffect(() => measured.current.measure(), [widths])

  const numbers = useMemo(() => result.columns.map((column) => isNumberType(column.type)), [result.columns])
  const valueAt = (place: CellPlace): CellValue | undefined => result.rows[order[place.row] ?? -1]?.[place.column]

  const move = (row: number, column: number): void => {
    const next = { row: clamp(row, order.length), column: clamp(column, result.columns.length) }
    setActive(next)
    rows.scrollToIndex(next.row)
    columns.scrollToIndex(next.column)
  }
  const copyCell = async (isRow: boolean): Promise<void> => {
    const row = result.rows[order[active.row] ?? -1] ?? []
    const copied = await copyText(isRow ? rowsAsText(null, [row]) : cellText(row[active.column]))
    if (copied) toast.success(isRow ? 'Row copied' : 'Cell copied', { duration: 1_500 })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const isMod = event.ctrlKey || event.metaKey
    if (isMod && event.key.toLowerCase() === 'c' && !window.getSelection()?.toString()) {
      event.preventDefault()
      void copyCell(event.shiftKey)
      return
    }
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(active.row + 1, active.column),
      ArrowUp: () => move(active.row - 1, active.column),
      ArrowRight: () => move(active.row, active.column + 1),
      ArrowLeft: () => move(active.row, active.column - 1),
      PageDown: () => move(active.row + 15, active.column),
      PageUp: () => move(active.row - 15, active.column),
      Home: () => move(isMod ? 0 : active.row, 0),
      End: () => move(isMod ? order.length - 1 : active.row, result.columns.length - 1),
      Enter: () => onOpenCell(active),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }

  const shownColumns = columns.getVirtualItems()
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Query result"
      aria-rowcount={order.length + 1}
      aria-colcount={result.columns.length + 1}
      aria-activedescendant={order.length > 0 ? `${id}-${active.row}-${active.column}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="group/grid relative min-h-0 flex-1 overflow-auto text-sm focus-visible:outline-none"
    >
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize(), width: columns.getTotalSize() }}>
        <div role="row" aria-rowindex={1} className="sticky top-0 z-20 border-b bg-subtle" style={{ height: HEADER_HEIGHT }}>
          <div role="columnheader" aria-colindex={1} aria-label="Row" className="sticky left-0 z-20 h-full border-r bg-subtle" style={{ width: gutter }} />
          {shownColumns.map(({ index, start }) => {
            const column = result.columns[index]
            if (!column) return null
            return (
              <ResultHeader
                key={index}
                id={`${id}-head-${index}`}
                index={index}
                column={column}
                left={start}
                width={widths[index] ?? 120}
                sort={sort}
                onSort={() => onSort(nextSort(sort, index))}
                onResize={(width) => setWidths((all) => all.map((one, at) => (at === index ? width : one)))}
              />
            )
          })}
        </div>
        {rows.getVirtualItems().map((item) => (
          <div key={item.key} role="row" aria-rowindex={item.index + 2} className="absolute inset-x-0 top-0 border-b hover:bg-muted/60" style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}>
            <div role="rowheader" aria-colindex={1} className="sticky left-0 z-10 flex h-full items-center justify-end border-r bg-background pr-2 text-xs text-muted-foreground tabular-nums" style={{ width: gutter }}>
              {formatCount(item.index + 1)}
            </div>
            {shownColumns.map(({ index, start }) => (
              <Cell
                key={index}
                id={`${id}-${item.index}-${index}`}
                value={valueAt({ row: item.index, column: index })}
                column={index}
                left={start}
                width={widths[index] ?? 120}
                isNumber={numbers[index] ?? false}
                isActive={active.row === item.index && active.column === index}
                onClick={() => setActive({ row: item.index, column: index })}
                onOpen={() => onOpenCell({ row: item.index, column: index })}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

interface CellProps {
  id: string
  value: CellValue | undefined
  column: number
  left: number
  width: number
  isNumber: boolean
  isActive: boolean
  onClick(): void
  onOpen(): void
}

function Cell({ id, value, column, left, width, isNumber, isActive, onClick, onOpen }: CellProps) {
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={isActive}
      onClick={onClick}
      // a double click opens the cell and selects no word
      onMouseDown={(event) => (event.detail > 1 ? event.preventDefault() : undefined)}
      onDoubleClick={onOpen}
      className={cn('absolute inset-y-0 top-0 truncate border-r px-2.5 leading-[29px]', isNumber && 'text-right tabular-nums', isActive && 'bg-accent group-focus-visible/grid:ring-1 group-focus-visible/grid:ring-ring group-focus-visible/grid:ring-inset')}
      style={{ transform: `translateX(${left}px)`, width }}
    >
      <CellContent value={value} />
    </div>
  )
}

/** NULL is a word of its own, an empty text a sign, a boolean a word: none of them looks like another. */
function CellContent({ value }: { value: CellValue | undefined }) {
  if (value === null || value === undefined) return <span className="rounded-sm bg-muted px-1 py-0.5 font-mono text-[11px] text-muted-foreground">NULL</span>
  if (value === '') return <span className="font-mono text-[11px] text-muted-foreground" title="Empty text">“”</span>
  const text = cellText(value)
  const short = text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text
  if (typeof value === 'object') return <span className="font-mono text-xs">{short}</span>
  // line breaks would be lost in one line: they are shown as a sign
  return short.replace(/\r?\n|\r/g, ' ↵ ')
}

function clamp(index: number, count: number): number {
  return Math.min(Math.max(index, 0), Math.max(count - 1, 0))
}

/** Ascending, descending, as it came. */
function nextSort(sort: SortBy | null, column: number): SortBy | null {
  if (sort?.column !== column) return { column, isDescending: false }
  return sort.isDescending ? null : { column, isDescending: true }
}
