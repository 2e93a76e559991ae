'use client'

import { useMemo, useState, type KeyboardEvent } from 'react'
import type { TableView } from '@/lib/tables/schema'
import { quoteName } from './quote-name'
import { treeRows, type TreeRow } from './tree-rows'

export interface TreeCalls {
  onInsert(text: string): void
  /** Show the first rows of a table. */
  onPreview(table: TableView): void
}

/** What the tree shows, which row is active, and what the keys do: arrows move and open, Enter inserts, Space shows rows. */
export function useTableTree(tables: TableView[], { onInsert, onPreview }: TreeCalls, scrollTo: (index: number) => void) {
  const [search, setSearch] = useState('')
  const [closedSources, setClosedSources] = useState<ReadonlySet<string>>(new Set())
  const [openTables, setOpenTables] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(0)
  const rows = useMemo(() => treeRows(tables, search, closedSources, openTables), [tables, search, closedSources, openTables])

  const toggle = (row: TreeRow): void => {
    if (row.kind === 'source') setClosedSources((set) => flipped(set, row.sourceId))
    if (row.kind === 'table') setOpenTables((set) => flipped(set, row.table.schemaId))
  }
  const choose = (row: TreeRow): void => {
    if (row.kind === 'source') toggle(row)
    if (row.kind === 'table') onInsert(row.table.name)
    if (row.kind === 'column') onInsert(quoteName(row.name))
  }
  const move = (index: number): void => {
    const next = Math.min(Math.max(index, 0), rows.length - 1)
    setActive(next)
    scrollTo(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active]
    if (!row) return
    const isOpen = row.kind !== 'column' && row.isOpen
    const openOrEnter = (): void => (isOpen ? move(active + 1) : toggle(row))
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => (row.kind === 'column' ? undefined : openOrEnter()),
      ArrowLeft: () => (isOpen ? toggle(row) : move(rows.findLastIndex((one, index) => index < active && one.level < row.level))),
      Enter: () => choose(row),
      ' ': () => (row.kind === 'table' ? onPreview(row.table) : choose(row)),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }
  return { rows, search, active, setActive, toggle, choose, onKeyDown, setSearch: (text: string) => { setSearch(text); setActive(0) } }
}

function flipped(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(key)) next.add(key)
  return next
}
