'use client'

import { useId } from 'react'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { frequencies, frequencyLabels } from '@/components/syncs/frequency-labels'
import type { Frequency } from '@/lib/syncs/schema'

export function FrequencyField({ value, onChange }: { value: Frequency; onChange(frequency: Frequency): void }) {
  const id = useId()
  return (
    <section className="grid gap-2">
      <label htmlFor={id} className="font-medium">Frequency</label>
      <Select value={value} onValueChange={(chosen) => onChange(frequencies.find((each) => each === chosen) ?? value)}>
        <SelectTrigger id={id} className="w-40"><SelectValue /></SelectTrigger>
        <SelectContent>{frequencies.map((each) => <SelectItem key={each} value={each}>{frequencyLabels[each]}</SelectItem>)}</SelectContent>
      </Select>
    </section>
  )
}
