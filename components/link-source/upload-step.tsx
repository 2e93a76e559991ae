'use client'

import Link from 'next/link'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import type { TableDraft } from '@/components/files-table/table-draft'
import { DropZone } from '@/components/files-table/uploads/drop-zone'
import { looksLikeOne, tablesOf, type Grouping } from '@/components/files-table/uploads/group-files'
import { sentFiles, type UploadItem } from '@/components/files-table/uploads/upload-item'
import { UploadList } from '@/components/files-table/uploads/upload-list'
import { useUploads } from '@/components/files-table/uploads/use-uploads'
import { ErrorState } from '@/components/shell/error-state'
import { Button, buttonVariants } from '@/components/ui/button'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import { formatQuantity } from '@/lib/core/format'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { FilesForm } from '@/lib/sources/schema'
import { DraftTables } from './draft-tables'
import { InstructionsFold, InstructionsPanel } from './instructions-panel'
import { namingErrors, prefixError, toLinkInput } from './link-draft'
import { useLinkDraft } from './link-drafts'
import { NamingFields } from './naming-fields'
import { useFilesForm } from './use-files-form'
import { useLinkSource } from './use-link-source'
import { StepHeading } from './wizard-frame'

/** How many tables are looked at by themselves once their files are here. */
const LOOKED_AT = 5

/** Files from the computer: they are uploaded, grouped into tables, looked at, and linked. */
export function UploadStep({ form, files }: { form: LinkForm; files: FilesForm }) {
  const { connector } = form
  const { draft, change } = useLinkDraft(form)
  const state = useFilesForm(form, draft, change)
  const linking = useLinkSource(form)
  const uploading = useUploadedTables(form)
  const { items } = uploading
  const hasTables = draft.tables.length > 0 && Boolean(draft.values.folder)
  const isReady = hasTables && !uploading.isUnderWay && draft.tables.every(state.passed)
  useLook(hasTables && !uploading.isUnderWay ? draft.tables : [], state)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!hasTables || uploading.isUnderWay || state.isBusy || linking.isBusy || !(await state.check())) return
    await linking.link(() => toLinkInput(form, draft), state.refuse)
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 xl:grid-cols-[minmax(0,1fr)_312px]">
      <form ref={state.formElement} onSubmit={(event) => void submit(event)} noValidate className="grid min-w-0 max-w-3xl grid-cols-[minmax(0,1fr)] content-start gap-4">
        <StepHeading title="Upload files" className="mb-0">{connector.description}</StepHeading>
        <InstructionsFold connector={connector} inbound={form.inbound} />
        <DropZone isSmall={items.length > 0} disabled={linking.isBusy} onFiles={uploading.add} />
        <UploadList items={items} disabled={linking.isBusy} onRemove={uploading.remove} onRetry={uploading.retry} />
        {hasTables ? (
          <>
            {sentFiles(items).length > 1 ? <GroupingChoice value={uploading.grouping} disabled={linking.isBusy} onChange={uploading.setGrouping} /> : null}
            <DraftTables draft={draft} files={files} state={state} disabled={linking.isBusy || uploading.isUnderWay} isPatternFixed />
            <NamingFields form={form} draft={draft} errors={state.errors} onChange={(changes) => {
              state.setErrors((before) => ({ ...before, ...namingErrors(form, changes) }))
              change(changes)
            }} />
          </>
        ) : null}
        {linking.error ? <ErrorState error={linking.error} /> : null}
        <div className="sticky bottom-0 z-10 -mx-1 mt-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-t border-border bg-background px-1 py-3">
          <Link href="/sources/new" className={buttonVariants({ variant: 'outline' })}>Back</Link>
          <p aria-live="polite" className="ml-auto text-right text-sm text-muted-foreground max-sm:order-first max-sm:basis-full max-sm:text-left">{nextWords(items, state.isBusy, isReady)}</p>
          {state.isBusy ? <Button variant="ghost" onClick={() => state.cancel()}>Stop the check</Button> : null}
          <Button type="submit" disabled={!hasTables || uploading.isUnderWay} isBusy={state.isBusy || linking.isBusy} className="min-w-24">{isReady || !hasTables ? `Link ${draft.tables.length > 1 ? formatQuantity(draft.tables.length, 'table') : 'source'}` : 'Check'}</Button>
        </div>
      </form>
      <InstructionsPanel connector={connector} inbound={form.inbound} />
    </div>
  )
}

