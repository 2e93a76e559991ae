import { metadata, queue, schemaTask } from '@trigger.dev/sdk'
import { limits } from '@/lib/core/limits'
import { RunSyncPayload, runSyncTaskId } from '@/lib/jobs/payloads'
import { runOutside } from '@/lib/syncs/run-outside'

/** The key of each run is its schema: one at a time of each, any number beside each other. */
const onePerSchema = queue({ name: runSyncTaskId, concurrencyLimit: 1 })

/** Execute one run. Whether it is tried again is the run row's to say, which knows what may pass. */
export const runSyncTask = schemaTask({
  id: runSyncTaskId,
  schema: RunSyncPayload,
  queue: onePerSchema,
  // reading files may take 1 GB beside Node and the stage
  machine: 'medium-1x',
  // after our own clock, which says more
  maxDuration: limits.runHours * 3_600 + 600,
  retry: { maxAttempts: 1 },
  run: async ({ runId }, { ctx, signal }) => {
    const isPassing = ctx.environment.type !== 'DEVELOPMENT'
    const outcome = await runOutside(runId, { externalRunId: ctx.run.id, cancelled: signal, isPassing, onProgress: (progress) => metadata.set('progress', { ...progress }) })
    return { outcome }
  },
})
