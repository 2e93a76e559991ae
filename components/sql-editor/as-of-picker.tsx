'use client'

import { History } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { AsOf } from '@/lib/sql-editor/schema'
import { toFieldTime } from './as-of-words'

const HOUR_MS = 3_600_000
const picks = [{ label: '1 hour ago', ms: HOUR_MS }, { label: '1 day ago', ms: 24 * HOUR_MS }, { label: '7 days ago', ms: 7 * 24 * HOUR_MS }]

/** Read every table as it was at a time. */
export function AsOfPicker({ asOf, onChange }: { asOf: AsOf | null; onChange(asOf: AsOf | null): void }) {
  const [isOpen, setOpen] = useState(false)
  const [{ text, latest }, setText] = useState({ text: '', latest: '' })
  const open = (next: boolean): void => {
    const now = new Date()
    if (next) setText({ text: toFieldTime(asOf?.time ? new Date(asOf.time) : now), latest: toFieldTime(now) })
    setOpen(next)
  }
  const choose = (time: Date): void => {
    onChange({ time: time.toISOString(), versions: [] })
    setOpen(false)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const time = new Date(text)
    if (!Number.isNaN(time.getTime())) choose(time)
  }
  return (
    <Popover open={isOpen} onOpenChange={open}>
      <PopoverTrigger asChild><Button size="sm" variant="outline" aria-pressed={asOf !== null}><History aria-hidden /><span className="hidden sm:inline">As of</span><span className="sr-only sm:hidden">Read tables as of a time</span></Button></PopoverTrigger>
      <PopoverContent align="end" aria-label="Read tables as of a time">
        <form onSubmit={submit} className="grid gap-3">
          <Field label="Read every table as of" help="A table that is not kept as of then is named, with what is.">
            {(parts) => <Input {...parts} type="datetime-local" required value={text} max={latest} onChange={(event) => setText({ text: event.target.value, latest })} />}
          </Field>
          <div className="flex flex-wrap gap-1.5">{picks.map(({ label, ms }) => <Button key={label} size="sm" variant="secondary" onClick={() => choose(new Date(Date.now() - ms))}>{label}</Button>)}</div>
          <div className="flex justify-end gap-2">
            {asOf ? <Button size="sm" variant="outline" onClick={() => { onChange(null); setOpen(false) }}>Read as they are now</Button> : null}
            <Button type="submit" size="sm">Read as of then</Button>
          </div>
        </form>
      </PopoverContent>
    </Popover>
  )
}
