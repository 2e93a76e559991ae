'use client'

import { useQueryClient } from '@tanstack/react-query'
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogFooter, AlertDialogHeader, AlertDialogTitle } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { formatQuantity } from '@/lib/core/format'
import { deleteSchemaDataAction } from '@/lib/sources/actions'
import type { SchemaView } from '@/lib/sources/schema'
import { knownSource } from './known-source'

/** Says which rows go before they go. */
export function DeleteDataDialog({ schema, onClose }: { schema: SchemaView; onClose(): void }) {
  const client = useQueryClient()
  const action = useAction()
  const isUploaded = knownSource(client, schema.sourceId)?.files?.byHand === true
  const rows = formatQuantity(schema.rows, 'row')

  async function remove(): Promise<void> {
    if (!(await action.run(() => deleteSchemaDataAction({ schemaId: schema.id })))) return
    void client.invalidateQueries({ queryKey: statusKeys.schemas(schema.sourceId) })
    toast.success(`The data of ${schema.tableName} was deleted`)
    onClose()
  }

  return (
    <AlertDialog open onOpenChange={(isOpen) => !isOpen && !action.isBusy && onClose()}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle className="break-words">Delete the data of {schema.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            This deletes the table <code className="break-all">{schema.tableName}</code> with {rows} from the warehouse, its earlier versions too. Queries that use it will fail.
            {isUploaded ? ' The files that were uploaded for it alone go too; those on your computer stay as they are.' : <>{schema.enabled ? ' The next sync reads every row again; switch the schema off to keep it away.' : ' The schema stays in the list, switched off.'} Nothing changes in the source.</>}
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel disabled={action.isBusy}>Keep it</AlertDialogCancel>
          <Button variant="destructive" isBusy={action.isBusy} onClick={() => void remove()}>Delete {rows}</Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  )
}
