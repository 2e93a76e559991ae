import { insertDueRuns } from '@/lib/db/due-schemas'
import { enqueueRuns } from '@/lib/jobs/enqueue'
import { nextRunAfter } from './next-run-after'

/**
 * Start every schema whose time has come, and set its next time from now, so that missed ones are caught up once.
 * Safe in several workers at once. Gives the number of runs. `now` is the database's clock unless given.
 */
export async function startDueSyncs(now?: Date): Promise<number> {
  const runIds = await insertDueRuns((schema, at) => nextRunAfter(schema.frequency, at, schema.id), now)
  await enqueueRuns(runIds)
  return runIds.length
}
