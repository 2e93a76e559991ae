'use client'

import { Table2 } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { postJson } from '@/components/connectors/read-lines'
import { EmptyState } from '@/components/shell/empty-state'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import type { ErrorView } from '@/lib/core/errors'
import { formatBytes, formatCount, formatQuantity } from '@/lib/core/format'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { ColumnsDialog } from './columns-dialog'
import { choiceOf, type LinkDraft } from './link-draft'
import type { ChangeDraft } from './link-drafts'
import { MethodDialog } from './method-dialog'
import type { TableChoice } from './table-choices'
import { listedTables, selectionTotals, type SelectionTotals, type TableFilter } from './table-list'
import { TablesToolbar } from './tables-toolbar'
import { VirtualTables } from './virtual-tables'
import { StepHeading } from './wizard-frame'

interface TablesStepProps {
  form: LinkForm
  draft: LinkDraft
  change: ChangeDraft
  onBack(): void
  onImport(): void
  isBusy: boolean
  /** Why the source could not be linked. */
  error: ErrorView | null
}

type OpenDialog = { kind: 'method' | 'columns'; schema: DiscoveredSchema } | null

/** Which tables are synced, how, and with which columns. */
export function TablesStep({ form, draft, change, onBack, onImport, isBusy, error }: TablesStepProps) {
  const [filter, setFilter] = useState<TableFilter>({ text: '', show: 'all', sort: { by: 'name', isDescending: false } })
  const [dialog, setDialog] = useState<OpenDialog>(null)
  const schemas = useMemo(() => draft.found?.source.schemas ?? [], [draft.found])
  // Ticking must not make rows vanish under the pointer: "selected" is what was selected when the filter was set.
  const [selectedThen, setSelectedThen] = useState(draft.selected)
  const listed = useMemo(() => listedTables(schemas, filter, selectedThen), [schemas, filter, selectedThen])

  const select = useCallback(
    (tables: DiscoveredSchema[], isSelected: boolean) =>
      change((current) => {
        const selected = new Set(current.selected)
        for (const { name, problem } of tables) if (isSelected && !problem) selected.add(name)
          else selected.delete(name)
        return { ...current, selected }
      }),
    [change],
  )
  const choose = useCallback(
    (chosen: Iterable<[string, TableChoice]>) => change((current) => ({ ...current, choices: new Map([...current.choices, ...chosen]) })),
    [change],
  )
  const open = useCallback((kind: 'method' | 'columns', schema: DiscoveredSchema) => setDialog({ kind, schema }), [])

  function changeFilter(changes: Partial<TableFilter>) {
    setSelectedThen(draft.selected)
    setFilter({ ...filter, ...changes })
  }

  function save(schema: DiscoveredSchema, choice: TableChoice) {
    choose([[schema.name, choice]])
    select([schema], true)
    setDialog(null)
  }

  function measure({ location, columns }: DiscoveredSchema, signal: AbortSignal) {
    return postJson<Record<string, string>>('/api/link/measure', { connector: form.connector.id, config: JSON.parse(draft.found?.config ?? '{}'), location, columns }, signal)
  }

  if (!schemas.length) return <NoTables form={form} onBack={onBack} />
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <StepHeading title="Choose tables" className="mb-1">What isn’t ticked now can be switched on later.</StepHeading>
      <TablesToolbar schemas={schemas} listed={listed} draft={draft} filter={filter} onFilter={changeFilter} onSelect={select} onChoose={choose} />
      <VirtualTables listed={listed} draft={draft} sort={filter.sort} onSort={(sort) => changeFilter({ sort })} onSelect={select} onOpen={open} />
      {error ? <ErrorState error={error} /> : null}
      <Footer schemas={schemas} draft={draft} isBusy={isBusy} onBack={onBack} onImport={onImport} />
      {dialog?.kind === 'method' ? <MethodDialog schema={dialog.schema} choice={choiceOf(draft, dialog.schema)} onSave={(choice) => save(dialog.schema, choice)} onClose={() => setDialog(null)} /> : null}
      {dialog?.kind === 'columns' ? (
        <ColumnsDialog schema={dialog.schema} choice={choiceOf(draft, dialog.schema)} measure={(signal) => measure(dialog.schema, signal)} onSave={(columnNames) => save(dialog.schema, { ...choiceOf(draft, dialog.schema), columnNames })} onClose={() => setDialog(null)} />
      ) : null}
    </div>
  )
}

function NoTables({ form, onBack }: { form: LinkForm; onBack(): void }) {
  return (
    <>
      <StepHeading title="Choose tables" />
      <EmptyState icon={<Table2 />} title="This source has no tables" actions={<Button variant="outline" onClick={onBack}>Back to the connection</Button>}>
        {form.connector.label} answered, and shows this user nothing to read. Check the database and the schema, and that the user may use them.
      </EmptyState>
    </>
  )
}

interface FooterProps {
  schemas: DiscoveredSchema[]
  draft: LinkDraft
  isBusy: boolean
  onBack(): void
  onImport(): void
}

function Footer({ schemas, draft, isBusy, onBack, onImport }: FooterProps) {
  const totals = useMemo(() => selectionTotals(schemas, draft.selected), [schemas, draft.selected])
  return (
    <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-t border-border bg-background px-1 py-3">
      <Button variant="outline" onClick={onBack}>Back</Button>
      <p aria-live="polite" className="text-right text-sm text-muted-foreground tabular max-sm:order-first max-sm:basis-full sm:ml-auto">{footerWords(totals)}</p>
      <Button disabled={!totals.tables} isBusy={isBusy} onClick={onImport}>Import {formatQuantity(totals.tables, 'table')}</Button>
    </div>
  )
}

function footerWords({ tables, rows, bytes, isPartial }: SelectionTotals): string {
  if (!tables) return 'Tick at least one table'
  if (!rows && isPartial) return 'How many rows is known once they are read'
  return `about ${formatCount(rows)} rows${isPartial ? ' or more' : ''} · ${formatBytes(bytes)}`
}
