'use client'

import { useId } from 'react'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import { formatQuantity } from '@/lib/core/format'
import type { SourceColumn } from '@/lib/sources/schema'
import { ColumnTicks } from './column-ticks'

interface ColumnsFieldProps {
  columns: SourceColumn[]
  /** Null for every column. */
  value: string[] | null
  needed: string[]
  onChange(names: string[] | null): void
}

/** Every column, also those that appear later; or only some. */
export function ColumnsField({ columns, value, needed, onChange }: ColumnsFieldProps) {
  const id = useId()
  return (
    <section className="grid gap-2">
      <h3 id={id} className="font-medium">Columns</h3>
      <RadioGroup value={value === null ? 'all' : 'some'} onValueChange={(choice) => onChange(choice === 'all' ? null : columns.map((column) => column.name))} aria-labelledby={id} className="gap-1.5">
        <div className="flex items-center gap-2.5"><RadioGroupItem value="all" id={`${id}-all`} /><label htmlFor={`${id}-all`}>All {formatQuantity(columns.length, 'column')}, and those that appear later</label></div>
        <div className="flex items-center gap-2.5"><RadioGroupItem value="some" id={`${id}-some`} /><label htmlFor={`${id}-some`}>Only these</label></div>
      </RadioGroup>
      {value === null ? null : <ColumnTicks label="Columns to sync" columns={columns} ticked={new Set(value)} needed={new Set(needed)} onChange={onChange} />}
    </section>
  )
}
