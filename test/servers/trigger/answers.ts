import { isWaiting, type StoredRun } from './stored-runs'

/** A run as the API shows it: the fields that the client insists on. */
export function shownRun(run: StoredRun): object {
  const isOver = run.finishedAt !== undefined
  const isFailed = ['FAILED', 'CRASHED', 'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT'].includes(run.status)
  return {
    id: run.id,
    status: run.status,
    taskIdentifier: run.taskId,
    idempotencyKey: run.options.idempotencyKey,
    isQueued: isWaiting(run),
    isExecuting: run.status === 'EXECUTING',
    isWaiting: false,
    isCompleted: isOver,
    isSuccess: run.status === 'COMPLETED',
    isFailed,
    isCancelled: run.status === 'CANCELED',
    isTest: false,
    createdAt: new Date(run.createdAt),
    updatedAt: new Date(run.finishedAt ?? run.startedAt ?? run.createdAt),
    startedAt: dateOf(run.startedAt),
    finishedAt: dateOf(run.finishedAt),
    delayedUntil: run.options.delay,
    ttl: run.options.ttl === undefined ? undefined : String(run.options.ttl),
    tags: run.tags,
    metadata: run.metadata,
    costInCents: 0,
    baseCostInCents: 0,
    durationMs: 0,
    depth: 0,
    triggerFunction: 'trigger',
    attemptCount: run.startedAt === undefined ? 0 : 1,
    payload: run.payload,
    relatedRuns: {},
    env: { id: 'env_1', name: 'prod' },
  }
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time)
}

/** What `trigger deploy --dry-run` asks before it bundles. */
export function answerToCommandLine(path: string, url: string): object | undefined {
  if (path === '/api/v2/whoami') return { userId: 'user_1', email: 'somebody@example.com', dashboardUrl: url }
  if (/^\/api\/v1\/projects\/\w+\/prod$/.test(path)) return { apiKey: 'tr_prod_given_to_the_command_line', name: 'Tributary', apiUrl: url, projectId: 'project_1', environmentId: 'env_1' }
  if (/^\/api\/v1\/projects\/\w+\/envvars$/.test(path)) return { variables: {} }
  return undefined
}
