'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge, type StatusTone } from '@/components/ui/status-badge'
import { useAction } from '@/components/syncs/use-action'
import { differenceWords } from '@/lib/core/difference-words'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { ProofView, SchemaView } from '@/lib/sources/schema'
import { startSyncAction } from '@/lib/syncs/actions'

const ProofDialog = dynamic(() => import('./proof-dialog').then((module) => module.ProofDialog), { ssr: false })

const looks: Record<ProofView['outcome'], { tone: StatusTone; label: string }> = {
  verified: { tone: 'fine', label: 'Verified' },
  differs: { tone: 'broken', label: 'Differs from the source' },
  failed: { tone: 'waiting', label: 'Not compared' },
}

/** What the last comparison with the source said: of how many rows, in how many ranges, when; the rows that differ at a click, and their repair. */
export function ProofStatus({ schema, proof }: { schema: Pick<SchemaView, 'id' | 'name' | 'activeRun'>; proof: ProofView }) {
  const [isOpen, setOpen] = useState(false)
  const { tone, label } = looks[proof.outcome]
  return (
    <>
      <button type="button" className="max-w-full cursor-pointer rounded-sm hover:underline" onClick={() => setOpen(true)}>
        <StatusBadge tone={tone} className="max-w-full text-sm">{label}</StatusBadge>
      </button>
      {proof.outcome === 'differs' ? <Difference schema={schema} proof={proof} onShow={() => setOpen(true)} /> : (
        <p className="truncate text-xs text-muted-foreground tabular">
          <RelativeTime time={proof.at} />, {proof.outcome === 'failed' ? (proof.problem?.title ?? 'it came to no end') : `${formatQuantity(proof.rows, 'row')}, ${formatQuantity(proof.ranges, 'range')}`}
        </p>
      )}
      {isOpen ? <ProofDialog schemaId={schema.id} name={schema.name} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function Difference({ schema, proof, onShow }: { schema: Pick<SchemaView, 'id' | 'activeRun'>; proof: ProofView; onShow(): void }) {
  const action = useAction()
  const repair = () => action.run(() => startSyncAction({ schemaIds: [schema.id], isVerify: true, isRepair: true }))
  return (
    <>
      <p className="text-xs [overflow-wrap:anywhere] text-muted-foreground">
        <span className="text-foreground">{differenceWords(proof.differences)}.</span> Compared <RelativeTime time={proof.at} />{proof.isPast ? ` as version ${formatCount(proof.version)}` : ''}, {formatQuantity(proof.rows, 'row')}.
      </p>
      <div className="mt-1 flex flex-wrap gap-1.5">
        <Button variant="outline" size="sm" className="h-6 text-xs" onClick={onShow}>Show rows</Button>
        <Button variant="outline" size="sm" className="h-6 text-xs" isBusy={action.isBusy} disabled={schema.activeRun !== null} onClick={() => void repair()}>Repair</Button>
      </div>
    </>
  )
}
