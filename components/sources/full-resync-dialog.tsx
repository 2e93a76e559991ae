'use client'

import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { useAction } from '@/components/syncs/use-action'
import type { SchemaView } from '@/lib/sources/schema'
import { startSyncAction } from '@/lib/syncs/actions'

/** Read everything again; and publish it in any case, where that is said beforehand. */
export function FullResyncDialog({ schema, onClose }: { schema: SchemaView; onClose(): void }) {
  const id = useId()
  const action = useAction()
  const [skipsBrake, setSkipsBrake] = useState(false)

  async function start(): Promise<void> {
    if (await action.run(() => startSyncAction({ schemaIds: [schema.id], isFull: true, skipsBrake }))) onClose()
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Full resync of {schema.name}</DialogTitle>
          <DialogDescription>Every row is read again, whatever the sync method. The table stays as it is until the new version is complete.</DialogDescription>
        </DialogHeader>
        {schema.version === null || schema.brakePercent === null ? null : (
          <div className="flex items-start gap-2">
            <Checkbox id={id} checked={skipsBrake} onCheckedChange={(checked) => setSkipsBrake(checked === true)} className="mt-0.5" />
            <label htmlFor={id}>Publish it whatever it changes<span className="block text-sm text-muted-foreground">Without this it waits for you when it would empty the table{schema.brakePercent < 100 ? ` or take more than ${schema.brakePercent} % of its rows` : ''}.</span></label>
          </div>
        )}
        <DialogFooter>
          <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
          <Button isBusy={action.isBusy} onClick={() => void start()}>Read every row again</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
