'use client'

import { useId, useState } from 'react'
import { Input } from '@/components/ui/input'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { DEFAULT_LOOK_BACK, LONGEST_LOOK_BACK, LOOK_BACK_UNITS, lookBackUnit, lookBackWords, type LookBackKind, type LookBackUnit } from '@/lib/core/look-back'

interface LookBackFieldProps {
  kind: LookBackKind
  /** Null for the usual one, NaN for what is no amount. */
  value: number | null
  onChange(lookBack: number | null): void
}

const UNITS: LookBackUnit[] = ['second', 'minute', 'hour', 'day']

/** How far below its cursor each sync begins, what that is for, and what it costs. */
export function LookBackField({ kind, value, onChange }: LookBackFieldProps) {
  const id = useId()
  const start = value ?? DEFAULT_LOOK_BACK[kind]
  const [unit, setUnit] = useState<LookBackUnit>(() => (kind === 'date' ? 'day' : kind === 'number' ? 'second' : start === 0 ? 'minute' : lookBackUnit(start)))
  const [amount, setAmount] = useState(() => String(kind === 'number' ? start : Math.ceil(start / LOOK_BACK_UNITS[unit])))

  function change(nextAmount: string, nextUnit: LookBackUnit) {
    setAmount(nextAmount)
    setUnit(nextUnit)
    const lookBack = /^\d{1,10}$/.test(nextAmount.trim()) ? Number(nextAmount) * (kind === 'number' ? 1 : LOOK_BACK_UNITS[nextUnit]) : Number.NaN
    onChange(lookBack > LONGEST_LOOK_BACK ? Number.NaN : lookBack === DEFAULT_LOOK_BACK[kind] ? null : lookBack)
  }

  return (
    <section className="grid gap-2">
      <label htmlFor={id} className="font-medium">Look-back</label>
      <p id={`${id}-words`} className="text-sm text-muted-foreground">
        Each sync begins this far below the last one’s end, for rows whose replication key was older than others when they were saved, or whose clock was set back. What comes again unchanged stays as it is.{' '}
        <span className="text-foreground">Usual: {lookBackWords(kind, null)}.</span>
      </p>
      <div className="flex items-center gap-2">
        <Input id={id} inputMode="numeric" autoComplete="off" aria-describedby={`${id}-words`} aria-invalid={Number.isNaN(value)} value={amount} onChange={(event) => change(event.target.value, unit)} className="w-28" />
        {kind === 'time' ? (
          <Select value={unit} onValueChange={(chosen) => change(amount, UNITS.find((each) => each === chosen) ?? unit)}>
            <SelectTrigger aria-label="Unit of the look-back" className="w-32"><SelectValue /></SelectTrigger>
            <SelectContent>{UNITS.map((each) => <SelectItem key={each} value={each}>{each}s</SelectItem>)}</SelectContent>
          </Select>
        ) : <span className="text-sm text-muted-foreground">{kind === 'date' ? 'days' : 'in units of the replication key'}</span>}
      </div>
    </section>
  )
}
