'use client'

import { cn } from '@/components/ui/cn'
import type { CellValue } from '@/lib/sql-editor/schema'
import { cellText } from './cell-text'

const SHOWN_LETTERS = 300

interface ResultCellProps {
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

export function ResultCell({ id, value, column, left, width, isNumber, isActive, onClick, onOpen }: ResultCellProps) {
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
