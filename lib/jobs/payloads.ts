import { z } from 'zod'

/** The job that executes one run. The run row says everything else. */
export const RunSyncPayload = z.object({ runId: z.uuid() })
export type RunSyncPayload = z.infer<typeof RunSyncPayload>

/** The name of that job, the same on every queue. */
export const runSyncTaskId = 'run-sync'
