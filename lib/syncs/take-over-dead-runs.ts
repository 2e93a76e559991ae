import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { takeExpiredRuns } from '@/lib/db/run-lease'
import { insertRunLogs } from '@/lib/db/run-logs'
import { listOverdueRunIds } from '@/lib/db/runs'
import { enqueueRuns } from '@/lib/jobs/enqueue'

const spent: ErrorView = {
  code: 'internal',
  title: 'The sync was given up',
  detail: `Its worker stopped answering ${limits.runAttempts} times in the middle of it`,
  advice: 'Look into the worker\'s log, and whether the machine runs out of memory; then start the sync again',
  isRetryable: false,
}

/**
 * Send what nobody works on to the queue again: runs whose worker died, that is, let its lease expire, and runs that are
 * due but whose job was lost. Gives the number of runs that were taken from dead workers.
 */
export async function takeOverDeadRuns(): Promise<number> {
  const expired = await takeExpiredRuns(limits.runAttempts, spent)
  for (const { runId, workspaceId, status } of expired) {
    const message = status === 'queued' ? 'The worker of this run stopped answering; another one takes it over' : `The worker of this run stopped answering; the run is ${status}`
    await insertRunLogs(workspaceId, runId, [{ at: new Date(), level: 'warn', message }])
  }
  const overdue = await listOverdueRunIds(limits.takeOverEverySeconds)
  await enqueueRuns([...new Set([...expired.map((run) => run.runId), ...overdue])])
  return expired.length
}
