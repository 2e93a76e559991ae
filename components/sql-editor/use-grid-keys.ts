'use client'

import { useState, type KeyboardEvent } from 'react'
import { copyText } from '@/components/ui/copy-text'
import { toast } from '@/components/ui/toaster'
import type { QueryResult } from '@/lib/sql-editor/schema'
import { cellText, rowsAsText } from './cell-text'

const PAGE_ROWS = 15

export interface CellPlace {
  /** The row as it is shown, from 0. */
  row: number
  column: number
}

/** The active cell and its keys: arrows, Page, Home and End move; Enter opens; Ctrl-C copies the cell, with Shift the row. */
export function useGridKeys(result: QueryResult, order: number[], scrollTo: (place: CellPlace) => void, onOpenCell: (place: CellPlace) => void) {
  const [active, setActive] = useState<CellPlace>({ row: 0, column: 0 })
  const move = (row: number, column: number): void => {
    const next = { row: clamp(row, order.length), column: clamp(column, result.columns.length) }
    setActive(next)
    scrollTo(next)
  }
  const copy = async (isRow: boolean): Promise<void> => {
    const row = result.rows[order[active.row] ?? -1] ?? []
    const copied = await copyText(isRow ? rowsAsText(null, [row]) : cellText(row[active.column]))
    if (copied) toast.success(isRow ? 'Row copied' : 'Cell copied', { duration: 1_500 })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const isMod = event.ctrlKey || event.metaKey
    const { row, column } = active
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(row + 1, column),
      ArrowUp: () => move(row - 1, column),
      ArrowRight: () => move(row, column + 1),
      ArrowLeft: () => move(row, column - 1),
      PageDown: () => move(row + PAGE_ROWS, column),
      PageUp: () => move(row - PAGE_ROWS, column),
      Home: () => move(isMod ? 0 : row, 0),
      End: () => move(isMod ? order.length - 1 : row, result.columns.length - 1),
      Enter: () => onOpenCell(active),
    }
    const isCopy = isMod && event.key.toLowerCase() === 'c' && !window.getSelection()?.toString()
    const step = isCopy ? () => void copy(event.shiftKey) : steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }
  return { active, setActive, onKeyDown }
}

function clamp(index: number, count: number): number {
  return Math.min(Math.max(index, 0), Math.max(count - 1, 0))
}
