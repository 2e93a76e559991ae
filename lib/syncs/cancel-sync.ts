import { AppError } from '@/lib/core/errors'
import { cancelRun, findRun } from '@/lib/db/runs'
import { enqueueRuns, forgetRun } from '@/lib/jobs/enqueue'

/**
 * Cancel a run: one that waits, at once; one that is on, at its next heartbeat, within seconds. The table stays at the
 * version from before. A run that is over stays as it is. Throws `not_found`.
 */
export async function cancelSync(workspaceId: string, runId: string): Promise<void> {
  const status = await cancelRun(workspaceId, runId)
  // one that is on stops at its heartbeat; a queue outside is told all the same, so that it shows what happened
  if (status) await forgetRun(runId)
  // its place, or the one it was to have, is free
  if (status === 'cancelled') await enqueueRuns([runId])
  if (!status && !(await findRun(workspaceId, runId))) throw new AppError('not_found', { title: 'This run does not exist', advice: 'Its source may have been deleted' })
}
