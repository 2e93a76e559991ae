'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { Search } from 'lucide-react'
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { Input } from '@/components/ui/input'
import type { TableView } from '@/lib/tables/schema'
import { TableTreeRow } from './table-tree-row'
import { quoteName } from './quote-name'
import { treeRows, type TreeRow } from './tree-rows'

const ROW_HEIGHT = 28

interface TableTreeProps {
  tables: TableView[]
  onInsert(text: string): void
  /** Show the first rows of a table. */
  onPreview(table: TableView): void
}

/** Tables by source with their columns: a click inserts a name, the arrow opens, the eye shows rows. Arrow keys, Enter and Space do the same. */
export function TableTree({ tables, onInsert, onPreview }: TableTreeProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [search, setSearch] = useState('')
  const [closedSources, setClosedSources] = useState<ReadonlySet<string>>(new Set())
  const [openTables, setOpenTables] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(0)
  const rows = useMemo(() => treeRows(tables, search, closedSources, openTables), [tables, search, closedSources, openTables])
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 12, getItemKey: (index) => rows[index]?.key ?? index })

  const toggle = (row: TreeRow): void => {
    if (row.kind === 'source') setClosedSources((set) => flipped(set, row.sourceId))
    if (row.kind === 'table') setOpenTables((set) => flipped(set, row.table.schemaId))
  }
  const use = (row: TreeRow): void => {
    if (row.kind === 'source') toggle(row)
    if (row.kind === 'table') onInsert(row.table.name)
    if (row.kind === 'column') onInsert(quoteName(row.name))
  }
  const move = (index: number): void => {
    const next = Math.min(Math.max(index, 0), rows.length - 1)
    setActive(next)
    virtual.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active]
    if (!row) return
    const isOpen = row.kind !== 'column' && row.isOpen
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => (row.kind === 'column' ? undefined : isOpen ? move(active + 1) : toggle(row)),
      ArrowLeft: () => (isOpen ? toggle(row) : move(rows.findLastIndex((one, index) => index < active && one.level < row.level))),
      Enter: () => (event.shiftKey && row.kind === 'table' ? onPreview(row.table) : use(row)),
      ' ': () => (row.kind === 'table' ? onPreview(row.table) : use(row)),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative px-2 py-2">
        <Search aria-hidden className="absolute top-1/2 left-4 size-3.5 -translate-y-1/2 text-muted-foreground" />
        <Input value={search} onChange={(event) => { setSearch(event.target.value); setActive(0) }} placeholder="Search tables and columns" aria-label="Search tables and columns" className="h-7 pl-7 text-sm" />
      </div>
      <div
        ref={scroller}
        role="tree"
        aria-label="Tables"
        tabIndex={0}
        aria-activedescendant={rows[active] ? `${id}-${active}` : undefined}
        onKeyDown={onKeyDown}
        className="group/tree min-h-0 flex-1 overflow-auto px-1 pb-2 focus-visible:outline-none"
      >
        {rows.length === 0 ? <p className="px-3 py-6 text-center text-sm text-muted-foreground">No table or column holds “{search.trim()}”</p> : null}
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <TableTreeRow
                key={item.key}
                id={`${id}-${item.index}`}
                row={row}
                top={item.start}
                isActive={item.index === active}
                position={item.index + 1}
                count={rows.length}
                onToggle={() => { setActive(item.index); toggle(row) }}
                onUse={() => { setActive(item.index); use(row) }}
                onPreview={onPreview}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

function flipped(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(key)) next.add(key)
  return next
}
