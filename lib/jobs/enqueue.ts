import { logger } from '@/lib/core/logger'
import { listQueuedRuns } from '@/lib/db/runs'
import type { JobsDriver } from './jobs-driver'
import { PgBossDriver } from './pg-boss-driver'

// Next bundles this module more than once; one queue serves them all.
const shared = globalThis as unknown as { tributaryJobs?: JobsDriver }

/** The driver of this process, chosen once. */
export function jobsDriver(): JobsDriver {
  shared.tributaryJobs ??= new PgBossDriver()
  return shared.tributaryJobs
}

/**
 * Ask for a worker for these queued runs; those that are not queued are passed over. Not part of the transaction that
 * made them, since the second driver could not be: a run whose job is lost here is sent again by the take-over sweep,
 * within seconds. For the same reason a queue that cannot be reached is no failure of whoever asked.
 */
export async function enqueueRuns(runIds: string[]): Promise<void> {
  if (!runIds.length) return
  try {
    const runs = await listQueuedRuns(runIds)
    await jobsDriver().send(runs.map(({ runId, rank, isDue, notBefore }) => ({ runId, rank, ...(isDue ? {} : { notBefore }) })))
  } catch (error) {
    logger('queue').warn({ err: error, runs: runIds.length }, 'runs could not be enqueued; the next sweep of a worker sends them again')
  }
}

/** A run that no worker should be woken for. A queue that cannot be reached changes nothing: the job of a cancelled run does nothing. */
export async function forgetRun(runId: string): Promise<void> {
  try {
    await jobsDriver().cancel(runId)
  } catch (error) {
    logger('queue').debug({ err: error, runId }, 'the job of a cancelled run stays in the queue')
  }
}

/** Let go of the queue, so that the process can end. */
export async function closeJobs(): Promise<void> {
  await shared.tributaryJobs?.stop()
  delete shared.tributaryJobs
}
