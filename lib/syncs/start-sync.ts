import { AppError } from '@/lib/core/errors'
import { hurryQueuedRuns, insertRuns, type RunTrigger, type RunWish } from '@/lib/db/runs'
import { listSchemas } from '@/lib/db/schemas'
import { enqueueRuns } from '@/lib/jobs/enqueue'

export interface StartSyncOptions extends RunWish {
  trigger: RunTrigger
  /** False: the caller executes the runs itself; only what stays over is left to the workers. */
  isEnqueued?: boolean
}

export interface StartedSync {
  /** The runs that were made. */
  runIds: string[]
  /** The schemas that had an active run already, so that none was made for them. */
  alreadyActive: string[]
}

/**
 * Ask for a sync of schemas, enabled or not. A schema whose run waits in the queue (or for a retry) gets that run at
 * once, and full when a full one is asked for; one whose run is on keeps it as it is. Throws `not_found` for a schema
 * of somebody else, and `invalid` for one that has no sync method yet; then nothing is started.
 */
export async function startSync(workspaceId: string, schemaIds: string[], { trigger, isEnqueued = true, ...wish }: StartSyncOptions): Promise<StartedSync> {
  const wanted = [...new Set(schemaIds)]
  const schemas = await listSchemas(workspaceId, { ids: wanted })
  if (schemas.length !== wanted.length) throw new AppError('not_found', { title: 'A schema of this selection does not exist', advice: 'It may have been deleted; reload the page' })
  const unset = schemas.filter((schema) => !schema.method)
  if (unset.length) throw new AppError('invalid', { title: `No sync method is chosen for ${unset.map((schema) => schema.name).join(', ')}`, advice: 'Set it up first: incremental or full table' })

  const runs = await insertRuns(workspaceId, wanted, { ...wish, trigger })
  const made = new Set(runs.map((run) => run.schemaId))
  const alreadyActive = wanted.filter((id) => !made.has(id))
  const hurried = alreadyActive.length ? await hurryQueuedRuns(workspaceId, alreadyActive, wish) : []
  const runIds = runs.map((run) => run.id)
  if (isEnqueued) await enqueueRuns([...runIds, ...hurried])
  return { runIds, alreadyActive }
}
