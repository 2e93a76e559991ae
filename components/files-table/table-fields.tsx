'use client'

import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { FilesForm } from '@/lib/sources/schema'
import { formatHints, formatLabels, formats } from './format-labels'
import { withFormat, withPattern, type TableDraft, type TableErrors } from './table-draft'
import { WorksheetFields } from './worksheet-fields'

interface TableFieldsProps {
  form: FilesForm
  draft: TableDraft
  errors: TableErrors
  /** The name of a table that is there stays. */
  isNameFixed?: boolean
  isPatternFixed?: boolean
  /** Of the first workbook that was found. */
  worksheets: string[]
  disabled?: boolean
  onChange(draft: TableDraft): void
  /** A choice among what was found: the files are looked at again. */
  onChoose(draft: TableDraft): void
}

/** What the table is called, which files make it, and what format they have. */
export function TableFields({ form, draft, errors, isNameFixed = false, isPatternFixed = false, worksheets, disabled = false, onChange, onChoose }: TableFieldsProps) {
  const { settings } = draft
  const readOnly = !useHydrated()
  const typed = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false, disabled, readOnly } as const
  return (
    <div className="grid grid-cols-1 gap-x-4 gap-y-5 sm:grid-cols-6">
      {isPatternFixed ? null : (
        <Field className="sm:col-span-6" label={form.byHand ? 'Files' : form.isList ? 'Addresses of the files' : 'Files URL pattern'} error={errors.pattern} help={form.patternHelp}>
          {(parts) => {
            const shared = { ...parts, ...typed, name: 'pattern', 'aria-required': true, placeholder: form.patternExample, value: draft.pattern }
            const change = (pattern: string) => onChange(withPattern(draft, pattern))
            return form.isList
              ? <Textarea {...shared} className="field-sizing-content max-h-60 min-h-14 font-mono text-sm [font-variant-ligatures:none] [overflow-wrap:anywhere]" onChange={(event) => change(event.target.value)} />
              : <Input {...shared} className="font-mono text-sm [font-variant-ligatures:none]" onChange={(event) => change(event.target.value)} />
          }}
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
        <WorksheetFields settings={settings} worksheets={worksheets} disabled={disabled} onType={(next) => onChange({ ...draft, settings: next })} onChoose={(next) => onChoose({ ...draft, settings: next })} />
      ) : null}
    </div>
  )
}

function formatHelp(format: TableDraft['settings']['format']): string {
  const hint = formatHints[format]
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}`
}
