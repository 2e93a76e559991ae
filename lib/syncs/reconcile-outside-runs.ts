import { AppError, toErrorView, type ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { endExternalRun, noteWaitingRun, takeDoubtfulRuns, type DoubtfulRun } from '@/lib/db/external-runs'
import { insertRunLogs } from '@/lib/db/run-logs'
import type { OutsideJobs, OutsideState } from '@/lib/jobs/jobs-driver'
import { outsideVerdict } from './outside-verdict'

const stateWords: Record<OutsideState, string> = {
  waiting: 'still lets it wait', not_deployed: 'has no task for it', on: 'shows it as executing, but it stopped answering', done: 'ended it without a result', cancelled: 'cancelled it', expired: 'let it expire',
  timed_out: 'stopped it, since it took too long', failed: 'says that it failed', crashed: 'says that it crashed', system_failure: 'failed itself', unknown: 'does not know it',
}

/**
 * Runs that Trigger.dev holds, that should be on by now and are not: ask it what became of them, and settle them here. Safe in
 * several processes at once. Gives the runs that wait again and want to be sent.
 */
export async function reconcileOutsideRuns(driver: OutsideJobs): Promise<string[]> {
  const { doubtSeconds, checkEverySeconds, checksOfPass } = limits.external
  const doubtful = await takeDoubtfulRuns({ doubtSeconds, checkEverySeconds, limit: checksOfPass })
  const again: string[] = []
  for (const run of doubtful) {
    try {
      if (await settle(driver, run)) again.push(run.runId)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // nobody answers for any of them: the next look is in a minute
      await Promise.all(doubtful.map((other) => leaveOrGiveUp(other, toErrorView(error))))
      logger('queue').warn({ err: error, runs: doubtful.length }, 'what became of runs on Trigger.dev could not be asked')
      break
    }
  }
  return again
}

/** True when the run waits to be sent again. */
async function settle(driver: OutsideJobs, run: DoubtfulRun): Promise<boolean> {
  const state = await driver.state(run.externalRunId)
  const verdict = outsideVerdict(state, run)
  if ('wait' in verdict) {
    await noteWaitingRun(run, verdict.wait)
    return false
  }
  const { cancel, ...end } = verdict
  if (!(await endExternalRun(run, end))) return false
  const came = end.status === 'queued' ? 'it is sent again' : `it is ${end.status}`
  await insertRunLogs(run.workspaceId, run.runId, [{ at: new Date(), level: 'warn', message: `Trigger.dev ${stateWords[state]} (${run.externalRunId}); ${came}` }])
  if (cancel) await endQuietly(driver, run)
  return end.status === 'queued'
}

/** Politeness towards the one that comes next: whatever is left over there can write nothing here any more. */
export async function endQuietly(driver: OutsideJobs, { runId, externalRunId }: Pick<DoubtfulRun, 'runId' | 'externalRunId'>): Promise<void> {
  await driver.end(externalRunId).catch((error: unknown) => logger('queue').debug({ err: error, runId }, 'the former end of a run stays on Trigger.dev'))
}

/** One that is on is judged by its lease alone then. */
async function leaveOrGiveUp(run: DoubtfulRun, error: ErrorView): Promise<void> {
  if (run.status === 'running') return
  if (run.waitedMinutes < limits.external.waitMinutes + limits.external.unsentMinutes) return noteWaitingRun(run, error)
  await endExternalRun(run, { status: 'failed', error, delaySeconds: 0, isAttempt: false })
}
