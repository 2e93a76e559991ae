'use client'

import type { Route } from 'next'
import Link from 'next/link'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { useNow } from '@/components/ui/use-now'
import { columnChangeWords } from '@/lib/core/column-change-words'
import { differenceWords } from '@/lib/core/difference-words'
import { formatBytes, formatCount, formatDuration, formatPercent } from '@/lib/core/format'
import type { RunView } from '@/lib/syncs/schema'
import { activity, foundDifference, isActive, runDurationMs, runLabel, runProgress, runTone, stepLabels, stepNames, triggerLabels } from './run-words'

/** A row per run; its time is the link to it. The columns keep their widths while runs go on. */
export function RunTable({ runs }: { runs: RunView[] }) {
  return (
    <Table aria-label="Runs" className="table-fixed">
      <TableHeader>
        <TableRow>
          <TableHead className="w-28">Started</TableHead>
          <TableHead>Schema</TableHead>
          <TableHead>Outcome</TableHead>
          <TableHead numeric className="hidden w-28 sm:table-cell">Rows read</TableHead>
          <TableHead numeric className="hidden w-24 md:table-cell">Bytes</TableHead>
          <TableHead numeric className="hidden w-28 sm:table-cell">Duration</TableHead>
          <TableHead className="hidden w-36 lg:table-cell">Steps</TableHead>
          <TableHead className="hidden w-52 lg:table-cell">Asked for by</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>{runs.map((run) => <RunRow key={run.id} run={run} />)}</TableBody>
    </Table>
  )
}

function RunRow({ run }: { run: RunView }) {
  const now = useNow()
  const duration = runDurationMs(run, now ?? Date.parse(run.startedAt ?? run.queuedAt))
  return (
    <TableRow className="relative">
      <TableCell className="whitespace-nowrap">
        {/* the link covers its row, so that the whole row opens the run */}
        <Link href={`/sources/${run.sourceId}/runs/${run.id}` as Route} prefetch={false} className="font-medium after:absolute after:inset-0 hover:underline"><RelativeTime time={run.startedAt ?? run.queuedAt} /></Link>
      </TableCell>
      <TableCell><span className="block truncate" title={run.schemaName}>{run.schemaName}</span></TableCell>
      <TableCell>
        <StatusBadge tone={runTone(run)} className="max-w-full">{runLabel(run)}{isActive(run) ? <RunState run={run} /> : null}</StatusBadge>
        {run.error && !isActive(run) ? <span className="block truncate text-xs" title={[run.error.title, run.error.detail].filter(Boolean).join('. ')}>{run.error.title}</span> : null}
        {run.report?.columns ? <span className="block truncate text-xs text-muted-foreground" title={columnChangeWords(run.report.columns)}>{columnChangeWords(run.report.columns)}</span> : null}
        {foundDifference(run) ? <span className="block truncate text-xs" title={differenceWords(run.report?.proof?.differences ?? null)}>{differenceWords(run.report?.proof?.differences ?? null)}</span> : null}
      </TableCell>
      <TableCell numeric className="hidden sm:table-cell">{formatCount(run.rowsRead)}</TableCell>
      <TableCell numeric className="hidden whitespace-nowrap md:table-cell">{formatBytes(run.bytesRead)}</TableCell>
      <TableCell numeric className="hidden whitespace-nowrap sm:table-cell">{duration === null ? '—' : formatDuration(duration)}</TableCell>
      <TableCell className="hidden lg:table-cell"><StepBar run={run} /></TableCell>
      <TableCell className="hidden whitespace-nowrap text-muted-foreground lg:table-cell">{triggerLabels[run.trigger]}{run.isFull ? ', full resync' : ''}</TableCell>
    </TableRow>
  )
}

function RunState({ run }: { run: RunView }) {
  const share = run.status === 'running' ? runProgress(run) : null
  return <span className="text-muted-foreground"> · {activity(run)}{share === null ? '' : ` ${formatPercent(share)}`}</span>
}

const shades = ['bg-foreground/20', 'bg-running', 'bg-fine', 'bg-waiting', 'bg-paused']

/** The share of each step in the run's time; the title has the seconds. */
function StepBar({ run }: { run: RunView }) {
  const seconds = run.report?.seconds
  if (!seconds) return <span className="text-muted-foreground">{run.step && isActive(run) ? activity(run) : '—'}</span>
  const total = stepNames.reduce((sum, step) => sum + seconds[step], 0) || 1
  const words = stepNames.filter((step) => seconds[step] > 0).map((step) => `${stepLabels[step]} ${formatDuration(seconds[step] * 1000)}`).join(', ')
  return (
    <span title={words} className="flex h-1.5 w-28 overflow-hidden rounded-full bg-accent">
      <span className="sr-only">{words}</span>
      {stepNames.map((step, place) => <span key={step} aria-hidden className={shades[place]} style={{ width: `${(seconds[step] / total) * 100}%` }} />)}
    </span>
  )
}
