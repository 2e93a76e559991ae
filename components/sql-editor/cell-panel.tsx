'use client'

import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { CellValue } from '@/lib/sql-editor/schema'
import { cellDetail } from './cell-text'

const SHOWN_LETTERS = 200_000

interface CellPanelProps {
  column: { name: string; type: string }
  value: CellValue | undefined
  /** The row as it is shown, from 0. */
  row: number
  rows: number
  onMove(row: number): void
  onClose(): void
}

/** One cell in full: long text, JSON indented. */
export function CellPanel({ column, value, row, rows, onMove, onClose }: CellPanelProps) {
  const text = cellDetail(value, column.type)
  return (
    <section aria-label={`Cell ${column.name}, row ${row + 1}`} className="absolute inset-0 z-30 flex flex-col border-l bg-background sm:static sm:w-80 sm:shrink-0" onKeyDown={(event) => (event.key === 'Escape' ? onClose() : undefined)}>
      <header className="flex items-center gap-1 border-b py-1 pr-1 pl-3">
        <div className="min-w-0 flex-1">
          <h3 className="truncate text-sm font-medium" title={column.name}>{column.name}</h3>
          <p className="truncate font-mono text-[11px] text-muted-foreground">{column.type.toLowerCase()}</p>
        </div>
        <Button variant="ghost" size="icon-sm" aria-label="Previous row" disabled={row === 0} onClick={() => onMove(row - 1)}><ChevronUp aria-hidden /></Button>
        <Button variant="ghost" size="icon-sm" aria-label="Next row" disabled={row >= rows - 1} onClick={() => onMove(row + 1)}><ChevronDown aria-hidden /></Button>
        <CopyButton value={text} label="Copy the value" />
        <Button variant="ghost" size="icon-sm" aria-label="Close the cell" autoFocus onClick={onClose}><X aria-hidden /></Button>
      </header>
      {value === null || value === undefined ? (
        <p className="p-3 text-sm text-muted-foreground"><span className="rounded-sm bg-muted px-1 py-0.5 font-mono text-[11px]">NULL</span> no value</p>
      ) : text === '' ? (
        <p className="p-3 text-sm text-muted-foreground">Empty text</p>
      ) : (
        <pre tabIndex={0} className="min-h-0 flex-1 overflow-auto p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap focus-visible:-outline-offset-2">{text.slice(0, SHOWN_LETTERS)}</pre>
      )}
      <footer className="border-t px-3 py-1.5 text-xs text-muted-foreground tabular-nums">
        Row {formatCount(row + 1)} · {formatQuantity(text.length, 'letter')}{text.length > SHOWN_LETTERS ? `, the first ${formatCount(SHOWN_LETTERS)} shown` : ''}
      </footer>
    </section>
  )
}
