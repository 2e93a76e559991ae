'use client'

import { ChevronRight, Database, Eye, Table2 } from 'lucide-react'
import type { DragEvent } from 'react'
import { cn } from '@/components/ui/cn'
import { formatCompact, formatQuantity } from '@/lib/core/format'
import type { TableView } from '@/lib/tables/schema'
import { quoteName } from './quote-name'
import type { TreeRow } from './tree-rows'

interface TableTreeRowProps {
  id: string
  row: TreeRow
  top: number
  isActive: boolean
  position: number
  count: number
  onToggle(): void
  onUse(): void
  onPreview(table: TableView): void
}

/** One row of the tree. Its parts take clicks only: the keyboard works on the tree as a whole. */
export function TableTreeRow({ id, row, top, isActive, position, count, onToggle, onUse, onPreview }: TableTreeRowProps) {
  const isOpen = row.kind === 'column' ? undefined : row.isOpen
  const onDragStart = (event: DragEvent): void => {
    if (row.kind === 'source') return event.preventDefault()
    event.dataTransfer.setData('text/plain', row.kind === 'table' ? row.table.name : quoteName(row.name))
  }
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={isOpen}
      aria-selected={isActive}
      aria-posinset={position}
      aria-setsize={count}
      draggable={row.kind !== 'source'}
      onDragStart={onDragStart}
      className={cn('group/row absolute inset-x-0 flex h-7 cursor-default items-center rounded-sm pr-1 text-sm hover:bg-accent', isActive && 'group-focus-visible/tree:bg-accent group-focus-visible/tree:ring-1 group-focus-visible/tree:ring-ring')}
      style={{ transform: `translateY(${top}px)`, paddingLeft: (row.level - 1) * 14 }}
    >
      {row.kind === 'column' ? <span className="w-5 shrink-0" /> : (
        <span aria-hidden onClick={onToggle} className="flex size-5 shrink-0 items-center justify-center text-muted-foreground">
          <ChevronRight className={cn('size-3.5 transition-transform', isOpen && 'rotate-90')} />
        </span>
      )}
      <span onClick={onUse} className="flex h-full min-w-0 flex-1 items-center gap-1.5">
        <RowContent row={row} />
      </span>
      {row.kind === 'table' ? (
        <span aria-hidden title="Show the first 100 rows" onClick={() => onPreview(row.table)} className="ml-1 hidden size-5 shrink-0 items-center justify-center rounded-sm text-muted-foreground group-hover/row:flex hover:bg-muted hover:text-foreground">
          <Eye className="size-3.5" />
        </span>
      ) : null}
    </div>
  )
}

function RowContent({ row }: { row: TreeRow }) {
  if (row.kind === 'source') {
    return (
      <>
        <Database aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
        <span className="truncate font-medium" title={row.name}>{row.name}</span>
        <span className="ml-auto shrink-0 pl-2 text-xs text-muted-foreground tabular-nums">{formatQuantity(row.tables, 'table')}</span>
      </>
    )
  }
  if (row.kind === 'table') {
    return (
      <>
        <Table2 aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
        <TableName table={row.table} />
        <span className="ml-auto shrink-0 pl-2 text-xs text-muted-foreground tabular-nums" title={formatQuantity(row.table.rows, 'row')}>{formatCompact(row.table.rows)}</span>
      </>
    )
  }
  return (
    <>
      <span className="truncate" title={row.name}>{row.name}</span>
      <span className="ml-auto max-w-1/2 shrink-0 truncate pl-2 font-mono text-xs text-muted-foreground" title={row.type}>{row.type.toLowerCase()}</span>
    </>
  )
}

/** In a narrow tree it is the end of a name that tells tables apart: what they share is cut first. */
function TableName({ table }: { table: TableView }) {
  const own = table.dottedName.slice(table.dottedName.indexOf('.') + 1)
  const shared = table.name.endsWith(own) ? table.name.slice(0, -own.length) : ''
  return (
    <span className="flex min-w-0" title={`${table.name}\n${table.dottedName}`}>
      <span className="min-w-3 shrink-[1000] truncate text-muted-foreground">{shared}</span>
      <span className="truncate">{shared ? own : table.name}</span>
    </span>
  )
}
