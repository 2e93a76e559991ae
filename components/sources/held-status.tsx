'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { StatusBadge } from '@/components/ui/status-badge'
import { HeldButtons } from '@/components/syncs/held-buttons'
import type { HeldView, SchemaView } from '@/lib/sources/schema'
import { heldWords } from '@/lib/syncs/held-schema'
import { schemaLabels } from './source-words'

const HeldDialog = dynamic(() => import('./held-dialog').then((module) => module.HeldDialog), { ssr: false })

/** A version that waits for somebody to decide: what it would do, and the decision. */
export function HeldStatus({ schema, held }: { schema: SchemaView; held: HeldView }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <StatusBadge tone="waiting" className="max-w-full text-sm">{schemaLabels.held}</StatusBadge>
      <p className="text-xs [overflow-wrap:anywhere] text-muted-foreground"><span className="text-foreground">{heldWords(held)}.</span> The table stays as it was, and its schedule rests until you decide.</p>
      <div className="mt-1 flex flex-wrap gap-1.5">
        <HeldButtons held={[{ schemaId: schema.id, runId: held.runId }]} sourceId={schema.sourceId} name={schema.tableName} isSmall />
        <Button variant="ghost" size="sm" className="h-6 text-xs" onClick={() => setOpen(true)}>Show difference</Button>
      </div>
      {isOpen ? <HeldDialog schema={schema} held={held} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
