'use client'

import { ChevronDown } from 'lucide-react'
import { DropdownMenu, DropdownMenuContent, DropdownMenuRadioGroup, DropdownMenuRadioItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { Field, type FieldParts } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import type { FilesSettings } from '@/lib/core/files-settings'

interface WorksheetFieldsProps {
  settings: FilesSettings
  /** The worksheets of the first workbook; none before it was looked at. */
  worksheets: string[]
  disabled: boolean
  /** Something was typed, which may go on. */
  onType(settings: FilesSettings): void
  /** Something was chosen from what was found. */
  onChoose(settings: FilesSettings): void
}

/** Which worksheet of each workbook is read, and what its first row is. */
export function WorksheetFields({ settings, worksheets, disabled, onType, onChoose }: WorksheetFieldsProps) {
  const [first] = worksheets
  return (
    <>
      <Field className="content-start sm:col-span-3" label="Worksheet" hint="optional" help={first === undefined ? 'Left blank, the first of each workbook is read' : <>Left blank, the first of each is read, here <q className="[overflow-wrap:anywhere]">{first}</q></>}>
        {(parts) => <WorksheetInput parts={parts} name={settings.worksheet ?? ''} worksheets={worksheets} disabled={disabled} onType={(name) => onType(withWorksheet(settings, name))} onChoose={(name) => onChoose(withWorksheet(settings, name))} />}
      </Field>
      <Field className="content-start sm:col-span-3" label="First row">
        {(parts) => (
          <Select value={settings.csv.header === false ? 'values' : 'names'} disabled={disabled} onValueChange={(value) => onChoose({ ...settings, csv: value === 'values' ? { ...settings.csv, header: false } : withoutHeader(settings.csv) })}>
            <SelectTrigger {...parts}><SelectValue /></SelectTrigger>
            <SelectContent>
              <SelectItem value="names">Column names</SelectItem>
              <SelectItem value="values">Values</SelectItem>
            </SelectContent>
          </Select>
        )}
      </Field>
    </>
  )
}

interface WorksheetInputProps {
  parts: FieldParts
  name: string
  worksheets: string[]
  disabled: boolean
  onType(name: string): void
  onChoose(name: string): void
}

/** A name may be typed before any workbook was seen, and one that only later workbooks have; what was found is a menu at its end. */
function WorksheetInput({ parts, name, worksheets, disabled, onType, onChoose }: WorksheetInputProps) {
  const read = name ? worksheets.find((each) => each.toLowerCase() === name.toLowerCase()) : worksheets[0]
  return (
    <div className="relative">
      <Input {...parts} name="worksheet" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={100} disabled={disabled} className={worksheets.length ? 'pr-9' : undefined} placeholder={worksheets[0]} value={name} onChange={(event) => onType(event.target.value)} />
      {worksheets.length ? (
        <DropdownMenu modal={false}>
          <DropdownMenuTrigger disabled={disabled} aria-label="Choose a worksheet" className="absolute inset-y-0 right-0 flex w-8 items-center justify-center rounded-r-md text-muted-foreground hover:text-foreground">
            <ChevronDown aria-hidden className="size-4" />
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end" className="max-w-80 min-w-56">
            <DropdownMenuRadioGroup value={read ?? ''} onValueChange={onChoose}>
              {worksheets.map((each) => <DropdownMenuRadioItem key={each} value={each}><span className="truncate">{each}</span></DropdownMenuRadioItem>)}
            </DropdownMenuRadioGroup>
          </DropdownMenuContent>
        </DropdownMenu>
      ) : null}
    </div>
  )
}

function withWorksheet({ worksheet: _, ...settings }: FilesSettings, name: string): FilesSettings {
  return name ? { ...settings, worksheet: name } : settings
}

function withoutHeader({ header: _, ...csv }: FilesSettings['csv']): FilesSettings['csv'] {
  return csv
}
