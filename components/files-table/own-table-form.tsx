'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { BrakeField } from '@/components/syncs/brake-field'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { Button } from '@/components/ui/button'
import { DialogFooter } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toaster'
import { changeSchemasAction } from '@/lib/sources/actions'
import type { SchemaView } from '@/lib/sources/schema'
import { FrequencyMenu } from './frequency-menu'

/** A table that its store knows by itself, such as a worksheet of a spreadsheet: when it is read is all there is to say. */
export function OwnTableForm({ schema, onClose }: { schema: SchemaView; onClose(): void }) {
  const client = useQueryClient()
  const action = useAction()
  const [frequency, setFrequency] = useState(schema.frequency)
  const [brakePercent, setBrakePercent] = useState(schema.brakePercent)

  async function save(): Promise<void> {
    const change = { ...(frequency === schema.frequency ? {} : { frequency }), ...(brakePercent === schema.brakePercent ? {} : { brakePercent }) }
    if (Object.keys(change).length) {
      if (!(await action.run(() => changeSchemasAction({ schemaIds: [schema.id], change })))) return
      void client.invalidateQueries({ queryKey: statusKeys.schemas(schema.sourceId) })
      toast.success(`Settings of ${schema.name} saved`)
    }
    onClose()
  }

  return (
    <form className="contents" onSubmit={(event) => { event.preventDefault(); void save() }}>
      <div className="-mx-5 grid content-start gap-5 overflow-y-auto px-5 py-1">
        <p className="text-sm text-muted-foreground">The whole worksheet is read with each sync, and its first row holds the names of the columns. Which cells it has is for the spreadsheet to say.</p>
        <div className="max-w-xs"><FrequencyMenu frequency={frequency} sourceFrequency={null} onChange={(chosen) => chosen && setFrequency(chosen)} /></div>
        <BrakeField value={brakePercent} isCounted onChange={setBrakePercent} />
      </div>
      <DialogFooter>
        <Button variant="outline" onClick={onClose}>Cancel</Button>
        <Button type="submit" isBusy={action.isBusy}>Save settings</Button>
      </DialogFooter>
    </form>
  )
}
