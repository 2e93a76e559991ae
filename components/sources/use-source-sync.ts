'use client'

import { useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toaster'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { formatQuantity } from '@/lib/core/format'
import { syncSourceAction } from '@/lib/sources/actions'
import type { SourceView } from '@/lib/sources/schema'

/** Sync every enabled schema of a source, and say what came of it. */
export function useSourceSync(source: Pick<SourceView, 'id' | 'name'>): { isBusy: boolean; start(): Promise<void> } {
  const client = useQueryClient()
  const action = useAction()
  return {
    isBusy: action.isBusy,
    async start() {
      const done = await action.run(() => syncSourceAction({ sourceId: source.id }))
      if (!done) return
      const { started, alreadyActive } = done.value
      if (started) toast.success(`Sync of ${formatQuantity(started, 'table')} of ${source.name} asked for`)
      else toast.info(`${formatQuantity(alreadyActive, 'table')} of ${source.name} ${alreadyActive === 1 ? 'is' : 'are'} syncing already`)
      void client.invalidateQueries({ queryKey: statusKeys.schemas(source.id) })
    },
  }
}
