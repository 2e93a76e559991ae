'use client'

import { useId } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import type { DiscoveredSchema } from '@/lib/sources/schema'

interface KeyColumnsProps {
  schema: DiscoveredSchema
  value: string[]
  onChange(keyColumns: string[]): void
}

/** The columns that tell rows apart: the primary key, or what a person vouches for where there is none. */
export function KeyColumns({ schema, value, onChange }: KeyColumnsProps) {
  const id = useId()
  if (schema.primaryKey.length) {
    return (
      <p className="text-sm text-muted-foreground">
        Rows are told apart by the primary key: <span className="font-mono text-xs text-foreground [overflow-wrap:anywhere]">{schema.primaryKey.join(', ')}</span>
      </p>
    )
  }
  const names = schema.columns.map((column) => column.name)
  return (
    <section className="grid gap-1.5">
      <h3 id={id} className="text-sm font-medium">Key columns</h3>
      <p className="text-sm text-waiting">This table has no primary key. Tick the columns that together tell each row apart and are never NULL: of two rows with the same values there, only the last is kept.</p>
      <ul aria-labelledby={id} className="grid max-h-44 gap-x-4 overflow-y-auto rounded-md border border-border p-1.5 sm:grid-cols-2">
        {names.map((name) => (
          <li key={name}>
            <label className="flex items-center gap-2 rounded-sm px-1.5 py-1 text-sm hover:bg-muted/60">
              <Checkbox checked={value.includes(name)} onCheckedChange={(isTicked) => onChange(names.filter((each) => (each === name ? isTicked === true : value.includes(each))))} />
              <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{name}</span>
            </label>
          </li>
        ))}
      </ul>
    </section>
  )
}
