'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'
import { BrakeField } from '@/components/syncs/brake-field'
import { failureView, getJson } from '@/components/syncs/get-json'
import { LookBackField } from '@/components/syncs/look-back-field'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { changeSchemasAction } from '@/lib/sources/actions'
import type { SchemaSettings, SchemaView } from '@/lib/sources/schema'
import { ColumnsField } from './columns-field'
import { FrequencyField } from './frequency-field'
import { KeyColumnsField } from './key-columns-field'
import { ListingField } from './listing-field'
import { MethodField } from './method-field'
import { ProofField } from './proof-field'
import { ReplicationKeyField } from './replication-key-field'
import { draftChange, draftLookBackKind, draftOf, draftProblem, neededColumns, readsAllAgain, withReplicationKey, type SchemaDraft } from './schema-draft'

/** How one schema is synced: method, keys, columns, frequency, periodic listing, brake. */
export function SchemaSettingsDialog({ schema, onClose }: { schema: SchemaView; onClose(): void }) {
  const settings = useQuery({
    queryKey: ['schema-settings', schema.id],
    queryFn: ({ signal }) => getJson<SchemaSettings>(`/api/status/schemas/${schema.id}/settings`, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="grid-rows-[auto_minmax(0,1fr)] overflow-hidden sm:max-w-2xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Settings of {schema.name}</DialogTitle>
          <DialogDescription>The first sync reads every row either way; the method decides what the later ones read.</DialogDescription>
        </DialogHeader>
        {settings.data ? (
          <SettingsForm settings={settings.data} onClose={onClose} />
        ) : settings.isError ? (
          <ErrorState error={failureView(settings.error)} actions={<Button variant="outline" size="sm" onClick={() => void settings.refetch()}>Try again</Button>} />
        ) : (
          <div aria-busy="true" aria-label="Loading the settings" className="grid gap-3"><Skeleton className="h-24" /><Skeleton className="h-24" /><Skeleton className="h-40" /></div>
        )}
      </DialogContent>
    </Dialog>
  )
}

function SettingsForm({ settings, onClose }: { settings: SchemaSettings; onClose(): void }) {
  const { schema, columns, replicationKeys } = settings
  const client = useQueryClient()
  const action = useAction()
  const [draft, setDraft] = useState<SchemaDraft>(() => draftOf(settings))
  const [isTried, setTried] = useState(false)
  const update = (change: Partial<SchemaDraft>) => setDraft((before) => ({ ...before, ...change }))
  const problem = draftProblem(settings, draft)
  const lookBack = draftLookBackKind(settings, draft)
  const isFollowed = schema.tracking === 'changes'

  async function save(): Promise<void> {
    setTried(true)
    if (problem) return
    const change = draftChange(settings, draft)
    if (change) {
      if (!(await action.run(() => changeSchemasAction({ schemaIds: [schema.id], change })))) return
      void client.invalidateQueries({ queryKey: statusKeys.schemas(schema.sourceId) })
      toast.success(`Settings of ${schema.name} saved`)
    }
    onClose()
  }

  return (
    <form className="contents" onSubmit={(event) => { event.preventDefault(); void save() }}>
      <div className="-mx-5 grid content-start gap-5 overflow-y-auto px-5 py-1">
        <MethodField schema={schema} value={draft.method} isIncrementalPossible={replicationKeys.some((key) => key.ok)} onChange={(method) => update({ method })} />
        {draft.method === 'incremental' ? (
          <>
            {isFollowed ? null : <ReplicationKeyField keys={replicationKeys} value={draft.replicationKey} onChange={(replicationKey) => setDraft((before) => withReplicationKey(settings, before, replicationKey))} />}
            {lookBack ? <LookBackField key={lookBack} kind={lookBack} value={draft.lookBack} onChange={(amount) => update({ lookBack: amount })} /> : null}
            <KeyColumnsField primaryKey={schema.primaryKey} columns={columns} value={draft.keyColumns} onChange={(keyColumns) => update({ keyColumns })} />
          </>
        ) : null}
        <ColumnsField columns={columns} value={draft.columnNames} needed={neededColumns(draft)} onChange={(columnNames) => update({ columnNames })} />
        <FrequencyField value={draft.frequency} onChange={(frequency) => update({ frequency })} />
        {/* who reads everything at each sync misses no deletion */}
        {(schema.canReconcile || (schema.tracking === null && settings.reconcileRefusal)) && draft.method === 'incremental' ? <ListingField schema={schema} refusal={settings.reconcileRefusal} value={draft.reconcileFrequency} onChange={(reconcileFrequency) => update({ reconcileFrequency })} /> : null}
        {schema.canProve ? <ProofField value={draft.proves} onChange={(proves) => update({ proves })} /> : null}
        <BrakeField value={draft.brakePercent} onChange={(brakePercent) => update({ brakePercent })} />
      </div>
      <DialogFooter className="sm:items-center">
        <p role="alert" className="flex-1 text-sm text-broken">{isTried ? problem : null}</p>
        {readsAllAgain(settings, draft) ? <p className="flex-1 text-sm text-waiting">The next sync reads every row again.</p> : null}
        <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
        <Button type="submit" isBusy={action.isBusy}>Save settings</Button>
      </DialogFooter>
    </form>
  )
}
