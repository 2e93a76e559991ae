'use client'

import { useId } from 'react'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { frequencyLabels } from '@/components/syncs/frequency-labels'
import type { SchemaView } from '@/lib/sources/schema'
import type { Frequency } from '@/lib/syncs/schema'

const OFF = 'off'
/** To list everything more often than that is a full table by another name; the command line may. */
const USUAL: Frequency[] = ['day', 'week', 'month']

interface ListingFieldProps {
  schema: Pick<SchemaView, 'reconciledAt' | 'tracking'>
  /** Why it cannot be done for this table; null when it can. */
  refusal: string | null
  /** Null for never. */
  value: Frequency | null
  onChange(frequency: Frequency | null): void
}

/** How often everything is listed again, or compared, for deletions that nobody told; and what that costs. */
export function ListingField({ schema, refusal, value, onChange }: ListingFieldProps) {
  const id = useId()
  const offered = value === null || USUAL.includes(value) ? USUAL : [value, ...USUAL]
  return (
    <section className="grid gap-2">
      <label htmlFor={id} className="font-medium">Look for unreported deletions</label>
      <p id={`${id}-words`} className="text-sm text-muted-foreground">
        {schema.tracking === null ? (
          <>A sync of this schema then compares the table with its source by checksums of key ranges and reads only those that differ: deleted rows go, and rows that changed without their replication key arrive. <span className="text-foreground">It costs the source one pass over the table.</span></>
        ) : (
          <>A sync of this schema then lists everything once and takes out the rows that are gone. <span className="text-foreground">It costs as many requests as the first sync.</span></>
        )}
      </p>
      {refusal && schema.tracking === null ? <p className="text-sm text-waiting">{refusal}.</p> : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Select value={value ?? OFF} onValueChange={(chosen) => onChange(offered.find((each) => each === chosen) ?? null)}>
          <SelectTrigger id={id} disabled={refusal !== null} aria-describedby={`${id}-words`} className="w-40"><SelectValue /></SelectTrigger>
          <SelectContent>
            <SelectItem value={OFF}>Never</SelectItem>
            {offered.map((each) => <SelectItem key={each} value={each}>{frequencyLabels[each]}</SelectItem>)}
          </SelectContent>
        </Select>
        <span className="text-sm text-muted-foreground">{schema.reconciledAt === null ? (schema.tracking === null ? 'Not compared yet' : 'Not listed yet') : <>{schema.tracking === null ? 'All of it was read or compared' : 'Everything was listed'} <RelativeTime time={schema.reconciledAt} /></>}</span>
      </div>
    </section>
  )
}
