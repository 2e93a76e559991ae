import { env } from '@/lib/core/env'
import { toErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { listSendableRuns, noteUnsentRuns } from '@/lib/db/external-runs'
import { listDelayedRuns, returnPlaces, takeOverduePlaces, takePlaces, takeSentRuns } from '@/lib/db/run-places'
import type { QueuedRun } from '@/lib/db/runs'
import type { JobRequest, LocalJobs, OutsideJobs } from './jobs-driver'
import { PgBossDriver } from './pg-boss-driver'
import { TriggerDriver } from './trigger-driver'

// Next bundles this module more than once; one queue serves them all.
const shared = globalThis as unknown as { tributaryJobs?: LocalJobs | OutsideJobs }

/** The driver of this process, chosen once: Trigger.dev where its key is set, else the queue in our own database. */
export function jobsDriver(): LocalJobs | OutsideJobs {
  shared.tributaryJobs ??= env().TRIGGER_SECRET_KEY ? new TriggerDriver() : new PgBossDriver()
  return shared.tributaryJobs
}

/**
 * Ask for a worker for these queued runs, or, of the same workspaces, for those whose turn comes before; one for which there is no place is sent when
 * another one ends. Those that are not queued are passed over. Not part of the transaction that made them, since Trigger.dev could not be: a run whose
 * job is lost here is sent again by the take-over sweep. For the same reason a queue that cannot be reached is no failure of whoever asked.
 */
export async function enqueueRuns(runIds: string[]): Promise<void> {
  if (!runIds.length) return
  try {
    const driver = jobsDriver()
    if (driver.place === 'outside') return await sendOutside(driver, runIds)
    await sendHere(driver, [...(await takePlaces(runIds)), ...(await listDelayedRuns(runIds))])
  } catch (error) {
    logger('queue').warn({ err: error, runs: runIds.length }, 'runs could not be enqueued; the next sweep of a worker sends them again')
  }
}

/** Send what our own queue may have lost: runs that it has had for long, and of these workspaces the turns that nobody gave. */
export async function enqueueLostRuns(driver: LocalJobs, workspaceIds: string[]): Promise<void> {
  await sendHere(driver, await takeSentRuns(limits.places.sendAgainSeconds, limits.places.sweepRuns))
  if (workspaceIds.length) await sendHere(driver, await takeOverduePlaces(workspaceIds, limits.takeOverEverySeconds))
}

async function sendHere(driver: LocalJobs, runs: QueuedRun[]): Promise<void> {
  try {
    await driver.send(runs.map(toRequest))
  } catch (error) {
    await returnPlaces(runs.map((run) => run.runId))
    throw error
  }
}

/** What a workspace may have outside, of its runs in their order. Why they could not be sent is shown with them. */
async function sendOutside(driver: OutsideJobs, runIds: string[]): Promise<void> {
  const runs = await listSendableRuns(runIds, limits.external.perWorkspace)
  try {
    await driver.send(runs.map(toRequest))
  } catch (error) {
    await noteUnsentRuns(runs.map((run) => run.runId), toErrorView(error), limits.external.unsentMinutes)
    throw error
  }
}

function toRequest({ runId, workspaceId, sourceId, schemaId, rank, fence, isDue, notBefore }: QueuedRun): JobRequest {
  return { runId, workspaceId, sourceId, schemaId, rank, fence, ...(isDue ? {} : { notBefore }) }
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
