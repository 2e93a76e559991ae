'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { StatusBadge, type StatusTone } from '@/components/ui/status-badge'
import { useNow } from '@/components/ui/use-now'
import { formatDateTime, formatQuantity } from '@/lib/core/format'
import type { ProofView, SchemaView } from '@/lib/sources/schema'

const ProofDialog = dynamic(() => import('./proof-dialog').then((module) => module.ProofDialog), { ssr: false })

const looks: Record<ProofView['outcome'], { tone: StatusTone; label: string }> = {
  verified: { tone: 'fine', label: 'Verified' },
  differs: { tone: 'broken', label: 'Differs from the source' },
  failed: { tone: 'waiting', label: 'Not compared' },
}

/** What the last comparison with the source said, in a word; its rows and ranges at a click. */
export function ProofStatus({ schema, proof }: { schema: Pick<SchemaView, 'id' | 'name'>; proof: ProofView }) {
  const [isOpen, setOpen] = useState(false)
  const now = useNow()
  const { tone, label } = looks[proof.outcome]
  return (
    <>
      <button type="button" className="max-w-full cursor-pointer rounded-sm hover:underline" title={now === null ? undefined : titleOf(proof)} onClick={() => setOpen(true)}>
        <StatusBadge tone={tone} className="max-w-full text-sm">{label}</StatusBadge>
      </button>
      {isOpen ? <ProofDialog schemaId={schema.id} name={schema.name} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function titleOf({ outcome, at, rows, ranges, problem }: ProofView): string {
  if (outcome === 'failed') return `${formatDateTime(at)}: ${problem?.title ?? 'The comparison came to no end'}`
  return `${outcome === 'verified' ? 'Verified' : 'Compared'} ${formatDateTime(at)}: ${formatQuantity(rows, 'row')} in ${formatQuantity(ranges, 'range')}`
}
