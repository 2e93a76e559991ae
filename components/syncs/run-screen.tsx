'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, RotateCw, Square } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { cancelSyncAction, startSyncAction } from '@/lib/syncs/actions'
import type { LogPage, RunView } from '@/lib/syncs/schema'
import { getJson } from './get-json'
import { Pace } from './pace'
import { RunHeld } from './run-held'
import { RunLog } from './run-log'
import { RunProgress } from './run-progress'
import { RunReport } from './run-report'
import { RunTimeline } from './run-timeline'
import { activity, isActive, runLabel, runTone, triggerLabels } from './run-words'
import { statusKeys } from './status-keys'
import { useAction } from './use-action'
import { usePolling } from './use-live-status'

/** What one run does or did. */
export function RunScreen({ runId, firstLog }: { runId: string; firstLog: LogPage }) {
  const polling = usePolling(true)
  const { data: run } = useQuery({
    queryKey: statusKeys.run(runId),
    queryFn: ({ signal }) => getJson<RunView>(`/api/status/runs/${runId}`, signal),
    refetchInterval: (query) => (query.state.data && isActive(query.state.data) ? polling : false),
  })
  if (!run) return null
  return (
    <>
      <RunHead run={run} />
      {run.error && !isActive(run) ? <ErrorState error={run.error} className="mt-4" /> : null}
      {run.error && isActive(run) ? <p className="mt-3 text-sm text-waiting">An earlier try failed: {run.error.title}{run.error.detail ? `. ${run.error.detail}` : ''}. It is tried again.</p> : null}
      {run.report?.held ? <RunHeld run={run} held={run.report.held} /> : null}
      <div className="mt-6 grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <section>
          <h3 className="mb-2 font-semibold">Steps</h3>
          {isActive(run) ? <div className="mb-3"><RunProgress run={run} />{run.pace === null ? null : <Pace pace={run.pace} className="mt-1 text-xs" />}</div> : null}
          <RunTimeline run={run} />
        </section>
        {run.report ? <section><h3 className="mb-2 font-semibold">Report</h3><RunReport report={run.report} table={run} /></section> : null}
      </div>
      <RunLog run={run} first={firstLog} />
    </>
  )
}

function RunHead({ run }: { run: RunView }) {
  const router = useRouter()
  const action = useAction()

  async function runAgain(): Promise<void> {
    const done = await action.run(() => startSyncAction({ schemaIds: [run.schemaId], isFull: run.isFull }))
    const next = done?.value.runIds[0]
    if (next) router.push(`/sources/${run.sourceId}/runs/${next}` as Route)
  }

  return (
    <div>
      <Link href={`/sources/${run.sourceId}/runs` as Route} className="inline-flex items-center gap-1 rounded-sm text-sm text-muted-foreground hover:text-foreground"><ArrowLeft aria-hidden className="size-3.5" />All runs</Link>
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="truncate text-lg font-semibold" title={run.schemaName}>Run of {run.schemaName}</h2>
          <div className="mt-0.5 flex flex-wrap items-center gap-x-3 text-sm text-muted-foreground">
            <StatusBadge tone={runTone(run)}>{runLabel(run)}{isActive(run) ? ` · ${activity(run)}` : ''}</StatusBadge>
            <span>{triggerLabels[run.trigger]}{run.isFull ? ', full resync' : ''}</span>
            <span><RelativeTime time={run.startedAt ?? run.queuedAt} /></span>
            {run.attempt > 1 ? <span>Try {run.attempt}</span> : null}
          </div>
        </div>
        {isActive(run) ? (
          <Button variant="outline" isBusy={action.isBusy} disabled={run.isCancelRequested} onClick={() => void action.run(() => cancelSyncAction({ runId: run.id }))}><Square aria-hidden />{run.isCancelRequested ? 'Cancelling' : 'Cancel'}</Button>
        ) : (
          <Button variant="outline" isBusy={action.isBusy} onClick={() => void runAgain()}><RotateCw aria-hidden />Run again</Button>
        )}
      </div>
    </div>
  )
}
