'use client'

import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusBadge } from '@/components/ui/status-badge'
import { toast } from '@/components/ui/toaster'
import { Figure } from '@/components/syncs/figure'
import { failureView, getJson } from '@/components/syncs/get-json'
import { useAction } from '@/components/syncs/use-action'
import { differenceWords } from '@/lib/core/difference-words'
import { formatBytes, formatCount, formatDuration } from '@/lib/core/format'
import type { ProofDetail } from '@/lib/sources/schema'
import { startSyncAction } from '@/lib/syncs/actions'
import { DifferingRows } from './differing-rows'

interface ProofDialogProps {
  schemaId: string
  name: string
  onClose(): void
}

/** The last comparison of a table with its source: its figures, the rows that differed side by side, and how they are brought in line. */
export function ProofDialog({ schemaId, name, onClose }: ProofDialogProps) {
  const proof = useQuery({ queryKey: ['proof', schemaId], queryFn: ({ signal }) => getJson<ProofDetail>(`/api/status/schemas/${schemaId}/proof`, signal), staleTime: 0, gcTime: 0 })
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="grid-rows-[auto_minmax(0,1fr)_auto] overflow-hidden sm:max-w-3xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">{name} and its source</DialogTitle>
          <DialogDescription>Compared by counts and checksums of ranges, at the moment that the sync read.</DialogDescription>
        </DialogHeader>
        {proof.data ? <Proof proof={proof.data} onClose={onClose} /> : proof.isError ? <ErrorState error={failureView(proof.error)} /> : <div aria-busy="true" aria-label="Loading the comparison" className="grid gap-3"><Skeleton className="h-20" /><Skeleton className="h-40" /></div>}
      </DialogContent>
    </Dialog>
  )
}

function Proof({ proof, onClose }: { proof: ProofDetail; onClose(): void }) {
  const action = useAction()
  const start = async (wish: { isVerify: true; isRepair: boolean }) => {
    if (!(await action.run(() => startSyncAction({ schemaIds: [proof.schemaId], ...wish })))) return
    toast.success(wish.isRepair ? `Repair of ${proof.schemaName} asked for` : `Comparison of ${proof.schemaName} asked for`)
    onClose()
  }
  return (
    <>
      <div className="-mx-5 grid content-start gap-4 overflow-y-auto px-5 py-1">
        <Outcome proof={proof} />
        {proof.outcome === 'failed' ? null : (
          <dl className="grid grid-cols-2 gap-x-6 sm:grid-cols-4">
            <Figure label="Rows at the source">{formatCount(proof.rows)}</Figure>
            <Figure label="Ranges compared">{formatCount(proof.ranges)}</Figure>
            <Figure label="Over the wire">{formatBytes(proof.bytes)}</Figure>
            <Figure label="Time">{formatDuration(proof.seconds * 1000)}</Figure>
          </dl>
        )}
        {proof.shown.rows.length ? <DifferingRows proof={proof} /> : null}
      </div>
      <DialogFooter>
        <DialogClose asChild><Button variant="outline">Close</Button></DialogClose>
        <Button variant="outline" isBusy={action.isBusy} onClick={() => void start({ isVerify: true, isRepair: false })}>Verify now</Button>
        {proof.outcome === 'differs' ? <Button isBusy={action.isBusy} onClick={() => void start({ isVerify: true, isRepair: true })}>Repair</Button> : null}
      </DialogFooter>
    </>
  )
}

function Outcome({ proof: { outcome, at, problem, differences, reconciled, isPast, version } }: { proof: ProofDetail }) {
  const past = isPast ? <> The table has other rows since: this is what version {formatCount(version)} was like.</> : null
  if (outcome === 'failed') {
    return (
      <div>
        <StatusBadge tone="waiting">Not compared</StatusBadge>
        <p className="mt-1 text-sm text-muted-foreground">{[problem?.title, problem?.detail, problem?.advice].filter(Boolean).join('. ')}. The sync itself is done.{past}</p>
      </div>
    )
  }
  const counts = differences ? differenceWords(differences) : ''
  return (
    <div>
      <StatusBadge tone={outcome === 'verified' ? 'fine' : 'broken'}>{outcome === 'verified' ? 'Verified' : 'Differs from the source'}</StatusBadge>
      <p className="mt-1 text-sm text-muted-foreground">
        Compared <RelativeTime time={at} className="text-foreground" />, version {formatCount(version)}.{' '}
        {outcome === 'differs' ? <span className="text-foreground">{counts ? `${counts}.` : 'The rows that differ were too many to be read, or there is no key to tell them apart.'} Repair deletes what is gone and fetches what is missing or different.</span> : reconciled ? `${counts}: brought in line in the same commit.` : 'Every row is that of the source.'}
        {past}
      </p>
    </div>
  )
}
