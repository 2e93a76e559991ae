'use client'

import { History } from 'lucide-react'
import { Button } from '@/components/ui/button'
import type { AsOf } from '@/lib/sql-editor/schema'
import { asOfWords } from './as-of-words'

/** Stands under the toolbar as long as queries do not read the tables as they are now. */
export function AsOfStrip({ asOf, onClear }: { asOf: AsOf; onClear(): void }) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-waiting/30 bg-waiting/5 px-3 py-1 text-sm">
      <History aria-hidden className="size-3.5 shrink-0 text-waiting" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{asOf.time === null ? 'Read: ' : 'Every table is read as of '}{asOfWords(asOf)}</span>
      <Button size="sm" variant="outline" onClick={onClear}>Read as they are now</Button>
    </div>
  )
}
