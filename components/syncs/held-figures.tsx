import { cn } from '@/components/ui/cn'
import { formatCount } from '@/lib/core/format'
import type { HeldDifference } from '@/lib/core/held-difference'
import { comparedWords } from '@/lib/syncs/held-schema'
import { Figure } from './figure'

/** The difference in numbers, and how it was found. */
export function HeldFigures({ held }: { held: HeldDifference }) {
  return (
    <div>
      <dl className={cn('grid grid-cols-2 gap-x-6', held.by === 'changes' ? 'sm:grid-cols-5' : 'sm:grid-cols-4')}>
        <Figure label="Rows before">{formatCount(held.rowsBefore)}</Figure>
        <Figure label="Rows after">{formatCount(held.rowsAfter)}</Figure>
        <Figure label="Gone">{formatCount(held.removed)}</Figure>
        {held.by === 'changes' ? <Figure label="Changed">{formatCount(held.updated)}</Figure> : null}
        <Figure label="New">{formatCount(held.inserted)}</Figure>
      </dl>
      <p className="mt-1 text-sm text-muted-foreground">{comparedWords(held)}.</p>
    </div>
  )
}
