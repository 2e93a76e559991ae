'use client'

import { useQueryClient } from '@tanstack/react-query'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { changeSchemasAction } from '@/lib/sources/actions'
import type { ChangeSchemasInput, SchemaView } from '@/lib/sources/schema'

type Change = ChangeSchemasInput['change']

/** Change settings of a source's schemas: shown at once, taken back when the server refuses. True when it was done. */
export function useSchemaChange(sourceId: string): { isBusy: boolean; change(schemaIds: string[], change: Change): Promise<boolean> } {
  const client = useQueryClient()
  const action = useAction()
  const key = statusKeys.schemas(sourceId)
  return {
    isBusy: action.isBusy,
    async change(schemaIds, change) {
      const ids = new Set(schemaIds)
      await client.cancelQueries({ queryKey: key })
      const before = client.getQueryData<SchemaView[]>(key)
      client.setQueryData<SchemaView[]>(key, (known) => known?.map((schema) => (ids.has(schema.id) ? preview(schema, change) : schema)))
      const done = await action.run(() => changeSchemasAction({ schemaIds, change }))
      if (!done) client.setQueryData(key, before)
      void client.invalidateQueries({ queryKey: key })
      return done !== undefined
    },
  }
}

/** As the server will most likely answer. */
function preview(schema: SchemaView, change: Change): SchemaView {
  const { enabled = schema.enabled, frequency = schema.frequency, reconcileFrequency = schema.reconcileFrequency } = change
  const firstMethod = schema.tracking === 'changes' || schema.tracking === 'files' ? 'incremental' : 'full'
  const isSwitched = enabled !== schema.enabled
  const status = !isSwitched || schema.activeRun ? schema.status : !enabled ? 'off' : schema.version === null ? 'never' : 'up_to_date'
  return { ...schema, enabled, frequency, reconcileFrequency, status, problem: isSwitched ? null : schema.problem, method: schema.method ?? (enabled ? firstMethod : null) }
}
