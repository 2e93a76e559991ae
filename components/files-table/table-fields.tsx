'use client'

import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import type { FilesForm } from '@/lib/sources/schema'
import { formatHints, formatLabels, formats } from './format-labels'
import { withFormat, withPattern, type TableDraft, type TableErrors } from './table-draft'

interface TableFieldsProps {
  form: FilesForm
  draft: TableDraft
  errors: TableErrors
  /** The name of a table that is there stays. */
  isNameFixed?: boolean
  isPatternFixed?: boolean
  disabled?: boolean
  onChange(draft: TableDraft): void
}

/** What the table is called, which files make it, and what format they have. */
export function TableFields({ form, draft, errors, isNameFixed = false, isPatternFixed = false, disabled = false, onChange }: TableFieldsProps) {
  const { settings } = draft
  const typed = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false, disabled } as const
  return (
    <div className="grid grid-cols-1 gap-x-4 gap-y-5 sm:grid-cols-6">
      {isPatternFixed ? null : (
        <Field className="sm:col-span-6" label={form.byHand ? 'Files' : 'Files URL pattern'} error={errors.pattern} help={form.patternHelp}>
          {(parts) => <Input {...parts} {...typed} name="pattern" aria-required className="font-mono text-sm" placeholder={form.patternExample} value={draft.pattern} onChange={(event) => onChange(withPattern(draft, event.target.value))} />}
        </Field>
      )}
      {isNameFixed ? null : (
        <Field className="content-start sm:col-span-3" label="Table name" error={errors.name}>
          {(parts) => <Input {...parts} {...typed} name="table-name" aria-required className="font-mono text-sm" placeholder="orders" maxLength={128} value={draft.name} onChange={(event) => onChange({ ...draft, name: event.target.value, isNameTyped: event.target.value !== '' })} />}
        </Field>
      )}
      <Field className="content-start sm:col-span-3" label="Format" help={formatHelp(settings.format)}>
        {(parts) => (
          <Select value={settings.format} disabled={disabled} onValueChange={(value) => onChange({ ...draft, isFormatChosen: true, settings: withFormat(settings, formats.find((each) => each === value) ?? settings.format) })}>
            <SelectTrigger {...parts}><SelectValue /></SelectTrigger>
            <SelectContent>
              {formats.map((format) => <SelectItem key={format} value={format}>{formatLabels[format]}</SelectItem>)}
            </SelectContent>
          </Select>
        )}
      </Field>
      {settings.format === 'excel' ? (
        <Field className="content-start sm:col-span-3" label="Worksheet" hint="optional" help="Left blank, the first one is read.">
          {(parts) => <Input {...parts} {...typed} name="worksheet" maxLength={100} value={settings.worksheet ?? ''} onChange={(event) => onChange({ ...draft, settings: withWorksheet(settings, event.target.value) })} />}
        </Field>
      ) : null}
    </div>
  )
}

function formatHelp(format: TableDraft['settings']['format']): string {
  const hint = formatHints[format]
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`
}

function withWorksheet({ worksheet: _, ...settings }: TableDraft['settings'], name: string): TableDraft['settings'] {
  return name ? { ...settings, worksheet: name } : settings
}
