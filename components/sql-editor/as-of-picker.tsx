'use client'

import { History } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { AsOf } from '@/lib/sql-editor/schema'
import type { TableView } from '@/lib/tables/schema'
import { AsOfVersions } from './as-of-versions'
import { toFieldTime } from './as-of-words'
import { tablesInQuery } from './tables-in-query'

const HOUR_MS = 3_600_000
const picks = [{ label: '1 hour ago', ms: HOUR_MS }, { label: '1 day ago', ms: 24 * HOUR_MS }, { label: '7 days ago', ms: 7 * 24 * HOUR_MS }]

interface AsOfPickerProps {
  asOf: AsOf | null
  /** What is in the editor, and what it may name. */
  sql: string
  tables: TableView[]
  onChange(asOf: AsOf | null): void
}

interface Draft {
  /** As the field shows it; empty for now. */
  time: string
  latest: string
  versions: ReadonlyMap<string, number>
  tables: TableView[]
}

/** As of when tables are read: all of them as of a time, those of the query as of a version. */
export function AsOfPicker({ asOf, sql, tables, onChange }: AsOfPickerProps) {
  const [draft, setDraft] = useState<Draft | null>(null)
  const done = (next: AsOf | null): void => {
    onChange(next)
    setDraft(null)
  }
  return (
    <Popover open={draft !== null} onOpenChange={(isOpen) => setDraft(isOpen ? draftOf(asOf, sql, tables) : null)}>
      <PopoverTrigger asChild><Button size="sm" variant="outline" aria-pressed={asOf !== null}><History aria-hidden /><span className="hidden sm:inline">As of</span><span className="sr-only sm:hidden">Read tables as of a time or a version</span></Button></PopoverTrigger>
      <PopoverContent align="end" aria-label="Read tables as of a time or a version" className="max-h-(--radix-popover-content-available-height) w-96 max-w-[calc(100vw-1rem)] overflow-y-auto">
        {draft ? <AsOfForm draft={draft} isSet={asOf !== null} onDraft={setDraft} onDone={done} /> : null}
      </PopoverContent>
    </Popover>
  )
}

function AsOfForm({ draft, isSet, onDraft, onDone }: { draft: Draft; isSet: boolean; onDraft(draft: Draft): void; onDone(asOf: AsOf | null): void }) {
  const versions = [...draft.versions].map(([table, version]) => ({ table, version }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const time = draft.time === '' ? null : new Date(draft.time)
    if (time && Number.isNaN(time.getTime())) return
    onDone(time || versions.length ? { time: time?.toISOString() ?? null, versions } : null)
  }
  const choose = (table: string, version: number | null): void => {
    const next = new Map(draft.versions)
    if (version === null) next.delete(table)
    else next.set(table, version)
    onDraft({ ...draft, versions: next })
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <Field label="Read every table as of" hint="empty: now" help="A table that is not kept as of then is named, with what is.">
        {(parts) => <Input {...parts} type="datetime-local" value={draft.time} max={draft.latest} onChange={(event) => onDraft({ ...draft, time: event.target.value })} />}
      </Field>
      <div className="flex flex-wrap gap-1.5">{picks.map(({ label, ms }) => <Button key={label} size="sm" variant="secondary" onClick={() => onDone({ time: new Date(Date.now() - ms).toISOString(), versions })}>{label}</Button>)}</div>
      {draft.tables.length ? <AsOfVersions tables={draft.tables} chosen={draft.versions} hasTime={draft.time !== ''} onChoose={choose} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        {isSet ? <Button size="sm" variant="outline" onClick={() => onDone(null)}>Read as they are now</Button> : null}
        <Button type="submit" size="sm" disabled={draft.time === '' && versions.length === 0}>Read as of then</Button>
      </div>
    </form>
  )
}

/** What is read now, to be changed. A version that was asked for stays in the list, also where the query does not name its table any more. */
function draftOf(asOf: AsOf | null, sql: string, tables: TableView[]): Draft {
  const isNamed = ({ name, dottedName }: TableView, table: string) => [name, dottedName].some((one) => one.toLowerCase() === table.toLowerCase())
  const asked = asOf?.versions ?? []
  const versions = new Map(asked.map(({ table, version }) => [tables.find((one) => isNamed(one, table))?.name ?? table, version]))
  const shown = new Set([...tablesInQuery(sql, tables), ...tables.filter(({ name }) => versions.has(name))])
  return { time: asOf?.time ? toFieldTime(new Date(asOf.time)) : '', latest: toFieldTime(new Date()), versions, tables: [...shown] }
}
