'use client'

import { useId, useOptimistic, useTransition } from 'react'
import { Badge } from '@/components/ui/badge'
import { Label } from '@/components/ui/label'
import { Switch } from '@/components/ui/switch'
import { toast } from '@/components/ui/toaster'
import { setPreviewAction } from '@/lib/workspace/actions'

/** The switch of the data warehouse, for the whole workspace. */
export function PreviewSwitch({ isOn, isOwner }: { isOn: boolean; isOwner: boolean }) {
  const id = useId()
  const [shown, show] = useOptimistic(isOn)
  const [isBusy, start] = useTransition()

  function change(dataWarehouse: boolean): void {
    start(async () => {
      show(dataWarehouse)
      const result = await setPreviewAction({ dataWarehouse })
      if (result.ok) toast.success(dataWarehouse ? 'The data warehouse is on' : 'The data warehouse is off')
      else toast.error(result.error.title, { description: result.error.detail })
    })
  }

  return (
    <div className="flex items-start justify-between gap-6">
      <div>
        <div className="flex items-center gap-2">
          <Label htmlFor={id} className="text-base">Data warehouse</Label>
          <Badge variant="outline">Beta</Badge>
        </div>
        <p id={`${id}-help`} className="mt-1 text-sm text-muted-foreground">
          Link sources, sync them into one warehouse and query across all of it. Free while in beta. Turning it off hides its pages; sources, tables and schedules stay as they are.
          {isOwner ? '' : ' Only an owner turns it on or off.'}
        </p>
      </div>
      <Switch id={id} aria-describedby={`${id}-help`} checked={shown} disabled={!isOwner || isBusy} onCheckedChange={change} className="mt-0.5" />
    </div>
  )
}
