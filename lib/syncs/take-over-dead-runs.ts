import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { listUnsentRunIds } from '@/lib/db/external-runs'
import { takePass } from '@/lib/db/passes'
import { takeExpiredRuns } from '@/lib/db/run-lease'
import { insertRunLogs } from '@/lib/db/run-logs'
import { listWaitingWorkspaces } from '@/lib/db/run-places'
import { enqueueLostRuns, enqueueRuns, jobsDriver } from '@/lib/jobs/enqueue'
import { endQuietly, reconcileOutsideRuns } from './reconcile-outside-runs'

const spent: ErrorView = {
  code: 'internal',
  title: 'The sync was given up',
  detail: `Its worker stopped answering ${limits.runAttempts} times in the middle of it`,
  advice: 'Look into the worker\'s log, and whether the machine runs out of memory; then start the sync again',
  isRetryable: false,
}

/**
 * Send what nobody works on to the queue again: runs whose worker died, that is, let its lease expire, and runs that are
 * due but whose job was lost. Where Trigger.dev executes them, it is asked first. Gives the number of runs that were taken from dead workers.
 */
export async function takeOverDeadRuns(): Promise<number> {
  const driver = jobsDriver()
  const isOutside = driver.place === 'outside'
  const again = isOutside ? await reconcileOutsideRuns(driver) : []
  const expired = await takeExpiredRuns(limits.runAttempts, spent, { outsideGraceSeconds: isOutside ? limits.external.checkEverySeconds : 0 })
  for (const { runId, workspaceId, status } of expired) {
    const message = status === 'queued' ? 'The worker of this run stopped answering; another one takes it over' : `The worker of this run stopped answering; the run is ${status}`
    await insertRunLogs(workspaceId, runId, [{ at: new Date(), level: 'warn', message }])
  }
  const unsent = isOutside ? await listUnsentRunIds(limits.takeOverEverySeconds, limits.external.perWorkspace) : []
  await enqueueRuns([...new Set([...again, ...expired.map((run) => run.runId), ...unsent])])
  if (!isOutside) await enqueueLostRuns(driver, await nextWaitingWorkspaces())
  // the process that held it before may still hang over there, in the way of the next one
  if (isOutside) for (const { runId, externalRunId } of expired) if (externalRunId) await endQuietly(driver, { runId, externalRunId })
  return expired.length
}

/** For a loop of many workers: every few seconds one of them looks after the runs of all. */
export async function takeOverDeadRunsByTurns(): Promise<number> {
  const isTurn = await takePass('take over dead runs', limits.takeOverEverySeconds * limits.partOfPass)
  return isTurn ? takeOverDeadRuns() : 0
}

const FIRST = '00000000-0000-0000-0000-000000000000'
let lookedUntil = FIRST

/** However many workspaces wait for places: a sweep looks after some, the next one after the next ones. */
async function nextWaitingWorkspaces(): Promise<string[]> {
  const found = await listWaitingWorkspaces(lookedUntil, limits.places.sweepWorkspaces)
  lookedUntil = found.length < limits.places.sweepWorkspaces ? FIRST : found.at(-1)!
  return found
}
