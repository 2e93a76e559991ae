'use client'

import { useId, type ReactNode } from 'react'
import { followWords, fullListWords } from '@/components/syncs/follow-words'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import type { SchemaView } from '@/lib/sources/schema'

type Method = 'full' | 'incremental'

interface MethodFieldProps {
  schema: Pick<SchemaView, 'tracking' | 'canReconcile'>
  value: Method
  isIncrementalPossible: boolean
  onChange(method: Method): void
}

/** What each sync method means, and its price. */
export function MethodField({ schema: { tracking, canReconcile }, value, isIncrementalPossible, onChange }: MethodFieldProps) {
  const id = useId()
  return (
    <section className="grid gap-2">
      <h3 id={id} className="font-medium">Sync method</h3>
      <RadioGroup value={value} onValueChange={(method) => onChange(method === 'incremental' ? 'incremental' : 'full')} aria-labelledby={id}>
        {tracking === 'changes' ? (
          <Choice value="incremental" label={followWords.label} tag="Recommended" isChosen={value === 'incremental'} price={followWords.price(canReconcile, 'how often is chosen below')}>{followWords.meaning}</Choice>
        ) : (
          <Choice value="incremental" label="Incremental" isChosen={value === 'incremental'} disabled={!isIncrementalPossible} price={!isIncrementalPossible ? '' : canReconcile ? 'Rows deleted upstream are found when the table is compared with its source: how often is chosen below.' : 'Rows deleted upstream stay here until a full resync.'}>
            {isIncrementalPossible
              ? 'Reads only the rows whose replication key is new since the last sync and puts them in place of their older state. Quick and light on the source, whatever the size of the table.'
              : tracking === 'listing' ? 'The source does not tell what changes.' : 'No column of this table could be its replication key.'}
          </Choice>
        )}
        <Choice value="full" label="Full table" isChosen={value === 'full'} price={fullListWords.price}>
          {tracking ? fullListWords.meaning(tracking === 'changes' && !canReconcile) : 'Reads every row at each sync and replaces the table in one step. Updates and deletions are always seen, and no key is needed.'}
        </Choice>
      </RadioGroup>
    </section>
  )
}

interface ChoiceProps {
  value: Method
  label: string
  tag?: string
  isChosen: boolean
  disabled?: boolean
  price: string
  children: ReactNode
}

function Choice({ value, label, tag, isChosen, disabled = false, price, children }: ChoiceProps) {
  const id = useId()
  return (
    <label htmlFor={id} className={cn('flex gap-3 rounded-md border p-3', isChosen ? 'border-primary bg-primary/5' : 'hover:bg-subtle', disabled && 'cursor-not-allowed text-muted-foreground')}>
      <RadioGroupItem id={id} value={value} disabled={disabled} aria-describedby={`${id}-words`} className="mt-0.5" />
      <span className="grid gap-1">
        <span className="flex flex-wrap items-center gap-2 font-medium">{label}{tag ? <Badge variant="fine">{tag}</Badge> : null}</span>
        <span id={`${id}-words`} className="text-sm text-muted-foreground">{children} <span className="text-foreground">{price}</span></span>
      </span>
    </label>
  )
}
