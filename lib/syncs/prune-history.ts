import { limits } from '@/lib/core/limits'
import { deleteOldRunLogs } from '@/lib/db/run-logs'
import { deleteOldRuns } from '@/lib/db/runs'

/** Forget the logs and the runs of long ago; the newest run of each schema stays, since its row is what people see. */
export async function pruneHistory(): Promise<{ runs: number; logLines: number }> {
  return { logLines: await deleteOldRunLogs(limits.keptLogDays), runs: await deleteOldRuns(limits.keptRunDays) }
}
