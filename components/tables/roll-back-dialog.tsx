'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogFooter, AlertDialogHeader, AlertDialogTitle } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { RelativeTime } from '@/components/ui/relative-time'
import { toast } from '@/components/ui/toaster'
import { formatCount, formatQuantity } from '@/lib/core/format'
import { rollBackAction } from '@/lib/tables/actions'
import type { TableNames, VersionView } from '@/lib/tables/versions-schema'

interface RollBackDialogProps {
  table: TableNames
  to: VersionView
  current: VersionView
  onClose(): void
}

/** Says which rows come back, which go, and what the next sync makes of it, before it happens. */
export function RollBackDialog({ table, to, current, onClose }: RollBackDialogProps) {
  const client = useQueryClient()
  const action = useAction()
  const checkbox = useId()
  const [stopsSyncing, setStops] = useState(false)

  async function rollBack(): Promise<void> {
    const done = await action.run(() => rollBackAction({ schemaId: table.schemaId, to: to.number, from: current.number, stopsSyncing }))
    void client.invalidateQueries({ queryKey: statusKeys.versions(table.schemaId) })
    if (!done) return
    void client.invalidateQueries({ queryKey: statusKeys.schemas(table.sourceId) })
    toast.success(`${table.name} has the rows of version ${formatCount(to.number)} again`)
    onClose()
  }

  return (
    <AlertDialog open onOpenChange={(isOpen) => !isOpen && !action.isBusy && onClose()}>
      <AlertDialogContent className="max-w-lg">
        <AlertDialogHeader>
          <AlertDialogTitle className="break-words">Roll {table.schemaName} back to version {formatCount(to.number)}?</AlertDialogTitle>
          <AlertDialogDescription>
            Queries of <code className="break-all">{table.name}</code> see the rows of then from that moment on. It becomes version {formatCount(current.number + 1)}; version {formatCount(current.number)} stays in the list, so that this can be taken back in the same way while it is kept.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <dl className="grid grid-cols-2 gap-x-6 text-sm">
          <Side label="Now" version={current} />
          <Side label="Then" version={to} />
        </dl>
        {table.isEnabled ? (
          <div className="rounded-md border px-3 py-2.5">
            <p className="text-sm text-muted-foreground">{nextSyncWords(table)}</p>
            <label htmlFor={checkbox} className="mt-2 flex items-start gap-2"><Checkbox id={checkbox} className="mt-0.5" checked={stopsSyncing} onCheckedChange={(checked) => setStops(checked === true)} />Stop syncing {table.schemaName}, so that it stays as it was then</label>
          </div>
        ) : (
          <p className="text-sm text-muted-foreground">{table.schemaName} is not synced, so that the table stays as it was then.</p>
        )}
        <AlertDialogFooter>
          <AlertDialogCancel disabled={action.isBusy}>Leave it as it is</AlertDialogCancel>
          <Button isBusy={action.isBusy} onClick={() => void rollBack()}>{stopsSyncing ? 'Roll back and stop syncing' : `Roll back to version ${formatCount(to.number)}`}</Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  )
}

function Side({ label, version }: { label: string; version: VersionView }) {
  return (
    <div className="border-b py-1.5">
      <dt className="text-xs text-muted-foreground">{label}: version {formatCount(version.number)}, <RelativeTime time={version.createdAt} /></dt>
      <dd className="tabular">{formatQuantity(version.rows, 'row')}</dd>
    </div>
  )
}

/** What the source has changed since comes again. */
function nextSyncWords({ method, tracking }: TableNames): string {
  if (tracking === 'files') return 'The next sync reads the files that changed since then, and so brings the newer rows back.'
  if (method === 'full') return 'The next sync reads the full table, and so brings the newer rows back.'
  return 'The next sync goes on from where that version had come, and so brings back what the source has changed since then.'
}
