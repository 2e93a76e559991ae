'use client'

import { useId } from 'react'
import { cn } from '@/components/ui/cn'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import type { DiscoveredSchema, ReplicationKey } from '@/lib/sources/schema'
import { suggestedKey } from './table-choices'

interface ReplicationKeysProps {
  schema: DiscoveredSchema
  value: string | null
  onChange(name: string): void
  isDisabled?: boolean
}

/** The columns of this table that could tell new and changed rows; the others with the reason why not. */
export function ReplicationKeys({ schema, value, onChange, isDisabled = false }: ReplicationKeysProps) {
  const id = useId()
  const suggested = suggestedKey(schema)?.name
  const candidates = [...schema.replicationKeys].sort((a, b) => Number(b.ok) - Number(a.ok) || Number(b.name === suggested) - Number(a.name === suggested))
  return (
    <section className="grid gap-1.5">
      <h3 id={id} className="text-sm font-medium">Replication key</h3>
      <p className="text-sm text-muted-foreground">A column that grows whenever a row is added or changed, such as the time of its last change. A number that only counts new rows misses updates.</p>
      <RadioGroup value={value ?? ''} onValueChange={onChange} aria-labelledby={id} disabled={isDisabled} className="max-h-60 gap-0 overflow-y-auto rounded-md border border-border">
        {candidates.map((key) => (
          <Candidate key={key.name} candidate={key} isSuggested={key.name === suggested} />
        ))}
        {candidates.length ? null : <p className="p-3 text-sm text-muted-foreground">This table has no column that could serve.</p>}
      </RadioGroup>
    </section>
  )
}

function Candidate({ candidate, isSuggested }: { candidate: ReplicationKey; isSuggested: boolean }) {
  const id = useId()
  const { name, type, ok, reason, warnings } = candidate
  return (
    <label htmlFor={id} className={cn('flex gap-3 border-b border-border px-3 py-2 text-sm last:border-0', ok ? 'hover:bg-muted/60' : 'cursor-not-allowed')}>
      <RadioGroupItem id={id} value={name} disabled={!ok} aria-describedby={`${id}-words`} className="mt-0.5" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className={cn('font-mono text-xs', ok ? 'font-medium' : 'text-muted-foreground')}>{name}</span>
        <span className="font-mono text-xs text-muted-foreground"> {type}</span>
        {isSuggested ? <span className="ml-2 text-xs font-medium text-fine">Suggested</span> : null}
        <span id={`${id}-words`} className="block text-xs">
          {reason ? <span className="block text-muted-foreground">{reason}</span> : null}
          {warnings.map((warning) => (
            <span key={warning} className="block text-waiting">{warning}</span>
          ))}
        </span>
      </span>
    </label>
  )
}
