import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
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

/** Execute one run on a machine of Trigger.dev; its end sends the next ones of its workspace there. */
export async function runOutside(runId: string, { externalRunId, isPassing, ...machine }: OutsideMachine): Promise<RunOutcome> {
  const obstacle = isPassing ? missingVariable() : undefined
  return runSync(runId, { owner: `Trigger.dev, run ${externalRunId}`, outside: { ...machine, externalRunId, obstacle } })
}

/** A machine that is gone after the run must share the key and the warehouse with the app: what it kept for itself would be lost. */
function missingVariable(): AppError | undefined {
  const { ENCRYPTION_KEY, WAREHOUSE_URL, TRIBUTARY_DATA } = env()
  if (!ENCRYPTION_KEY) return lacking('ENCRYPTION_KEY', 'Without it the secrets of sources cannot be opened', 'Set it to the key of the app')
  if (WAREHOUSE_URL || TRIBUTARY_DATA) return undefined
  return lacking('WAREHOUSE_URL', 'Without it a sync would keep its rows on a machine that is gone afterwards', 'Set it to the bucket of the warehouse (s3://…), or TRIBUTARY_DATA to a folder that those machines share with the app')
}

function lacking(name: string, detail: string, advice: string): AppError {
  return new AppError('bad_config', { title: `The machines of Trigger.dev lack the environment variable ${name}`, detail, advice: `${advice}, on the page Environment variables of Trigger.dev` }, { isRetryable: true })
}
