'use client'

import { frequencies, frequencyLabels } from '@/components/syncs/frequency-labels'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { Frequency } from '@/lib/syncs/schema'
import { prefixError, tableNamePreview, type LinkDraft, type NamingChanges } from './link-draft'

interface NamingFieldsProps {
  form: LinkForm
  draft: LinkDraft
  errors: { name?: string; prefix?: string }
  onChange(changes: NamingChanges): void
}

/** What the source and its tables are called here, and how often they are read. */
export function NamingFields({ form, draft, errors, onChange }: NamingFieldsProps) {
  const isPrefixNeeded = prefixError(form, '') !== undefined
  const sample = (draft.found?.source.schemas[0] ?? draft.tables[0])?.name || 'customers'
  return (
    <fieldset className="mt-6 grid grid-cols-1 gap-x-4 gap-y-5 border-t border-border pt-5 sm:grid-cols-6">
      <legend className="sr-only">In the warehouse</legend>
      <div className="sm:col-span-4">
        <Field label="Source name" hint="optional" error={errors.name} help="Leave it blank to take the source’s own name.">
          {(parts) => <Input {...parts} name="source-name" autoComplete="off" maxLength={100} value={draft.name} placeholder={draft.found?.source.suggestedName} onChange={(event) => onChange({ name: event.target.value })} />}
        </Field>
      </div>
      <div className="sm:col-span-2">
        <Field label="Sync frequency">
          {(parts) => (
            <Select value={draft.frequency} onValueChange={(value) => onChange({ frequency: value as Frequency })}>
              <SelectTrigger {...parts}>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {frequencies.map((frequency) => (
                  <SelectItem key={frequency} value={frequency}>{frequencyLabels[frequency]}</SelectItem>
                ))}
              </SelectContent>
            </Select>
          )}
        </Field>
      </div>
      <div className="sm:col-span-6">
        <Field
          label="Table prefix"
          hint={isPrefixNeeded ? `needed for a second ${form.connector.label} source` : 'optional'}
          error={errors.prefix}
          help={
            <>
              Tables are named like <code className="font-mono [overflow-wrap:anywhere]">{tableNamePreview(draft.prefix, form.connector.id, sample)}</code>
            </>
          }
        >
          {(parts) => (
            <Input {...parts} name="table-prefix" autoComplete="off" autoCapitalize="none" spellCheck={false} aria-required={isPrefixNeeded || undefined} className="font-mono text-sm" value={draft.prefix} placeholder={isPrefixNeeded ? 'shop' : undefined} onChange={(event) => onChange({ prefix: event.target.value })} />
          )}
        </Field>
      </div>
    </fieldset>
  )
}
