import { limits } from '@/lib/core/limits'
import { claimRun, type ClaimedRun } from '@/lib/db/run-lease'
import { enqueueRuns } from '@/lib/jobs/enqueue'

/**
 * Take the lease of a run, if it is to be had. One that was refused for want of a place waits again; a place that was freed in that moment went to
 * nobody, since it seemed to be on its way: so whoever waits is sent now.
 */
export async function takeRun(runId: string, owner: string, externalRunId?: string): Promise<ClaimedRun | null> {
  const run = await claimRun(runId, owner, limits.leaseSeconds, externalRunId)
  if (!run) await enqueueRuns([runId])
  return run
}
