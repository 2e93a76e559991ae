'use client'

import { StatusIcon } from '@/components/ui/status-badge'
import { cn } from '@/components/ui/cn'
import type { SourceStatus, SourceView } from '@/lib/sources/schema'
import { sourceLabels, sourceTones } from './source-words'

const order: SourceStatus[] = ['failed', 'differs', 'held', 'syncing', 'up_to_date', 'paused', 'never']

/** How many sources are in each state; a click shows only those. */
export function StatusFilter({ sources, status, onChange }: { sources: SourceView[]; status: string | null; onChange(status: SourceStatus | null): void }) {
  const counts = new Map<SourceStatus, number>()
  for (const source of sources) counts.set(source.status, (counts.get(source.status) ?? 0) + 1)
  return (
    <div role="group" aria-label="Filter by status" className="mb-3 flex flex-wrap gap-1.5">
      <Choice isChosen={!status} onClick={() => onChange(null)}>All <Count>{sources.length}</Count></Choice>
      {order.filter((each) => counts.has(each) || each === status).map((each) => (
        <Choice key={each} isChosen={status === each} onClick={() => onChange(status === each ? null : each)}>
          <StatusIcon tone={sourceTones[each]} className={each === 'syncing' ? '[&_svg]:animate-none' : undefined} />
          {sourceLabels[each]} <Count>{counts.get(each) ?? 0}</Count>
        </Choice>
      ))}
    </div>
  )
}

function Choice({ isChosen, onClick, children }: { isChosen: boolean; onClick(): void; children: React.ReactNode }) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={onClick} className={cn('inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-sm transition-colors hover:bg-muted', isChosen ? 'border-input bg-muted font-medium' : 'text-muted-foreground')}>
      {children}
    </button>
  )
}

function Count({ children }: { children: number }) {
  return <span className="text-muted-foreground tabular">{children}</span>
}
