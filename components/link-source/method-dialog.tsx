'use client'

import { useId, useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { followWords, fullListWords } from '@/components/syncs/follow-words'
import { LookBackField } from '@/components/syncs/look-back-field'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { KeyColumns } from './key-columns'
import { ReplicationKeys } from './replication-keys'
import { choiceLookBackKind, choiceProblem, followsChanges, incrementalProblem, suggestedKey, withMethod, type TableChoice } from './table-choices'
import { useReturnFocus } from './use-return-focus'

interface MethodDialogProps {
  schema: DiscoveredSchema
  choice: TableChoice
  onSave(choice: TableChoice): void
  onClose(): void
}

/** How one table is read: what each method means, what it costs, and which columns could serve this very table. */
export function MethodDialog({ schema, choice, onSave, onClose }: MethodDialogProps) {
  const returnFocus = useReturnFocus()
  const cannot = incrementalProblem(schema)
  const isFollowed = followsChanges(schema)
  const [draft, setDraft] = useState<TableChoice>(() => ({ ...choice, keyColumns: choice.keyColumns.length ? choice.keyColumns : schema.primaryKey }))
  const [isTried, setTried] = useState(false)
  const lookBack = choiceLookBackKind(schema, draft)
  const problem = choiceProblem(schema, draft)

  function chooseMethod(method: string) {
    if (method === 'full') setDraft({ ...draft, method: 'full' })
    else setDraft({ ...draft, method: 'incremental', replicationKey: draft.replicationKey ?? (isFollowed ? null : (suggestedKey(schema)?.name ?? null)) })
  }

  function save() {
    setTried(true)
    if (problem) return
    onSave(withMethod(schema, choice, { method: draft.method, replicationKey: draft.method === 'full' ? null : draft.replicationKey, keyColumns: draft.keyColumns, lookBack: draft.lookBack ?? null }))
  }

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent {...returnFocus} className="grid-rows-[auto_minmax(0,1fr)_auto] overflow-hidden sm:max-w-2xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Sync method of {schema.name}</DialogTitle>
          <DialogDescription>The first sync reads every row either way. The method decides what the later ones read.</DialogDescription>
        </DialogHeader>
        <div className="-mx-1 grid gap-3 overflow-y-auto px-1 py-0.5">
          <RadioGroup value={draft.method} onValueChange={chooseMethod} aria-label="Sync method" className="gap-3">
            {isFollowed ? (
              <Method value="incremental" label={followWords.label} tag="Recommended" isChosen={draft.method === 'incremental'} disabledReason={null} price={followWords.price(!schema.forgets)}>
                {followWords.meaning}
              </Method>
            ) : (
              <Method value="incremental" label="Incremental" isChosen={draft.method === 'incremental'} disabledReason={cannot && (schema.replicationKeys.length ? `${cannot}: see the reasons below.` : `${cannot}.`)} price="Rows that are deleted upstream stay in the warehouse until a full resync.">
                Reads only the rows whose replication key is new since the last sync, and puts them in place of their older state. Quick and light on the source, whatever the size of the table.
              </Method>
            )}
            <Method value="full" label="Full table" isChosen={draft.method === 'full'} disabledReason={null} price={schema.tracking ? fullListWords.price : 'Every sync reads the whole table, so the time and the load on the source grow with it.'}>
              {schema.tracking ? fullListWords.meaning(schema.forgets === true) : 'Reads every row at each sync and replaces the table in one step. Updates and deletions are always seen, and no key is needed.'}
            </Method>
          </RadioGroup>
          {draft.method === 'incremental' ? (
            <>
              {isFollowed ? null : <ReplicationKeys schema={schema} value={draft.replicationKey} onChange={(replicationKey) => setDraft({ ...draft, replicationKey, ...(choiceLookBackKind(schema, { ...draft, replicationKey }) === lookBack ? {} : { lookBack: null }) })} />}
              {lookBack ? <LookBackField key={lookBack} kind={lookBack} value={draft.lookBack ?? null} onChange={(amount) => setDraft({ ...draft, lookBack: amount })} /> : null}
              <KeyColumns schema={schema} value={draft.keyColumns} onChange={(keyColumns) => setDraft({ ...draft, keyColumns })} />
            </>
          ) : cannot && schema.replicationKeys.length ? (
            <ReplicationKeys schema={schema} value={null} onChange={() => undefined} isDisabled />
          ) : null}
        </div>
        <DialogFooter className="sm:items-center">
          <p role="alert" className="flex-1 text-sm text-broken">{isTried && problem ? problem : null}</p>
          <DialogClose asChild>
            <Button variant="outline">Cancel</Button>
          </DialogClose>
          <Button onClick={save}>Use this method</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

interface MethodProps {
  value: TableChoice['method']
  label: string
  tag?: string
  isChosen: boolean
  /** Why it cannot be chosen, as a sentence. */
  disabledReason: string | null
  /** What it costs. */
  price: string
  children: ReactNode
}

function Method({ value, label, tag, isChosen, disabledReason, price, children }: MethodProps) {
  const id = useId()
  return (
    <label htmlFor={id} className={cn('flex gap-3 rounded-md border p-3', isChosen ? 'border-primary bg-primary/5' : 'border-border', disabledReason ? 'cursor-not-allowed' : 'hover:bg-muted/60')}>
      <RadioGroupItem id={id} value={value} disabled={disabledReason !== null} aria-describedby={`${id}-words`} className="mt-0.5" />
      <span className="grid gap-1 text-sm">
        <span className={cn('flex flex-wrap items-center gap-2 text-base font-medium', disabledReason && 'text-muted-foreground')}>{label}{tag ? <Badge variant="fine">{tag}</Badge> : null}</span>
        <span id={`${id}-words`} className="grid gap-1">
          {disabledReason ? <span className="text-waiting">{disabledReason}</span> : null}
          <span className="text-muted-foreground">{children}</span>
          <span className="text-muted-foreground"><span className="font-medium text-foreground">The price:</span> {price}</span>
        </span>
      </span>
    </label>
  )
}
