'use client'

import { useId } from 'react'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'

interface ProofFieldProps {
  /** Null: as long as the table has few rows enough. */
  value: boolean | null
  onChange(proves: boolean | null): void
}

const choices = [
  { id: 'default', label: 'Under 10 million rows', value: null },
  { id: 'on', label: 'Always', value: true },
  { id: 'off', label: 'Never', value: false },
] as const

/** Whether the table is compared with its source after each sync that changed it. */
export function ProofField({ value, onChange }: ProofFieldProps) {
  const id = useId()
  return (
    <section className="grid gap-2">
      <label htmlFor={id} className="font-medium">Verify after each sync</label>
      <p id={`${id}-words`} className="text-sm text-muted-foreground">
        The new version and the source are compared by counts and checksums, at the moment that the sync read. A difference is shown with its rows. <span className="text-foreground">It costs the source one pass over the table.</span>
      </p>
      <Select value={choices.find((choice) => choice.value === value)?.id} onValueChange={(chosen) => onChange(choices.find((choice) => choice.id === chosen)?.value ?? null)}>
        <SelectTrigger id={id} aria-describedby={`${id}-words`} className="w-56"><SelectValue /></SelectTrigger>
        <SelectContent>{choices.map((choice) => <SelectItem key={choice.id} value={choice.id}>{choice.label}</SelectItem>)}</SelectContent>
      </Select>
    </section>
  )
}
