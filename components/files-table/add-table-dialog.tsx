'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/ui/toaster'
import { statusKeys } from '@/components/syncs/status-keys'
import { addFilesTableAction } from '@/lib/sources/files-actions'
import type { FilesForm, SchemaView, SourceView } from '@/lib/sources/schema'
import { newTableDraft, toTableInput } from './table-draft'
import { TableDialog, TableForm } from './table-dialog'
import { useOneTable } from './use-one-table'

interface AddTableDialogProps {
  source: Pick<SourceView, 'id' | 'name' | 'connector'>
  form: FilesForm
  onClose(): void
}

/** One more table from the files of a source. */
export function AddTableDialog({ source, form, onClose }: AddTableDialogProps) {
  const client = useQueryClient()
  const known = client.getQueryData<SchemaView[]>(statusKeys.schemas(source.id)) ?? []
  const [first] = useState(() => ({ ...newTableDraft(), frequency: 'six_hours' as const }))
  const state = useOneTable({ source, first, otherNames: known.map(({ name }) => name) })

  async function save(): Promise<void> {
    const isSaved = await state.submit((draft) => addFilesTableAction({ sourceId: source.id, table: toTableInput(draft) }))
    if (!isSaved) return
    void client.invalidateQueries({ queryKey: statusKeys.schemas(source.id) })
    void client.invalidateQueries({ queryKey: statusKeys.source(source.id) })
    toast.success(`The table ${state.draft.name} was added`, { description: 'Its first sync has begun.' })
    onClose()
  }

  return (
    <TableDialog title={`Add a table to ${source.name}`} words="It is read with the key that the source has already." onClose={onClose}>
      <TableForm form={form} state={state} saveLabel="Add table" footnote={state.isReady ? 'Its first sync begins at once.' : null} onSubmit={save} onClose={onClose} />
    </TableDialog>
  )
}
