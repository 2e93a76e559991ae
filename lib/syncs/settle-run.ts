import { setTimeout as wait } from 'node:timers/promises'
import { AppError, toErrorView, toSentence, type ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { databaseAway } from '@/lib/db/database-away'
import { completeRun, endCancelledRun, failRun, releaseRun, retryRun, type ClaimedRun } from '@/lib/db/run-lease'
import type { SchemaRow } from '@/lib/db/schemas'
import { enqueueRuns } from '@/lib/jobs/enqueue'
import type { SyncReport } from '@/lib/pipeline/types'
import { nextRunAfter } from './next-run-after'
import { retryDelaySeconds } from './retry-delay'

/** What became of a run that this process tried. */
export type RunOutcome = 'completed' | 'failed' | 'cancelled' | 'retry' | 'lost' | 'busy'

// Whichever way a run ends, its place is free: the run that waits for it longest is sent.

export async function settleCompleted(run: ClaimedRun, schema: Pick<SchemaRow, 'id' | 'frequency'>, report: SyncReport, now = new Date()): Promise<RunOutcome> {
  const nextRunAt = nextRunAfter(schema.frequency, now, schema.id)
  const finished = { report, version: report.version, rowsRead: report.rowsRead, bytesRead: report.bytes, isHeld: report.held !== undefined, nextRunAt }
  return settled(run, 'completed', () => completeRun(run, finished))
}

export async function settleCancelled(run: ClaimedRun): Promise<RunOutcome> {
  return settled(run, 'cancelled', () => endCancelledRun(run))
}

async function settled(run: ClaimedRun, outcome: RunOutcome, write: () => Promise<boolean>): Promise<RunOutcome> {
  if (!(await insist(write))) return 'lost'
  await enqueueRuns([run.runId])
  return outcome
}

/** The worker shuts down: the run waits for the next one, and this attempt does not count. */
export async function settleReleased(run: ClaimedRun): Promise<RunOutcome> {
  if (!(await insist(() => releaseRun(run)))) return settleCancelled(run)
  await enqueueRuns([run.runId])
  return 'retry'
}

/**
 * What may pass is tried again later, up to the ceiling; then the next scheduled run comes as usual. What no retry can mend
 * stops the schedule, in words; but not when somebody asked for a comparison, which says nothing of the syncs that come by themselves. On the command line a person waits:
 * a failure is shown at once.
 */
export async function settleFailed(run: ClaimedRun, error: ErrorView, say: (message: string) => void): Promise<RunOutcome> {
  if (error.isRetryable && run.trigger !== 'command-line' && run.attempt < limits.runAttempts) {
    const delaySeconds = retryDelaySeconds(run.attempt)
    say(`Attempt ${run.attempt} of ${limits.runAttempts} failed; the next one comes in ${Math.round(delaySeconds)} s`)
    if (!(await insist(() => retryRun(run, error, delaySeconds)))) return settleCancelled(run)
    await enqueueRuns([run.runId])
    return 'retry'
  }
  const pausedReason = error.isRetryable || run.isVerify || run.isRepair ? null : toSentence(error)
  if (pausedReason) say('The schedule of this schema rests until a sync succeeds or its settings change')
  return settled(run, 'failed', () => failRun(run, error, pausedReason))
}

/** Any thrown value in words; what nobody foresaw goes to the log of the process. */
export function viewOf(thrown: unknown, runId: string): ErrorView {
  const error = databaseAway(thrown) ?? thrown
  const view = toErrorView(error)
  const log = logger('sync')
  if (!(error instanceof AppError)) log.error({ err: error, runId }, view.title)
  else if (error.cause) log.debug({ err: error.cause, runId }, view.title)
  return view
}

/** How a run ended must be written down: a database that is away for a moment is waited for, as long as the lease may last. */
async function insist<T>(write: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + limits.leaseSeconds * 1_000
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (performance.now() > deadlineMs) throw error
      logger('sync').warn({ err: error }, 'the end of a run did not reach the database; trying again')
      await wait(1_000)
    }
  }
}
