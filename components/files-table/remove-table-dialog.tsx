'use client'

import { useQueryClient } from '@tanstack/react-query'
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogFooter, AlertDialogHeader, AlertDialogTitle } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { formatQuantity } from '@/lib/core/format'
import { removeFilesTableAction } from '@/lib/sources/files-actions'
import type { SchemaView } from '@/lib/sources/schema'

/** Says what goes with the table before it goes. */
export function RemoveTableDialog({ schema, onClose }: { schema: SchemaView; onClose(): void }) {
  const client = useQueryClient()
  const action = useAction()

  async function remove(): Promise<void> {
    if (!(await action.run(() => removeFilesTableAction({ schemaId: schema.id })))) return
    client.setQueryData<SchemaView[]>(statusKeys.schemas(schema.sourceId), (known) => known?.filter((each) => each.id !== schema.id))
    void client.invalidateQueries({ queryKey: statusKeys.source(schema.sourceId) })
    toast.success(`The table ${schema.name} was removed`)
    onClose()
  }

  return (
    <AlertDialog open onOpenChange={(isOpen) => !isOpen && !action.isBusy && onClose()}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle className="break-words">Remove the table {schema.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            This deletes the table <code className="break-all">{schema.tableName}</code>{schema.version === null ? '' : ` with ${formatQuantity(schema.rows, 'row')}`}, its settings and the history of its runs.
            {schema.activeRun ? ' Its sync is cancelled.' : ''}{schema.version === null ? '' : ' Queries that use it will fail.'} Nothing changes in the files themselves. It cannot be undone.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel disabled={action.isBusy}>Keep it</AlertDialogCancel>
          <Button variant="destructive" isBusy={action.isBusy} onClick={() => void remove()}>Remove table</Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  )
}
