'use client'

import { Plus } from 'lucide-react'
import Link from 'next/link'
import type { FormEvent } from 'react'
import { ConfigFields } from '@/components/connectors/config-fields'
import { TableCard } from '@/components/files-table/table-card'
import { TableEditor } from '@/components/files-table/table-editor'
import type { TableDraft } from '@/components/files-table/table-draft'
import { ErrorState } from '@/components/shell/error-state'
import { Button, buttonVariants } from '@/components/ui/button'
import { formatQuantity } from '@/lib/core/format'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { FilesForm } from '@/lib/sources/schema'
import { InstructionsFold, InstructionsPanel } from './instructions-panel'
import { nameError, prefixError, toLinkInput, type LinkDraft } from './link-draft'
import { useLinkDraft } from './link-drafts'
import { NamingFields } from './naming-fields'
import { useFilesForm } from './use-files-form'
import { useLinkSource } from './use-link-source'
import { StepHeading } from './wizard-frame'

/** Where the files are, who reads them, and which tables they make. Check looks at them, and then they can be linked. */
export function FilesStep({ form, files }: { form: LinkForm; files: FilesForm }) {
  const { connector } = form
  const { draft, change } = useLinkDraft(form)
  const state = useFilesForm(form, draft, change)
  const linking = useLinkSource(form)
  const isReady = draft.tables.every(state.passed)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (state.isBusy || linking.isBusy || !(await state.check())) return
    await linking.link(() => toLinkInput(form, draft), state.refuse)
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 xl:grid-cols-[minmax(0,1fr)_312px]">
      <form ref={state.formElement} onSubmit={(event) => void submit(event)} noValidate className="grid min-w-0 max-w-3xl grid-cols-[minmax(0,1fr)] content-start">
        <StepHeading title={`Connect ${connector.label}`}>{connector.description}</StepHeading>
        <InstructionsFold connector={connector} inbound={form.inbound} />
        <ConfigFields fields={connector.fields} values={draft.values} errors={state.errors.config} disabled={linking.isBusy} onChange={state.changeConfig} />
        <Tables draft={draft} files={files} state={state} disabled={linking.isBusy} />
        <NamingFields form={form} draft={draft} errors={state.errors} onChange={(changes) => {
          state.setErrors((before) => ({ ...before, ...(changes.name !== undefined && { name: nameError(form, changes.name) }), ...(changes.prefix !== undefined && { prefix: changes.prefix ? prefixError(form, changes.prefix) : undefined }) }))
          change(changes)
        }} />
        {linking.error ? <ErrorState error={linking.error} className="mt-6" /> : null}
        <div className="sticky bottom-0 z-10 -mx-1 mt-6 flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-t border-border bg-background px-1 py-3">
          <Link href="/sources/new" className={buttonVariants({ variant: 'outline' })}>Back</Link>
          <p aria-live="polite" className="ml-auto text-right text-sm text-muted-foreground max-sm:order-first max-sm:basis-full max-sm:text-left">{state.isBusy ? 'Checking' : isReady ? 'Ready to be linked' : 'Check the files, then link them'}</p>
          {state.isBusy ? <Button variant="ghost" onClick={() => state.cancel()}>Cancel</Button> : null}
          <Button type="submit" isBusy={state.isBusy || linking.isBusy} className="min-w-24">{isReady ? `Link ${draft.tables.length > 1 ? formatQuantity(draft.tables.length, 'table') : 'source'}` : 'Check'}</Button>
        </div>
      </form>
      <InstructionsPanel connector={connector} inbound={form.inbound} />
    </div>
  )
}

interface TablesProps {
  draft: LinkDraft
  files: FilesForm
  state: ReturnType<typeof useFilesForm>
  disabled: boolean
}

/** One table stands open by itself; several are cards, of which one is open. */
function Tables({ draft, files, state, disabled }: TablesProps) {
  const { tables } = draft
  const editor = (table: TableDraft, place: number) => ({
    form: files,
    draft: table,
    errors: state.errors.tables?.[place] ?? {},
    check: state.checks[table.key],
    isStale: !state.checks[table.key]?.isRunning && !state.isFresh(table),
    sourceFrequency: draft.frequency,
    disabled,
    onChange: state.changeTable,
    onCheck: state.checkTable,
  })
  const [only] = tables
  return (
    <section aria-labelledby="tables" className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-4 border-t border-border pt-5">
      <h3 id="tables" className="font-semibold">{tables.length > 1 ? 'Tables' : 'Table'}</h3>
      {tables.length === 1 && only ? <TableEditor {...editor(only, 0)} /> : (
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
          {tables.map((table, place) => (
            <TableCard key={table.key} {...editor(table, place)} number={place + 1} isOpen={state.openKey === table.key} isPassed={state.passed(table)} onToggle={() => state.setOpenKey(state.openKey === table.key ? undefined : table.key)} onRemove={() => state.removeTable(table.key)} />
          ))}
        </ul>
      )}
      <div><Button variant="outline" size="sm" disabled={disabled || tables.length >= 100} onClick={state.addTable}><Plus aria-hidden />Add another table</Button></div>
    </section>
  )
}
