'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { Search } from 'lucide-react'
import { useId, useRef } from 'react'
import { Input } from '@/components/ui/input'
import type { TableView } from '@/lib/tables/schema'
import { TableTreeRow } from './table-tree-row'
import type { TreeRow } from './tree-rows'
import { useTableTree, type TreeCalls } from './use-table-tree'

const ROW_HEIGHT = 28

/** Tables by source with their columns: a click inserts a name, the arrow opens, the eye shows rows. The keyboard does the same. */
export function TableTree({ tables, ...calls }: { tables: TableView[] } & TreeCalls) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const scrollTo = useRef<(index: number) => void>(() => {})
  const tree = useTableTree(tables, calls, (index) => scrollTo.current(index))
  const { rows, active } = tree
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 12 })
  scrollTo.current = (index) => virtual.scrollToIndex(index)

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative px-2 py-2">
        <Search aria-hidden className="absolute top-1/2 left-4 size-3.5 -translate-y-1/2 text-muted-foreground" />
        <Input value={tree.search} onChange={(event) => tree.setSearch(event.target.value)} placeholder="Search tables and columns" aria-label="Search tables and columns" className="h-7 pl-7 text-sm" />
      </div>
      <div
        ref={scroller}
        role="tree"
        aria-label="Tables"
        tabIndex={0}
        aria-activedescendant={rows[active] ? `${id}-${active}` : undefined}
        onKeyDown={tree.onKeyDown}
        className="group/tree min-h-0 flex-1 overflow-auto px-1 pb-2 focus-visible:outline-none"
      >
        {rows.length === 0 ? <p className="px-3 py-6 text-center text-sm text-muted-foreground">No table or column holds “{tree.search.trim()}”</p> : null}
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            if (!row) return null
            const onRow = (act: (one: TreeRow) => void) => () => { tree.setActive(index); act(row) }
            return <TableTreeRow key={row.key} id={`${id}-${index}`} row={row} top={start} isActive={index === active} position={index + 1} count={rows.length} onToggle={onRow(tree.toggle)} onUse={onRow(tree.choose)} onPreview={calls.onPreview} />
          })}
        </div>
      </div>
    </div>
  )
}
