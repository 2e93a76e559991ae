'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { changeRetentionAction } from '@/lib/tables/actions'
import type { RetentionView } from '@/lib/tables/versions-schema'

/** How many versions of a table are kept, and for how long; an empty field is the number of the workspace. */
export function RetentionDialog({ schemaId, retention, onClose }: { schemaId: string; retention: RetentionView; onClose(): void }) {
  const client = useQueryClient()
  const action = useAction()
  const [versions, setVersions] = useState(retention.isOwnVersions ? String(retention.versions) : '')
  const [days, setDays] = useState(retention.isOwnDays ? String(retention.days) : '')

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const numberOf = (text: string) => (text.trim() === '' ? null : Number(text))
    if (!(await action.run(() => changeRetentionAction({ schemaId, versions: numberOf(versions), days: numberOf(days) })))) return
    void client.invalidateQueries({ queryKey: statusKeys.versions(schemaId) })
    toast.success('Versions are kept as you said')
    onClose()
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !action.isBusy && onClose()}>
      <DialogContent>
        <form onSubmit={(event) => void save(event)} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>Keep versions</DialogTitle>
            <DialogDescription>A version that is past one of the two goes with the next sweep, and its rows with it. The current one always stays, and one that was current until an hour ago.</DialogDescription>
          </DialogHeader>
          <Field label="Versions" hint={`usually ${retention.usualVersions}`} help="Each sync that changed a row made one; so does each compaction.">
            {(parts) => <Input {...parts} type="number" inputMode="numeric" min={1} step={1} placeholder={String(retention.usualVersions)} value={versions} onChange={(event) => setVersions(event.target.value)} />}
          </Field>
          <Field label="Days" hint={`usually ${retention.usualDays}`} help="Counted from when a newer version took its place.">
            {(parts) => <Input {...parts} type="number" inputMode="numeric" min={0} step={1} placeholder={String(retention.usualDays)} value={days} onChange={(event) => setDays(event.target.value)} />}
          </Field>
          <DialogFooter>
            <DialogClose asChild><Button variant="outline" disabled={action.isBusy}>Cancel</Button></DialogClose>
            <Button type="submit" isBusy={action.isBusy}>Save</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
