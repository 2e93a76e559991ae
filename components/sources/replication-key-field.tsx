'use client'

import { useId } from 'react'
import { cn } from '@/components/ui/cn'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import type { ReplicationKey } from '@/lib/sources/schema'

interface ReplicationKeyFieldProps {
  keys: ReplicationKey[]
  value: string | null
  onChange(name: string): void
}

/** The columns that could tell new and changed rows; the others greyed out with the reason. */
export function ReplicationKeyField({ keys, value, onChange }: ReplicationKeyFieldProps) {
  const id = useId()
  const sorted = [...keys].sort((a, b) => Number(b.ok) - Number(a.ok))
  return (
    <section className="grid gap-2">
      <h3 id={id} className="font-medium">Replication key</h3>
      <p className="text-sm text-muted-foreground">A column that grows whenever a row is added or changed, such as the time of its last change.</p>
      <RadioGroup value={value ?? ''} onValueChange={onChange} aria-labelledby={id} className="max-h-64 gap-0 overflow-y-auto rounded-md border">
        {sorted.map((key) => <Candidate key={key.name} candidate={key} />)}
      </RadioGroup>
    </section>
  )
}

function Candidate({ candidate: { name, type, ok, reason, warnings } }: { candidate: ReplicationKey }) {
  const id = useId()
  return (
    <label htmlFor={id} className={cn('flex gap-3 border-b px-3 py-2 text-sm last:border-b-0', ok ? 'hover:bg-subtle' : 'cursor-not-allowed text-muted-foreground')}>
      <RadioGroupItem id={id} value={name} disabled={!ok} aria-describedby={`${id}-words`} className="mt-0.5" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <code>{name}</code> <code className="text-muted-foreground">{type}</code>
        <span id={`${id}-words`} className="block text-xs">
          {reason ? <span className="block">{reason}</span> : null}
          {warnings.map((warning) => <span key={warning} className="block text-waiting">{warning}</span>)}
        </span>
      </span>
    </label>
  )
}
