'use client'

import { cn } from '@/components/ui/cn'
import { StatusIcon, type StatusTone } from '@/components/ui/status-badge'
import { useNow } from '@/components/ui/use-now'
import { formatDuration, formatQuantity } from '@/lib/core/format'
import type { RunView } from '@/lib/syncs/schema'
import { runDurationMs, stepLabels, stepNames } from './run-words'

const about: Record<(typeof stepNames)[number], string> = {
  plan: 'Decide what to read, and from which cursor',
  extract: 'Read the source and stage it as Parquet',
  merge: 'Find the older states of the rows that came',
  compare: 'Compare the table with its source, range by range',
  publish: 'Make the new version current, cursor and all',
  compact: 'Rewrite small files and deleted rows where it pays',
}

type Step = (typeof stepNames)[number]

/** The steps of a run in their order: which are done, with their seconds; which one it is in. */
export function RunTimeline({ run }: { run: RunView }) {
  const now = useNow()
  const seconds = run.report?.seconds
  const total = seconds ? Math.max(...stepNames.map((step) => seconds[step]), 0.001) : 1
  const place = stepNames.findIndex((step) => step === run.step)
  const elapsed = runDurationMs(run, now ?? Date.parse(run.startedAt ?? run.queuedAt))
  return (
    <>
      <ol className="grid">
        {stepNames.map((step, index) => {
          const tone = toneOf(run, step, index, place)
          const isHere = tone === 'running' || tone === 'broken'
          return (
            <li key={step} className="grid grid-cols-[1rem_5rem_minmax(0,1fr)_4.5rem] items-center gap-x-2 border-b py-1.5 last:border-b-0" title={about[step]}>
              <StatusIcon tone={tone} />
              <span className={cn(tone === 'none' && 'text-muted-foreground', isHere && 'font-medium')}>{stepLabels[step]}<span className="sr-only">: {words[tone]}</span></span>
              {seconds ? (
                <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-accent"><span className="block h-full rounded-full bg-fine" style={{ width: `${(seconds[step] / total) * 100}%` }} /></span>
              ) : (
                <span className="truncate text-xs text-muted-foreground">{step === 'extract' && run.rowsRead > 0 ? formatQuantity(run.rowsRead, 'row') : about[step]}</span>
              )}
              <span className="text-right tabular">{seconds && tone === 'fine' ? formatDuration(seconds[step] * 1000) : ''}</span>
            </li>
          )
        })}
      </ol>
      <p className="mt-2 text-right text-sm text-muted-foreground tabular">{elapsed === null ? 'Not started' : `${formatDuration(elapsed)} in all`}</p>
    </>
  )
}

const words: Record<StatusTone, string> = { fine: 'done', running: 'under way', broken: 'failed here', paused: 'cancelled here', waiting: 'waiting', none: 'not reached' }

function toneOf(run: RunView, step: Step, index: number, place: number): StatusTone {
  if (run.status === 'completed') return (run.report?.seconds[step] ?? 0) > 0 || (step !== 'compact' && step !== 'compare') ? 'fine' : 'none'
  if (place < 0 || index > place) return 'none'
  if (index < place) return 'fine'
  return run.status === 'running' ? 'running' : run.status === 'failed' ? 'broken' : run.status === 'cancelled' ? 'paused' : 'waiting'
}
