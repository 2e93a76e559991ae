'use client'

import { ChevronRight } from 'lucide-react'
import { Field } from '@/components/ui/field'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { BrakeField } from '@/components/syncs/brake-field'
import { everyWords } from '@/components/syncs/frequency-labels'
import type { FilesSettings } from '@/lib/core/files-settings'
import type { Frequency } from '@/lib/syncs/schema'
import { FrequencyMenu } from './frequency-menu'
import type { TableDraft } from './table-draft'

const changes: Record<FilesSettings['changes'], { label: string; help: string }> = {
  mirror: { label: 'Mirror them', help: 'The table is what the files hold now: a file that changed is read again, and the rows of a deleted one go.' },
  'keep-deleted': { label: 'Keep rows of deleted files', help: 'A file that changed is read again; the rows of a deleted one stay.' },
  append: { label: 'Append only', help: 'Each file is read once, whatever becomes of it later.' },
}

const broken: Record<FilesSettings['broken'], { label: string; help: string }> = {
  fail: { label: 'Fail the sync', help: 'Nothing changes in the table until the file can be read.' },
  'set-aside': { label: 'Set the file aside', help: 'The other files are synced; the report names each that was left out, and why.' },
}

interface OptionFieldsProps {
  draft: TableDraft
  /** How often the source is synced, where a table may follow it; null where each has its own. */
  sourceFrequency: Frequency | null
  disabled?: boolean
  isOpen?: boolean
  onChange(draft: TableDraft): void
}

/** What becomes of changed and broken files, and how often is looked; folded, since the defaults serve most. */
export function OptionFields({ draft, sourceFrequency, disabled = false, isOpen = false, onChange }: OptionFieldsProps) {
  const { settings } = draft
  const set = (change: Partial<FilesSettings>) => onChange({ ...draft, settings: { ...settings, ...change } })
  return (
    <details className="group rounded-md border border-border" open={isOpen || undefined}>
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-3 py-2 text-sm">
        <ChevronRight aria-hidden className="size-4 shrink-0 text-muted-foreground transition-transform group-open:rotate-90" />
        <span className="font-medium">Options</span>
        <span className="min-w-0 truncate text-muted-foreground group-open:hidden">{[changes[settings.changes].label, frequencyWords(draft, sourceFrequency)].join(' · ')}</span>
      </summary>
      <div className="grid grid-cols-1 gap-x-4 gap-y-5 border-t border-border p-3 sm:grid-cols-2">
        <Menu label="When files change" value={settings.changes} options={changes} disabled={disabled} onChange={(value) => set({ changes: value })} />
        <Menu label="Broken files" value={settings.broken} options={broken} disabled={disabled} onChange={(value) => set({ broken: value })} />
        <FrequencyMenu frequency={draft.frequency} sourceFrequency={sourceFrequency} disabled={disabled} onChange={(frequency) => onChange({ ...draft, frequency })} />
        {draft.brakePercent === undefined ? null : <div className="sm:col-span-2"><BrakeField value={draft.brakePercent} isCounted onChange={(brakePercent) => onChange({ ...draft, brakePercent })} /></div>}
      </div>
    </details>
  )
}

function frequencyWords({ frequency }: TableDraft, sourceFrequency: Frequency | null): string {
  return everyWords(frequency ?? sourceFrequency ?? 'six_hours').toLowerCase()
}

interface MenuProps<T extends string> {
  label: string
  value: T
  options: Record<T, { label: string; help: string }>
  disabled: boolean
  onChange(value: T): void
}

/** The words under it are those of the choice that stands. */
function Menu<T extends string>({ label, value, options, disabled, onChange }: MenuProps<T>) {
  const values = Object.keys(options) as T[] // the keys of a record of T
  return (
    <Field className="content-start" label={label} help={options[value].help}>
      {(parts) => (
        <Select value={value} disabled={disabled} onValueChange={(chosen) => onChange(values.find((each) => each === chosen) ?? value)}>
          <SelectTrigger {...parts}><SelectValue /></SelectTrigger>
          <SelectContent>{values.map((each) => <SelectItem key={each} value={each}>{options[each].label}</SelectItem>)}</SelectContent>
        </Select>
      )}
    </Field>
  )
}
