'use client'

import type { FilesForm } from '@/lib/sources/schema'
import type { Frequency } from '@/lib/syncs/schema'
import { OptionFields } from './option-fields'
import type { TableDraft, TableErrors } from './table-draft'
import { TableFields } from './table-fields'
import { TableLook } from './table-look'
import type { TableCheck } from './use-table-checks'

export interface TableEditorProps {
  form: FilesForm
  draft: TableDraft
  errors: TableErrors
  check: TableCheck | undefined
  /** Was something changed since the check, so that it says nothing any more? */
  isStale: boolean
  sourceFrequency: Frequency | null
  isNameFixed?: boolean
  /** Do the files of a form decide by themselves which table they make? */
  isPatternFixed?: boolean
  disabled?: boolean
  /** Is what was found shown where it is out of sight? */
  isLookShown?: boolean
  onChange(draft: TableDraft): void
  /** Look again, with this draft. */
  onCheck(draft: TableDraft): void
}

/** One table of files: which they are, what becomes of them, and what was found in them. */
export function TableEditor({ form, draft, errors, check, isStale, sourceFrequency, isNameFixed = false, isPatternFixed = false, disabled = false, isLookShown = true, onChange, onCheck }: TableEditorProps) {
  const choose = (next: TableDraft) => {
    onChange(next)
    onCheck(next)
  }
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5">
      <TableFields form={form} draft={draft} errors={errors} isNameFixed={isNameFixed} isPatternFixed={isPatternFixed} worksheets={check?.preview?.worksheets ?? []} disabled={disabled} onChange={onChange} onChoose={check ? choose : onChange} />
      <OptionFields draft={draft} sourceFrequency={sourceFrequency} disabled={disabled} onChange={onChange} />
      <TableLook check={check} draft={draft} isStale={isStale} disabled={disabled} isShown={isLookShown} onSettings={(settings) => choose({ ...draft, settings })} />
    </div>
  )
}
