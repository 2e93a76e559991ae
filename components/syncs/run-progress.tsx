'use client'

import { cn } from '@/components/ui/cn'
import { Progress } from '@/components/ui/progress'
import { formatBytes, formatQuantity, formatRate } from '@/lib/core/format'
import type { RunView } from '@/lib/syncs/schema'
import { activity, leftWords, runProgress } from './run-words'
import { useRunRate } from './use-run-rate'

interface RunProgressProps {
  run: RunView
  /** Of a whole source, where the run is only a part of it. */
  progress?: number | null
  /** Say which schema it is. */
  withName?: boolean
}

/**
 * A bar with the step and the rows; for a database rows per second and bytes, for a source that lets us read at a pace of its own
 * what is left. Two lines of a height that never changes; each number keeps its place.
 */
export function RunProgress({ run, progress = runProgress(run), withName = false }: RunProgressProps) {
  const rate = useRunRate(run)
  const hasRows = run.rowsRead > 0
  return (
    <div className="min-w-0">
      <Progress value={progress} label={`Sync of ${run.schemaName}`} className="max-w-80" tone={run.status === 'queued' ? 'waiting' : 'running'} />
      <div className="mt-0.5 flex gap-x-2 overflow-hidden text-xs whitespace-nowrap text-muted-foreground tabular">
        {withName ? <span className="min-w-12 shrink truncate text-foreground" title={run.schemaName}>{run.schemaName}</span> : null}
        {/* where the line is short, what is left says more than the step */}
        <span className={cn('min-w-[8.5ch] shrink-0', hasRows && run.pace !== null && 'max-sm:hidden')}>{activity(run)}</span>
        {hasRows ? <span className={cn('min-w-[11ch] shrink-0 text-right', run.pace !== null && !withName && 'max-sm:text-left')}>{formatQuantity(run.rowsRead, 'row')}</span> : null}
        {hasRows && run.pace !== null ? <span className="min-w-0 max-w-[17ch] flex-1 truncate text-right">{leftWords(run)}</span> : null}
        {hasRows && run.pace === null ? <span className="min-w-[12ch] shrink-0 text-right">{rate === null ? '' : formatRate(rate)}</span> : null}
        {hasRows && run.pace === null ? <span className="min-w-[6ch] text-right">{formatBytes(run.bytesRead)}</span> : null}
      </div>
    </div>
  )
}
