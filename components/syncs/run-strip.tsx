'use client'

import type { Route } from 'next'
import Link from 'next/link'
import { cn } from '@/components/ui/cn'
import { useNow } from '@/components/ui/use-now'
import { formatAgo, formatDuration } from '@/lib/core/format'
import type { RunStatus, RunView } from '@/lib/syncs/schema'
import { foundDifference, runDurationMs, runLabel } from './run-words'

const colors: Record<RunStatus, string> = { queued: 'bg-waiting/60', running: 'bg-running', completed: 'bg-fine', failed: 'bg-broken', cancelled: 'bg-paused' }
const MIN_PERCENT = 12

/** The last runs, oldest at the left: the height is the duration, the colour the outcome; the title says both. */
export function RunStrip({ runs }: { runs: RunView[] }) {
  const now = useNow()
  const at = now ?? Date.parse(runs[0]?.queuedAt ?? '1970-01-01')
  const durations = runs.map((run) => runDurationMs(run, at) ?? 0)
  const longest = Math.max(...durations, 1)
  return (
    <nav aria-label={`The last ${runs.length} runs`} className="mb-4 flex h-16 items-end gap-1 border-b pb-px">
      {runs.map((run, place) => {
        const words = `${run.schemaName}: ${runLabel(run)}, ${durations[place] ? formatDuration(durations[place]!) : 'not started'}, ${formatAgo(run.queuedAt, at)}`
        // a long run beside short ones would leave them nothing: the square root keeps the order and shows them all
        const percent = MIN_PERCENT + (100 - MIN_PERCENT) * Math.sqrt((durations[place] ?? 0) / longest)
        return (
          <Link key={run.id} href={`/sources/${run.sourceId}/runs/${run.id}` as Route} prefetch={false} title={now === null ? undefined : words} className="group flex h-full max-w-8 min-w-1 flex-1 items-end">
            <span className="sr-only" suppressHydrationWarning>{words}</span>
            <span aria-hidden className={cn('block w-full rounded-t-sm opacity-85 group-hover:opacity-100', run.isHeld ? colors.queued : foundDifference(run) ? colors.failed : colors[run.status], run.status === 'failed' && 'bg-[repeating-linear-gradient(135deg,transparent_0_3px,color-mix(in_oklab,var(--background)_45%,transparent)_3px_5px)]')} style={{ height: `${percent}%` }} />
          </Link>
        )
      }).reverse()}
    </nav>
  )
}
