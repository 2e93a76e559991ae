'use client'

import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRef, type PointerEvent } from 'react'
import { cn } from '@/components/ui/cn'
import { isNumberType } from './cell-text'
import { WIDTH_MIN } from './column-widths'
import type { SortBy } from './sort-rows'

interface ResultHeaderProps {
  id: string
  index: number
  column: { name: string; type: string }
  left: number
  width: number
  sort: SortBy | null
  onSort(): void
  onResize(width: number): void
}

/** A column's head: sorts the fetched rows, and its right edge is drawn to resize (arrow keys with Shift do too). */
export function ResultHeader({ id, index, column, left, width, sort, onSort, onResize }: ResultHeaderProps) {
  const drag = useRef<{ x: number; width: number } | null>(null)
  const isSorted = sort?.column === index
  const isNumber = isNumberType(column.type)
  const begin = (event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, width }
  }
  const move = (event: PointerEvent): void => {
    if (drag.current) onResize(Math.max(WIDTH_MIN, drag.current.width + event.clientX - drag.current.x))
  }
  return (
    <div
      id={id}
      role="columnheader"
      aria-label={`${column.name}, ${column.type.toLowerCase()}`}
      aria-colindex={index + 2}
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
      className="absolute inset-y-0 border-r bg-subtle"
      style={{ transform: `translateX(${left}px)`, width }}
    >
      <button
        type="button"
        onClick={onSort}
        onKeyDown={(event) => {
          if (!event.shiftKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
          event.preventDefault()
          onResize(Math.max(WIDTH_MIN, width + (event.key === 'ArrowRight' ? 16 : -16)))
        }}
        title={`${column.name}\n${column.type}\nSort the fetched rows; Shift and an arrow key resize`}
        className={cn('flex h-full w-full min-w-0 flex-col justify-center px-2.5 text-left leading-4 hover:bg-accent focus-visible:-outline-offset-2', isNumber && 'items-end text-right')}
      >
        <span className="flex max-w-full items-center gap-1 text-sm font-medium">
          <span className="truncate">{column.name}</span>
          {isSorted ? sort.isDescending ? <ArrowDown aria-hidden className="size-3 shrink-0" /> : <ArrowUp aria-hidden className="size-3 shrink-0" /> : null}
        </span>
        <span className="max-w-full truncate font-mono text-[11px] text-muted-foreground">{column.type.toLowerCase()}</span>
      </button>
      <span aria-hidden onPointerDown={begin} onPointerMove={move} onPointerUp={() => { drag.current = null }} className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none hover:bg-ring/40" />
    </div>
  )
}
