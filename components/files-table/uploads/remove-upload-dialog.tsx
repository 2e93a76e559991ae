'use client'

import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogFooter, AlertDialogHeader, AlertDialogTitle } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import { useAction } from '@/components/syncs/use-action'
import { removeUploadAction } from '@/lib/sources/upload-actions'
import type { SourceUploads } from '@/lib/sources/upload-schema'

interface RemoveUploadDialogProps {
  sourceId: string
  file: SourceUploads['files'][number]
  onRemoved(): void
  onClose(): void
}

/** Says what goes with a file before it goes. */
export function RemoveUploadDialog({ sourceId, file, onRemoved, onClose }: RemoveUploadDialogProps) {
  const action = useAction()

  async function remove(): Promise<void> {
    if (!(await action.run(() => removeUploadAction({ sourceId, uploadId: file.id })))) return
    toast.success(`${file.name} was removed`, file.tables.length ? { description: 'A sync that takes its rows out has begun.' } : undefined)
    onRemoved()
    onClose()
  }

  return (
    <AlertDialog open onOpenChange={(isOpen) => !isOpen && !action.isBusy && onClose()}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle className="[overflow-wrap:anywhere]">Remove {file.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            The file is deleted from Tributary.{file.tables.length ? ` Its rows leave ${file.tables.join(', ')} with the sync that follows, unless the table keeps rows of deleted files.` : ''} The one on your computer stays as it is.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel disabled={action.isBusy}>Keep it</AlertDialogCancel>
          <Button variant="destructive" isBusy={action.isBusy} onClick={() => void remove()}>Remove file</Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  )
}
