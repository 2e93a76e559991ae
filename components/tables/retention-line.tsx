'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { formatBytes, formatQuantity } from '@/lib/core/format'
import type { RetentionView } from '@/lib/tables/versions-schema'

const RetentionDialog = dynamic(() => import('./retention-dialog').then((module) => module.RetentionDialog), { ssr: false })

/** How long versions are kept, and what they hold. */
export function RetentionLine({ schemaId, retention }: { schemaId: string; retention: RetentionView }) {
  const [isOpen, setOpen] = useState(false)
  const isUsual = !retention.isOwnVersions && !retention.isOwnDays
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted-foreground">
      <span>The last {formatQuantity(retention.versions, 'version')} are kept, for {formatQuantity(retention.days, 'day')}{isUsual ? ', as usual' : ''}.</span>
      <span>Files that only older ones need: <span className="text-foreground tabular">{formatBytes(retention.oldBytes)}</span>.</span>
      <Button variant="outline" size="sm" onClick={() => setOpen(true)}>Change</Button>
      {isOpen ? <RetentionDialog schemaId={schemaId} retention={retention} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}
