'use client'

import { useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { fieldClasses, Input } from '@/components/ui/input'
import { cn } from '@/components/ui/cn'
import type { CsvSettings } from '@/lib/core/files-settings'
import { delimiters, delimiterWords, encodings, encodingWords, markWords } from './csv-words'

interface CsvFormProps {
  /** What people set; what is absent is found out. */
  csv: CsvSettings
  /** How the first file is understood now. */
  found: Required<CsvSettings> | null
  onApply(csv: CsvSettings): void
}

/** Every setting of a CSV dialect, each with what was found as its first choice. */
export function CsvForm({ csv: given, found, onApply }: CsvFormProps) {
  const [csv, setCsv] = useState(given)
  const [nulls, setNulls] = useState(given.nullTexts?.join(', ') ?? '')
  const set = (change: Partial<CsvSettings>) => setCsv((before) => withoutBlanks({ ...before, ...change }))
  const seen = <K extends keyof CsvSettings>(key: K): Required<CsvSettings>[K] | undefined => (given[key] === undefined ? found?.[key] : undefined)
  const choice = <T extends string>(label: string, key: 'delimiter' | 'quote' | 'escape' | 'encoding' | 'header' | 'raggedRows', options: Record<T, string>, words: (value: string) => string, read: (value: string) => Partial<CsvSettings>) => (
    <Choice label={label} value={csv[key] === undefined ? null : String(csv[key])} found={seen(key) === undefined ? null : words(String(seen(key)))} options={options} words={words} onChange={(value) => set(value === null ? { [key]: undefined } : read(value))} />
  )

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {choice('Delimiter', 'delimiter', delimiters, delimiterWords, (delimiter) => ({ delimiter }))}
        {choice('First row', 'header', { true: 'Column names', false: 'Values' }, (value) => (value === 'true' ? 'Column names' : 'Values'), (value) => ({ header: value === 'true' }))}
        {choice('Quote', 'quote', { '"': '', "'": '', '': '' }, markWords, (quote) => ({ quote }))}
        {choice('Escape', 'escape', { '"': '', '\\': '', '': '' }, markWords, (escape) => ({ escape }))}
        {choice('Encoding', 'encoding', encodings, encodingWords, (encoding) => ({ encoding }))}
        {choice('Short rows', 'raggedRows', { strict: 'An error', padded: 'Filled up with NULL' }, (value) => (value === 'padded' ? 'Filled up with NULL' : 'An error'), (value) => ({ raggedRows: value === 'padded' ? 'padded' : 'strict' }))}
        <Field label="Lines to skip" hint="at the top">
          {(parts) => <Input {...parts} type="number" min={0} max={1000} inputMode="numeric" placeholder={String(seen('skipLines') ?? 0)} value={csv.skipLines ?? ''} onChange={(event) => set({ skipLines: event.target.value === '' ? undefined : Math.min(1000, Math.max(0, Math.trunc(Number(event.target.value)))) })} />}
        </Field>
        <Field label="Comment mark" hint="optional">
          {(parts) => <Input {...parts} maxLength={1} className="font-mono" placeholder={seen('comment') || undefined} value={csv.comment ?? ''} onChange={(event) => set({ comment: event.target.value || undefined })} />}
        </Field>
      </div>
      <Field label="Texts that mean NULL" hint="with commas between">
        {(parts) => <Input {...parts} className="font-mono text-sm" placeholder={seen('nullTexts')?.join(', ') || 'NA, NULL'} value={nulls} onChange={(event) => { setNulls(event.target.value); set({ nullTexts: readNulls(event.target.value) }) }} />}
      </Field>
      <div className="flex justify-between gap-2">
        <Button variant="ghost" size="sm" disabled={!Object.keys(given).length} onClick={() => onApply({})}>Find out again</Button>
        <Button size="sm" onClick={() => onApply(csv)}>Read it so</Button>
      </div>
    </div>
  )
}

interface ChoiceProps {
  label: string
  /** Null: it is found out. */
  value: string | null
  found: string | null
  options: Record<string, string>
  words(value: string): string
  onChange(value: string | null): void
}

/** The browser's own menu: the values of a dialect are short, and a portal in a popover would close it. */
function Choice({ label, value, found, options, words, onChange }: ChoiceProps): ReactNode {
  const values = Object.keys(options)
  const all = value !== null && !values.includes(value) ? [value, ...values] : values
  return (
    <Field label={label}>
      {(parts) => (
        <select {...parts} className={cn(fieldClasses, 'h-8 px-2 text-sm')} value={value === null ? 'found' : `=${value}`} onChange={(event) => onChange(event.target.value === 'found' ? null : event.target.value.slice(1))}>
          <option value="found">{found === null ? 'Find out' : `${found} (found)`}</option>
          {all.map((each) => <option key={each} value={`=${each}`}>{options[each] || words(each)}</option>)}
        </select>
      )}
    </Field>
  )
}

function readNulls(text: string): string[] | undefined {
  const texts = text.split(',').map((each) => each.trim()).filter(Boolean).slice(0, 10)
  return texts.length ? texts.map((each) => each.slice(0, 40)) : undefined
}

function withoutBlanks(csv: Partial<CsvSettings>): CsvSettings {
  return Object.fromEntries(Object.entries(csv).filter(([, value]) => value !== undefined))
}
