import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { ExternalEnd } from '@/lib/db/external-runs'
import type { OutsideState } from '@/lib/jobs/jobs-driver'
import { retryDelaySeconds } from './retry-delay'

export interface Doubt {
  status: 'queued' | 'running'
  attempt: number
  waitedMinutes: number
}

/** `wait`, perhaps with words that are shown meanwhile; `cancel`: the other end is to be stopped too; or how the run goes on. */
export type OutsideVerdict = { wait: ErrorView | null } | (ExternalEnd & { cancel?: true })

type Words = [title: string, detail: string, advice: string]

const notDeployed: Words = ['Trigger.dev has no task for this run yet', 'The tasks of this version are not deployed to the environment of the secret key', 'Deploy them: npm run trigger -- deploy']
const notTaken: Words = ['No machine of Trigger.dev took the run', `It waited there for ${limits.external.waitMinutes} minutes`, 'Look at the queue and the concurrency limit of the environment in Trigger.dev, and whether its workers run; then sync again']

/** The other end is over, or as good as that, without a word: what came of it, by what Trigger.dev says. */
const deaths = {
  failed: ['The run failed on Trigger.dev', 'Its process ended before it could say why', 'Open the run in Trigger.dev, its log says more'],
  crashed: ['The run crashed on Trigger.dev', 'Its machine ran out of memory or was taken away', 'Give the task run-sync a larger machine in trigger/run-sync.ts, and deploy it'],
  system_failure: ['Trigger.dev itself failed', 'It gave up the run with a system failure', 'Open the run in Trigger.dev; if it stays so, its status page or its log says more'],
  done: ['The run ended on Trigger.dev without being done', 'Its machine found nothing to do, as it does when it looks into another database', 'Compare DATABASE_URL on the page Environment variables of Trigger.dev with the one of the app'],
  on: ['The machine of the run stopped answering', 'Trigger.dev still shows it as executing', 'Open the run in Trigger.dev, its log says more'],
  unknown: ['Trigger.dev does not know the run any more', 'It was removed there, or the secret key is another environment\'s', 'Check TRIGGER_SECRET_KEY'],
} satisfies Partial<Record<OutsideState, Words>>

/** What becomes of a run that should be on and is not, by what Trigger.dev says of it. Pure: every state of every run has an answer here. */
export function outsideVerdict(state: OutsideState, { status, attempt, waitedMinutes }: Doubt): OutsideVerdict {
  const isTooLong = status === 'queued' && waitedMinutes > limits.external.waitMinutes
  switch (state) {
    case 'cancelled':
      return { status: 'cancelled', error: null, delaySeconds: 0, isAttempt: false }
    case 'expired':
      return fail('timeout', notTaken)
    case 'timed_out':
      return fail('timeout', ['The sync took too long for Trigger.dev', `It was stopped after ${limits.runHours} hours`, 'Choose fewer columns, or incremental with a replication key; then sync again'])
    case 'not_deployed':
      return isTooLong ? { ...fail('bad_config', notDeployed), cancel: true } : { wait: view('bad_config', notDeployed) }
    case 'waiting':
      // its own clock may have been switched off over there
      return isTooLong ? { ...fail('timeout', notTaken), cancel: true } : { wait: null }
    case 'on':
      // one that begins right now has not taken its lease yet; one that never does, or lost it, is stuck and in the way of the next
      return status === 'queued' && waitedMinutes < limits.external.waitMinutes + limits.external.unsentMinutes ? { wait: null } : { ...again(state, status, attempt), cancel: true }
    default:
      return again(state, status, attempt)
  }
}

function again(state: keyof typeof deaths, status: Doubt['status'], attempt: number): ExternalEnd {
  const words = deaths[state]
  // the claim of a run that had begun counted already
  const attempts = status === 'queued' ? attempt + 1 : attempt
  if (attempts >= limits.runAttempts) return fail('internal', words)
  return { status: 'queued', error: { ...view('internal', words), isRetryable: true }, delaySeconds: retryDelaySeconds(attempts), isAttempt: status === 'queued' }
}

function fail(code: ErrorView['code'], words: Words): ExternalEnd {
  return { status: 'failed', error: view(code, words), delaySeconds: 0, isAttempt: false }
}

function view(code: ErrorView['code'], [title, detail, advice]: Words): ErrorView {
  return { code, title, detail, advice, isRetryable: false }
}
