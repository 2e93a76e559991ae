import { limits } from '@/lib/core/limits'
import { insertDueRuns, PASS_SIZE } from '@/lib/db/due-schemas'
import { takePass } from '@/lib/db/passes'
import { enqueueRuns } from '@/lib/jobs/enqueue'
import { nextRunAfter } from './next-run-after'

/**
 * Start the schemas whose time has come, as many as one transaction takes, and set their next time from now, so that missed ones are caught up once.
 * Safe in several workers at once. Gives the number of runs. `now` is the database's clock unless given.
 */
export async function startDueSyncs(now?: Date): Promise<number> {
  return (await startSome(now)).runIds.length
}

/** For a loop of many workers: every few seconds one of them starts all that is due; the others ask and rest. */
export async function startDueSyncsByTurns(): Promise<number> {
  if (!(await takePass('start due syncs', limits.scheduleEverySeconds * limits.partOfPass))) return 0
  let started = 0
  for (let isMore = true; isMore; ) {
    const { runIds, schemas } = await startSome()
    started += runIds.length
    isMore = schemas === PASS_SIZE
  }
  return started
}

async function startSome(now?: Date): ReturnType<typeof insertDueRuns> {
  const due = await insertDueRuns((schema, at) => nextRunAfter(schema.frequency, at, schema.id), now)
  await enqueueRuns(due.runIds)
  return due
}
