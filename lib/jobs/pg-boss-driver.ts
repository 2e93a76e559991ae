import { PgBoss } from 'pg-boss'
import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { databaseUrl } from '@/lib/db/client'
import { ownConnections } from '@/lib/db/own-connections'
import type { JobRequest, LocalJobs } from './jobs-driver'
import { RunSyncPayload, runSyncTaskId } from './payloads'

const SCHEMA = 'pgboss'
const QUEUE = runSyncTaskId
const POOL_SIZE = 3
/** How soon a retry or a job whose notification was missed is seen. */
const POLL_SECONDS = 5
const COMPLAIN_EVERY_MS = 60_000
/** A job may be sent in one statement with so many others. */
const SEND_SIZE = 500

/**
 * The embedded queue: pg-boss in our own database. Retries, leases and cancellation are the run row's, so pg-boss is
 * asked for the least: keep a job until a worker takes it, wake the worker at once, and hold one waiting job per run.
 */
export class PgBossDriver implements LocalJobs {
  readonly place = 'here'
  private boss: PgBoss | undefined
  private starting: Promise<PgBoss> | undefined
  private complainedMs = -Infinity
  private readonly log = logger('queue')

  async send(requests: JobRequest[]): Promise<void> {
    if (!requests.length) return
    const boss = await this.start()
    for (let at = 0; at < requests.length; at += SEND_SIZE) {
      await boss.insert(QUEUE, requests.slice(at, at + SEND_SIZE).map(({ runId, notBefore, rank }) => ({
        data: RunSyncPayload.parse({ runId }),
        // The queue keeps one waiting job per key; a job that is due now must not be swallowed by one that waits for a retry.
        singletonKey: notBefore ? `${runId} ${notBefore.toISOString()}` : runId,
        priority: -rank,
        ...(notBefore ? { startAfter: notBefore } : {}),
      })))
    }
  }

  async work(handler: (runId: string) => Promise<void>, { atOnce }: { atOnce: number }): Promise<void> {
    const boss = await this.start({ isWorker: true })
    for (let place = 0; place < atOnce; place++) {
      const worker: string = await boss.work<RunSyncPayload>(QUEUE, { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
        for (const job of jobs) await handler(RunSyncPayload.parse(job.data).runId)
        // else it would rest after a job as long as after none, and the tables of a source would come with pauses between them
        boss.notifyWorker(worker)
      })
    }
  }

  async stopWork(): Promise<void> {
    await this.boss?.offWork(QUEUE, { wait: false })
  }

  async cancel(runId: string): Promise<void> {
    const boss = await this.start()
    const waiting = await boss.findJobs(QUEUE, { data: { runId }, queued: true })
    if (waiting.length) await boss.deleteJob(QUEUE, waiting.map((job) => job.id))
  }

  async stop(): Promise<void> {
    await this.starting?.catch(() => {}) // a start that failed was reported to whoever asked for it
    await this.boss?.stop({ graceful: true, timeout: 1_000 })
    this.boss = undefined
    this.starting = undefined
  }

  /** A database that is away makes every poll fail: one line a minute is enough. */
  private complain(error: Error): void {
    const isNews = performance.now() - this.complainedMs > COMPLAIN_EVERY_MS
    if (isNews) this.complainedMs = performance.now()
    this.log[isNews ? 'warn' : 'debug']({ reason: error.message }, 'the queue has no connection or refused a statement; it tries again')
  }

  /** Started on first use; a start that fails is tried again by the next use. */
  private start({ isWorker = false } = {}): Promise<PgBoss> {
    this.starting ??= this.open(isWorker).catch((error: unknown) => {
      this.starting = undefined
      throw error
    })
    return this.starting
  }

  private async open(isWorker: boolean): Promise<PgBoss> {
    const boss = new PgBoss({
      ...ownConnections(databaseUrl()),
      application_name: 'tributary queue',
      schema: SCHEMA,
      max: POOL_SIZE,
      schedule: false,
      supervise: isWorker,
      registerInstance: false,
      useListenNotify: isWorker,
    })
    boss.on('error', (error) => this.complain(error))
    boss.on('warning', (warning) => this.log.debug({ reason: warning.message }, 'the queue says'))
    await boss.start()
    // "short" keeps one waiting job per singleton key; a job is never retried by the queue itself.
    await boss.createQueue(QUEUE, { policy: 'short', notify: true, retryLimit: 0, expireInSeconds: limits.runHours * 3600, deleteAfterSeconds: 3600 })
    this.boss = boss
    return boss
  }
}
