import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { enqueueRuns } from '@/lib/jobs/enqueue'
import type { Progress } from '@/lib/pipeline/types'
import type { RunOutcome } from './settle-run'
import { runSync } from './run-sync'

export interface OutsideMachine {
  externalRunId: string
  cancelled: AbortSignal
  /** Lives as long as this run, as machines do that were rolled out; a developer's own computer stays. */
  isPassing: boolean
  onProgress(progress: Progress): void
}

/** Execute one run on a machine of Trigger.dev, then send the next ones of its workspace there. */
export async function runOutside(runId: string, { externalRunId, isPassing, ...machine }: OutsideMachine): Promise<RunOutcome> {
  const obstacle = isPassing ? missingVariable() : undefined
  const outcome = await runSync(runId, { owner: `Trigger.dev, run ${externalRunId}`, outside: { ...machine, externalRunId, obstacle } })
  await enqueueRuns([runId])
  return outcome
}

/** A machine that is gone after the run must share the key and the warehouse with the app: what it kept for itself would be lost. */
function missingVariable(): AppError | undefined {
  const { ENCRYPTION_KEY, TRIBUTARY_DATA } = env()
  const missing = ENCRYPTION_KEY ? (TRIBUTARY_DATA ? undefined : 'TRIBUTARY_DATA') : 'ENCRYPTION_KEY'
  if (!missing) return undefined
  const advice = missing === 'ENCRYPTION_KEY' ? 'Set it to the key of the app' : 'Set it to a folder that the app and the machines of Trigger.dev share'
  return new AppError('bad_config', { title: `The machines of Trigger.dev lack the environment variable ${missing}`, detail: 'Without it a sync would keep its rows where nobody finds them', advice: `${advice}, on the page Environment variables of Trigger.dev` }, { isRetryable: true })
}
