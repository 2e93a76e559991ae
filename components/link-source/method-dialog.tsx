'use client'

import { useId, useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { RadioGroup, RadioGroupItem } from '@/components/ui/radio-group'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { KeyColumns } from './key-columns'
import { ReplicationKeys } from './replication-keys'
import { choiceProblem, incrementalProblem, suggestedKey, withMethod, type TableChoice } from './table-choices'
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
  const [draft, setDraft] = useState<TableChoice>(() => ({ ...choice, keyColumns: choice.keyColumns.length ? choice.keyColumns : schema.primaryKey }))
  const [isTried, setTried] = useState(false)
  const problem = choiceProblem(schema, draft)

  function chooseMethod(method: string) {
    if (method === 'full') setDraft({ ...draft, method: 'full' })
    else setDraft({ ...draft, method: 'incremental', replicationKey: draft.replicationKey ?? suggestedKey(schema)?.name ?? null })
  }

  function save() {
    setTried(true)
    if (problem) return
    onSave(withMethod(schema, choice, { method: draft.method, replicationKey: draft.method === 'full' ? null : draft.replicationKey, keyColumns: draft.keyColumns }))
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
            <Method
              value="incremental"
              label="Incremental"
              isChosen={draft.method === 'incremental'}
              disabledReason={cannot}
              price="Rows that are deleted upstream stay in the warehouse until a full resync."
            >
              Reads only the rows whose replication key is new since the last sync, and puts them in place of their older state. Quick and light on the source, whatever the size of the table.
            </Method>
            <Method value="full" label="Full table" isChosen={draft.method === 'full'} disabledReason={null} price="Every sync reads the whole table, so the time and the load on the source grow with it.">
              Reads every row at each sync and replaces the table in one step. Updates and deletions are always seen, and no key is needed.
            </Method>
          </RadioGroup>
          {draft.method === 'incremental' ? (
            <>
              <ReplicationKeys schema={schema} value={draft.replicationKey} onChange={(replicationKey) => setDraft({ ...draft, replicationKey })} />
              <KeyColumns schema={schema} value={draft.keyColumns} onChange={(keyColumns) => setDraft({ ...draft, keyColumns })} />
            </>
          ) : cannot ? (
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
  isChosen: boolean
  disabledReason: string | null
  /** What it costs. */
  price: string
  children: ReactNode
}

function Method({ value, label, isChosen, disabledReason, price, children }: MethodProps) {
  const id = useId()
  return (
    <label htmlFor={id} className={cn('flex gap-3 rounded-md border p-3', isChosen ? 'border-primary bg-primary/5' : 'border-border', disabledReason ? 'cursor-not-allowed' : 'hover:bg-muted/60')}>
      <RadioGroupItem id={id} value={value} disabled={disabledReason !== null} aria-describedby={`${id}-words`} className="mt-0.5" />
      <span className="grid gap-1 text-sm">
        <span className={cn('text-base font-medium', disabledReason && 'text-muted-foreground')}>{label}</span>
        <span id={`${id}-words`} className="grid gap-1">
          {disabledReason ? <span className="text-waiting">{disabledReason}: see the reasons below.</span> : null}
          <span className="text-muted-foreground">{children}</span>
          <span className="text-muted-foreground"><span className="font-medium text-foreground">The price:</span> {price}</span>
        </span>
      </span>
    </label>
  )
}
