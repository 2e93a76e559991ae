'use client'

import { useState } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { Input } from '@/components/ui/input'
import type { SourceColumn } from '@/lib/sources/schema'

const FILTER_FROM = 15

interface ColumnTicksProps {
  label: string
  columns: SourceColumn[]
  ticked: ReadonlySet<string>
  /** Ticked for good, with the reason. */
  needed?: ReadonlySet<string>
  onChange(names: string[]): void
}

/** Columns to tick, in their order, with their types; a filter where there are many. */
export function ColumnTicks({ label, columns, ticked, needed = new Set(), onChange }: ColumnTicksProps) {
  const [filter, setFilter] = useState('')
  const shown = columns.filter((column) => column.name.toLowerCase().includes(filter.trim().toLowerCase()))
  const tick = (name: string, isTicked: boolean) => onChange(columns.map((column) => column.name).filter((each) => (each === name ? isTicked : ticked.has(each))))
  return (
    <div className="rounded-md border">
      {columns.length >= FILTER_FROM ? <div className="border-b p-1.5"><Input type="search" aria-label={`Filter: ${label}`} placeholder="Filter columns" value={filter} onChange={(event) => setFilter(event.target.value)} className="h-7 text-sm" /></div> : null}
      <ul aria-label={label} className="max-h-56 overflow-y-auto p-1">
        {shown.map((column) => (
          <li key={column.name}>
            <label className="flex items-center gap-2.5 rounded-sm px-2 py-1 text-sm hover:bg-subtle">
              <Checkbox checked={ticked.has(column.name) || needed.has(column.name)} disabled={needed.has(column.name)} onCheckedChange={(isTicked) => tick(column.name, isTicked === true)} />
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]"><code>{column.name}</code>{needed.has(column.name) ? <span className="text-xs text-muted-foreground"> needed by the method</span> : null}</span>
              <code className="shrink-0 text-xs text-muted-foreground">{column.sourceType}</code>
            </label>
          </li>
        ))}
        {shown.length ? null : <li className="p-2 text-sm text-muted-foreground">No column has this in its name.</li>}
      </ul>
    </div>
  )
}