/** The uploads of the form, and the tables that they make. The draft keeps both while a person goes to another step and back. */
function useUploadedTables(form: LinkForm) {
  const { draft, change } = useLinkDraft(form)
  const [chosen, setGrouping] = useState<Grouping | null>(null)
  const uploads = useUploads({
    first: draft.uploads,
    folder: draft.values.folder || null,
    onDone: (_, folder) => change((current) => ({ ...current, values: { ...current.values, folder }, prefix: current.prefix || freePrefix(form) })),
  })
  const sent = sentFiles(uploads.items)
  const grouping = chosen ?? (looksLikeOne(sent) ? 'one' : 'each')
  // the files and how they are grouped decide; every other change of the list is progress
  const key = JSON.stringify([grouping, ...sent.map(({ id, name }) => [id, name])])
  const latest = useRef<{ items: UploadItem[]; key: string }>({ items: [], key: JSON.stringify([grouping, ...sentFiles(draft.uploads).map(({ id, name }) => [id, name])]) })
  useEffect(() => { latest.current.items = uploads.items })
  useEffect(() => {
    if (latest.current.key === key) return
    latest.current.key = key
    const done = latest.current.items.filter(({ state }) => state === 'done')
    change((current) => ({ ...current, uploads: done, tables: tablesOf(sentFiles(done), grouping, current.tables) }))
  }, [key, grouping, change])
  return { ...uploads, grouping, setGrouping }
}

/** Looks at the first tables as soon as their files are here, each once. */
function useLook(tables: TableDraft[], { checks, checkTable, isBusy }: ReturnType<typeof useFilesForm>) {
  const next = isBusy ? undefined : tables.slice(0, LOOKED_AT).find((table) => !checks[table.key])
  const look = useRef(checkTable)
  useEffect(() => { look.current = checkTable })
  useEffect(() => {
    if (next) look.current(next)
  }, [next])
}

function freePrefix(form: LinkForm): string {
  if (!prefixError(form, '')) return ''
  for (let number = 2; ; number++) if (!prefixError(form, `files_${number}`)) return `files_${number}`
}

function nextWords(items: UploadItem[], isChecking: boolean, isReady: boolean): string {
  if (items.some(({ state }) => state === 'waiting' || state === 'sending' || state === 'finishing')) return 'Uploading'
  if (isChecking) return 'Looking at the files'
  if (isReady) return 'Ready to be linked'
  return items.some(({ state }) => state === 'done') ? 'Check the files, then link them' : 'Choose the files of a table'
}

const groupings: { id: Grouping; label: string; words: string }[] = [
  { id: 'one', label: 'One table of all files', words: 'Their rows stand together; _file tells them apart.' },
  { id: 'each', label: 'A table for each file', words: 'Each file is a table of its own.' },
]

function GroupingChoice({ value, disabled, onChange }: { value: Grouping; disabled: boolean; onChange(value: Grouping): void }) {
  return (
    <RadioGroup aria-label="How files make tables" value={value} disabled={disabled} onValueChange={(next) => onChange(next === 'one' ? 'one' : 'each')} className="grid gap-2 sm:grid-cols-2">
      {groupings.map(({ id, label, words }) => (
        <label key={id} className="flex cursor-pointer gap-2.5 rounded-md border border-border px-3 py-2 has-data-[state=checked]:border-primary">
          <RadioGroupItem value={id} className="mt-1" />
          <span className="min-w-0"><span className="block font-medium">{label}</span><span className="block text-sm text-muted-foreground">{words}</span></span>
        </label>
      ))}
    </RadioGroup>
  )
}
