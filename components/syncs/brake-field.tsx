'use client'

import { useId } from 'react'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'

const OFF = 'off'
const USUAL = [10, 20, 30, 50, 75, 100]

interface BrakeFieldProps {
  /** Null for never. */
  value: number | null
  /** Are rows counted only, as those of files are? */
  isCounted?: boolean
  onChange(percent: number | null): void
}

/** From which share of its rows on a new version waits for a decision. */
export function BrakeField({ value, isCounted = false, onChange }: BrakeFieldProps) {
  const id = useId()
  const offered = value === null || USUAL.includes(value) ? USUAL : [...USUAL, value].sort((a, b) => a - b)
  return (
    <section className="grid gap-2">
      <label htmlFor={id} className="font-medium">Brake</label>
      <p id={`${id}-words`} className="text-sm text-muted-foreground">
        A new version that would {isCounted ? 'have fewer rows by more than this share' : 'remove or change more than this share of the rows'} waits for you instead of being published, and so does one that would empty the table. <span className="text-foreground">Tables of up to 1,000 rows only wait when they would be empty.</span>
      </p>
      <Select value={value === null ? OFF : String(value)} onValueChange={(chosen) => onChange(offered.find((each) => String(each) === chosen) ?? null)}>
        <SelectTrigger id={id} aria-describedby={`${id}-words`} className="w-64"><SelectValue /></SelectTrigger>
        <SelectContent>
          {offered.map((each) => <SelectItem key={each} value={String(each)}>{each === 100 ? 'Only when it would be empty' : `More than ${each} % of the rows`}</SelectItem>)}
          <SelectItem value={OFF}>Off: publish always</SelectItem>
        </SelectContent>
      </Select>
    </section>
  )
}
