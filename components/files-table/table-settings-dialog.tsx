'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'
import { failureView, getJson } from '@/components/syncs/get-json'
import { statusKeys } from '@/components/syncs/status-keys'
import { changeSchemasAction } from '@/lib/sources/actions'
import { editFilesTableAction } from '@/lib/sources/files-actions'
import type { FilesForm, SchemaSettings, SchemaView, SourceView } from '@/lib/sources/schema'
import type { ActionResult } from '@/lib/workspace/schema'
import { OwnTableForm } from './own-table-form'
import { newTableDraft, readingKey, type TableDraft } from './table-draft'
import { TableDialog, TableForm } from './table-dialog'
import { useOneTable } from './use-one-table'

interface TableSettingsDialogProps {
  schema: Pick<SchemaView, 'id' | 'sourceId' | 'name'>
  onClose(): void
}

/** Which files make a table, how they are read, and what becomes of changed ones. */
export function TableSettingsDialog({ schema, onClose }: TableSettingsDialogProps) {
  const query = useQuery({
    queryKey: ['files-settings', schema.id],
    queryFn: async ({ signal }) => {
      const [settings, source] = await Promise.all([getJson<SchemaSettings>(`/api/status/schemas/${schema.id}/settings`, signal), getJson<SourceView>(`/api/status/sources/${schema.sourceId}`, signal)])
      return { settings, source }
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <TableDialog title={`Settings of ${schema.name}`} words="Where the rows of this table come from, and how they are read." onClose={onClose}>
      {query.data ? (
        <Loaded {...query.data} onClose={onClose} />
      ) : query.isError ? (
        <ErrorState error={failureView(query.error)} actions={<Button variant="outline" size="sm" onClick={() => void query.refetch()}>Try again</Button>} />
      ) : (
        <div aria-busy="true" aria-label="Loading the settings" className="grid content-start gap-4"><Skeleton className="h-16" /><Skeleton className="h-16" /><Skeleton className="h-10" /><Skeleton className="h-64" /></div>
      )}
    </TableDialog>
  )
}

function Loaded({ settings: { schema, files }, source, onClose }: { settings: SchemaSettings; source: SourceView; onClose(): void }) {
  const form = source.files
  if (!form || !files) return <OwnTableForm schema={schema} onClose={onClose} />
  return <SettingsForm schema={schema} files={files} source={source} form={form} onClose={onClose} />
}

interface SettingsFormProps {
  schema: SchemaView
  files: NonNullable<SchemaSettings['files']>
  source: SourceView
  form: FilesForm
  onClose(): void
}

function SettingsForm({ schema, files, source, form, onClose }: SettingsFormProps) {
  const client = useQueryClient()
  const [first] = useState((): TableDraft => ({ ...newTableDraft(), name: schema.name, pattern: files.pattern, settings: files.settings, frequency: schema.frequency, brakePercent: schema.brakePercent, isFormatChosen: true, isNameTyped: true }))
  const isReadAlike = (draft: TableDraft) => readingKey(draft) === readingKey(first)
  const state = useOneTable({ source, first, otherNames: [], isLookedAt: true, needsNoCheck: isReadAlike })
  const readsAgain = schema.version !== null && !isReadAlike(state.draft)

  async function save(): Promise<void> {
    const isSaved = await state.submit((draft) => saveChanges(schema.id, first, draft))
    if (!isSaved) return
    void client.invalidateQueries({ queryKey: statusKeys.schemas(schema.sourceId) })
    toast.success(`Settings of ${schema.name} saved`)
    onClose()
  }

  return <TableForm form={form} state={state} isNameFixed saveLabel="Save settings" footnote={readsAgain ? <span className="text-waiting">The next sync reads every file again that is read otherwise now.</span> : null} onSubmit={save} onClose={onClose} />
}

/** Only what differs: a setting that isn't sent isn't changed. */
async function saveChanges(schemaId: string, before: TableDraft, now: TableDraft): Promise<ActionResult<unknown>> {
  const pattern = now.pattern.trim()
  const isSame = pattern === before.pattern && JSON.stringify(now.settings) === JSON.stringify(before.settings)
  const edited = isSame ? null : await editFilesTableAction({ schemaId, pattern, settings: now.settings })
  if (edited && !edited.ok) return edited
  const change = { ...(now.frequency && now.frequency !== before.frequency ? { frequency: now.frequency } : {}), ...(now.brakePercent === before.brakePercent ? {} : { brakePercent: now.brakePercent }) }
  return Object.keys(change).length ? changeSchemasAction({ schemaIds: [schemaId], change }) : { ok: true, value: undefined }
}
