'use client'

import { useRef } from 'react'
import { Pace } from '@/components/syncs/pace'
import { Progress } from '@/components/ui/progress'
import { formatCount, formatDuration, formatQuantity, formatRate } from '@/lib/core/format'
import { timeLeftMs, type ImportTotals } from './import-totals'
import { useTotalRate } from './use-total-rate'

/** The whole import: tables, rows, rate, the source's pace and the time left, in a line that keeps its height. */
export function ImportTotal({ totals, isDone }: { totals: ImportTotals; isDone: boolean }) {
  const rate = useTotalRate(totals.rows, !isDone)
  const left = timeLeftMs(totals, rate)
  const { ready, failed, tables, rows } = totals
  const pace = usePaceSoFar(totals.pace, isDone)
  const tone = !isDone ? 'running' : failed ? (ready ? 'waiting' : 'broken') : 'fine'
  return (
    <section aria-label="The whole import" className="grid gap-2 rounded-md border border-border p-3.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 tabular">
        <p className="font-medium">
          {formatCount(ready)} of {formatQuantity(tables, 'table')} ready
          {failed ? <span className="text-broken"> · {formatCount(failed)} failed</span> : null}
        </p>
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 text-sm text-muted-foreground">
          {pace === null ? null : <Pace pace={pace} />}
          <p className="sm:min-w-[26ch] sm:text-right">
            {formatQuantity(rows, 'row')}
            {rate !== null ? ` · ${formatRate(rate)}` : null}
            {left !== null ? ` · about ${formatDuration(Math.max(1000, left))} left` : null}
          </p>
        </div>
      </div>
      <Progress value={totals.progress} label="The whole import" tone={tone} className="h-1.5" />
      <p role="status" className="sr-only">{isDone ? `The import has ended: ${formatQuantity(ready, 'table')} ready, ${failed} failed` : `${ready} of ${formatQuantity(tables, 'table')} ready`}</p>
    </section>
  )
}

/** Between two tables there is no pace: the last one stays, so that its line does not come and go. */
function usePaceSoFar(pace: string | null, isDone: boolean): string | null {
  const last = useRef<string | null>(null)
  if (pace !== null) last.current = pace
  return isDone ? null : last.current
}
