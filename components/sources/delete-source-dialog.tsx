'use client'

import { useQueryClient } from '@tanstack/react-query'
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogFooter, AlertDialogHeader, AlertDialogTitle } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { formatQuantity } from '@/lib/core/format'
import { deleteSourceAction } from '@/lib/sources/actions'
import type { SourceView } from '@/lib/sources/schema'

/** Says what goes with the source before it goes. */
export function DeleteSourceDialog({ source, onClose, onDeleted }: { source: SourceView; onClose(): void; onDeleted?(): void }) {
  const client = useQueryClient()
  const action = useAction()
  const what = source.filledSchemas ? `source and ${formatQuantity(source.filledSchemas, 'table')}` : 'source'
  const parts = [
    source.filledSchemas ? `${formatQuantity(source.filledSchemas, 'table')} with ${formatQuantity(source.rows, 'row')}` : null,
    'the history of its runs',
    source.files?.byHand ? 'its uploaded files' : 'its saved connection',
  ].filter((part) => part !== null)

  async function remove(): Promise<void> {
    if (!(await action.run(() => deleteSourceAction({ sourceId: source.id })))) return
    client.setQueryData<SourceView[]>(statusKeys.sources, (known) => known?.filter((each) => each.id !== source.id))
    toast.success(`${source.name} was deleted`)
    onClose()
    onDeleted?.()
  }

  return (
    <AlertDialog open onOpenChange={(isOpen) => !isOpen && !action.isBusy && onClose()}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle className="break-words">Delete {source.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            This deletes {parts.slice(0, -1).join(', ')} and {parts.at(-1)}. {source.status === 'syncing' ? 'Its syncs are cancelled. ' : ''}
            {source.filledSchemas ? 'Queries that use these tables will fail. ' : ''}{source.files?.byHand ? 'The files on your computer stay as they are. ' : 'Nothing changes in the source itself. '}It cannot be undone.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel disabled={action.isBusy}>Keep it</AlertDialogCancel>
          <Button variant="destructive" isBusy={action.isBusy} onClick={() => void remove()}>Delete {what}</Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  )
}
