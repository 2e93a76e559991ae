'use client'

import { Plus } from 'lucide-react'
import Link from 'next/link'
import type { FormEvent } from 'react'
import { ConfigFields } from '@/components/connectors/config-fields'
import { ErrorState } from '@/components/shell/error-state'
import { Button, buttonVariants } from '@/components/ui/button'
import { formatQuantity } from '@/lib/core/format'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { FilesForm } from '@/lib/sources/schema'
import { DraftTables } from './draft-tables'
import { InstructionsFold, InstructionsPanel } from './instructions-panel'
import { namingErrors, toLinkInput } from './link-draft'
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
        <InstructionsFold connector={connector} inbound={form.inbound} className="mb-6" />
        <ConfigFields fields={connector.fields} values={draft.values} errors={state.errors.config} disabled={linking.isBusy} onChange={state.changeConfig} />
        <DraftTables draft={draft} files={files} state={state} disabled={linking.isBusy} className="mt-6">
          <div><Button variant="outline" size="sm" disabled={linking.isBusy || draft.tables.length >= 100} onClick={state.addTable}><Plus aria-hidden />Add another table</Button></div>
        </DraftTables>
        <NamingFields form={form} draft={draft} errors={state.errors} onChange={(changes) => {
          state.setErrors((before) => ({ ...before, ...namingErrors(form, changes) }))
          change(changes)
        }} />
        {linking.error ? <ErrorState error={linking.error} className="mt-6" /> : null}
        <div className="sticky bottom-0 z-10 -mx-1 mt-6 flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-t border-border bg-background px-1 py-3">
          <Link href="/sources/new" className={buttonVariants({ variant: 'outline' })}>Back</Link>
          <p aria-live="polite" className="ml-auto text-right text-sm text-muted-foreground max-sm:order-first max-sm:basis-full max-sm:text-left">{state.isBusy ? 'Checking' : isReady ? 'Ready to be linked' : 'Check the files, then link them'}</p>
          {state.isBusy ? <Button variant="ghost" onClick={() => state.cancel()}>Stop the check</Button> : null}
          <Button type="submit" isBusy={state.isBusy || linking.isBusy} className="min-w-24">{isReady ? `Link ${draft.tables.length > 1 ? formatQuantity(draft.tables.length, 'table') : 'source'}` : 'Check'}</Button>
        </div>
      </form>
      <InstructionsPanel connector={connector} inbound={form.inbound} />
    </div>
  )
}
