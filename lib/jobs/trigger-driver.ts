import type * as Sdk from '@trigger.dev/sdk'
import { setTimeout as wait } from 'node:timers/promises'
import { env } from '@/lib/core/env'
import { limits } from '@/lib/core/limits'
import { findExternalRunId, saveExternalRun } from '@/lib/db/external-runs'
import type { JobRequest, OutsideJobs, OutsideState } from './jobs-driver'
import { RunSyncPayload, runSyncTaskId } from './payloads'
import { triggerFailure } from './trigger-failure'

/** A click waits for these: two short tries, since the sweep sends again what did not go through. */
const PATIENCE = { retry: { maxAttempts: 2, minTimeoutInMs: 300, maxTimeoutInMs: 1_000, factor: 2, randomize: true } }

const states: Record<string, OutsideState> = {
  DELAYED: 'waiting', QUEUED: 'waiting', PENDING_VERSION: 'not_deployed', DEQUEUED: 'on', EXECUTING: 'on', WAITING: 'on', COMPLETED: 'done',
  CANCELED: 'cancelled', EXPIRED: 'expired', TIMED_OUT: 'timed_out', FAILED: 'failed', CRASHED: 'crashed', SYSTEM_FAILURE: 'system_failure',
}

interface Loaded {
  sdk: typeof Sdk
  client: Sdk.TriggerClient
}

/**
 * Trigger.dev as the queue: it wakes a machine for each run and shows what it does. Retries, leases and fences stay the run
 * row's. A run has one turn outside for each time that it changes hands, told apart by the idempotency key.
 */
export class TriggerDriver implements OutsideJobs {
  readonly place = 'outside'
  private loaded: Promise<Loaded> | undefined

  constructor(private readonly answerSeconds: number = limits.external.answerSeconds) {}

  async send(requests: JobRequest[]): Promise<void> {
    const waiting = [...requests]
    const sendNext = async (): Promise<void> => {
      for (let request = waiting.shift(); request; request = waiting.shift()) await this.sendOne(request)
    }
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(limits.external.sendsAtOnce, requests.length) }, sendNext))
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
  }

  async cancel(runId: string): Promise<void> {
    const externalRunId = await findExternalRunId(runId)
    if (externalRunId) await this.end(externalRunId)
  }

  async end(externalRunId: string): Promise<void> {
    await this.ask(({ client }) => client.runs.cancel(externalRunId))
  }

  async state(externalRunId: string): Promise<OutsideState> {
    return this.ask(async ({ sdk, client }) => {
      try {
        // a newer Trigger.dev may know states that this client does not; such an answer is none
        return states[(await client.runs.retrieve(externalRunId)).status] ?? 'on'
      } catch (error) {
        if (error instanceof sdk.NotFoundError) return 'unknown'
        throw error
      }
    })
  }

  async stop(): Promise<void> {
    this.loaded = undefined
  }

  private async sendOne({ runId, workspaceId, sourceId, schemaId, notBefore, fence }: JobRequest): Promise<void> {
    const turn = [runId, ...(fence ? [String(fence)] : []), ...(notBefore ? [notBefore.toISOString()] : [])]
    const handle = await this.ask(async ({ sdk, client }) =>
      client.tasks.trigger(runSyncTaskId, RunSyncPayload.parse({ runId }), {
        // also the same when one run sends another: its own scope would be that run
        idempotencyKey: await sdk.idempotencyKeys.create(turn, { scope: 'global' }),
        concurrencyKey: schemaId,
        tags: [`workspace_${workspaceId}`, `source_${sourceId}`, `run_${runId}`],
        ttl: `${limits.external.waitMinutes}m`,
        ...(notBefore ? { delay: notBefore } : {}),
      }),
    )
    await saveExternalRun(runId, fence, handle.id)
  }

  private async ask<Answer>(request: (loaded: Loaded) => Promise<Answer>): Promise<Answer> {
    const loaded = await this.load()
    const clock = new AbortController()
    try {
      return await Promise.race([request(loaded), silence(this.answerSeconds, clock.signal)])
    } catch (error) {
      if (error instanceof loaded.sdk.ApiError) throw triggerFailure({ status: error.status, message: error.message }, error)
      throw error
    } finally {
      clock.abort()
    }
  }

  /** Loaded on first use: a process without Trigger.dev does without its client. */
  private load(): Promise<Loaded> {
    this.loaded ??= import('@trigger.dev/sdk').then((sdk) => {
      const { TRIGGER_SECRET_KEY: accessToken, TRIGGER_API_URL: baseURL } = env()
      return { sdk, client: new sdk.TriggerClient({ accessToken, baseURL, requestOptions: PATIENCE }) }
    })
    return this.loaded
  }
}

/** The client itself waits for ever for a server that takes a connection and says nothing. */
async function silence(seconds: number, signal: AbortSignal): Promise<never> {
  await wait(seconds * 1_000, undefined, { signal, ref: false }).catch(() => {})
  throw triggerFailure({ message: 'no answer in time' })
}
