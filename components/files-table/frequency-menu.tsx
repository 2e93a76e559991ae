'use client'

import { everyWords, frequencies, frequencyLabels } from '@/components/syncs/frequency-labels'
import { Field } from '@/components/ui/field'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import type { Frequency } from '@/lib/syncs/schema'

interface FrequencyMenuProps {
  /** Null: as often as the source, or what is usual. */
  frequency: Frequency | null
  /** How often the source is synced, where a table may follow it; null where each has its own. */
  sourceFrequency: Frequency | null
  disabled?: boolean
  onChange(frequency: Frequency | null): void
}

/** How often the files of a table are looked at. */
export function FrequencyMenu({ frequency, sourceFrequency, disabled = false, onChange }: FrequencyMenuProps) {
  const value = frequency ?? (sourceFrequency ? 'source' : 'six_hours')
  return (
    <Field className="content-start" label="Look for changes">
      {(parts) => (
        <Select value={value} disabled={disabled} onValueChange={(chosen) => onChange(frequencies.find((each) => each === chosen) ?? null)}>
          <SelectTrigger {...parts}><SelectValue /></SelectTrigger>
          <SelectContent>
            {sourceFrequency ? <SelectItem value="source">As the source: {frequencyLabels[sourceFrequency]}</SelectItem> : null}
            {frequencies.map((each) => <SelectItem key={each} value={each}>{everyWords(each)}</SelectItem>)}
          </SelectContent>
        </Select>
      )}
    </Field>
  )
}
