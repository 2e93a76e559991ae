'use client'

import { Progress } from '@/components/ui/progress'
import { formatBytes, formatQuantity, formatRate } from '@/lib/core/format'
import type { RunView } from '@/lib/syncs/schema'
import { activity, runProgress } from './run-words'
import { useRunRate } from './use-run-rate'

interface RunProgressProps {
  run: RunView
  /** Of a whole source, where the run is only a part of it. */
  progress?: number | null
  /** Say which schema it is. */
  withName?: boolean
}

/** A bar with rows, rows per second, bytes and the step. Two lines of a height that never changes. */
export function RunProgress({ run, progress = runProgress(run), withName = false }: RunProgressProps) {
  const rate = useRunRate(run)
  const parts = [
    withName ? run.schemaName : null,
    run.rowsRead > 0 ? formatQuantity(run.rowsRead, 'row') : null,
    rate !== null ? formatRate(rate) : null,
    run.bytesRead > 0 ? formatBytes(run.bytesRead) : null,
    activity(run),
  ].filter((part) => part !== null)
  return (
    <div className="min-w-0">
      <Progress value={progress} label={`Sync of ${run.schemaName}`} className="max-w-72" tone={run.status === 'queued' ? 'waiting' : 'running'} />
      <div className="mt-1 truncate text-xs text-muted-foreground tabular" title={parts.join(' · ')}>{parts.join(' · ')}</div>
    </div>
  )
}
