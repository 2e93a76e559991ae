'use client'

import type { SourceColumn } from '@/lib/sources/schema'
import { ColumnTicks } from './column-ticks'

interface KeyColumnsFieldProps {
  primaryKey: string[]
  columns: SourceColumn[]
  value: string[]
  onChange(names: string[]): void
}

/** What tells rows apart: the primary key, or columns that a person vouches for. */
export function KeyColumnsField({ primaryKey, columns, value, onChange }: KeyColumnsFieldProps) {
  if (primaryKey.length) {
    return <p className="text-sm text-muted-foreground">Rows are told apart by the primary key <code className="text-foreground [overflow-wrap:anywhere]">{primaryKey.join(', ')}</code>.</p>
  }
  return (
    <section className="grid gap-2">
      <h3 className="font-medium">Key columns</h3>
      <p className="text-sm text-waiting">This table has no primary key. Tick the columns that together tell each row apart and are never NULL: of two rows with the same values there only the last is kept.</p>
      <ColumnTicks label="Key columns" columns={columns} ticked={new Set(value)} onChange={onChange} />
    </section>
  )
}
