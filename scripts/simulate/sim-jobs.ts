import { PgBoss } from 'pg-boss'
import { databaseUrl } from '../../lib/db/client'
import type { JobRequest, LocalJobs } from '../../lib/jobs/jobs-driver'
import { RunSyncPayload, runSyncTaskId } from '../../lib/jobs/payloads'
import { PgBossDriver } from '../../lib/jobs/pg-boss-driver'

export interface TakenJob {
  id: string
  runId: string
}

/** The embedded queue without its own timers: the simulation says when somebody looks. Sending, the order of taking and ending a job are the queue's. */
export class SimJobs implements LocalJobs {
  readonly place = 'here'
  private readonly driver = new PgBossDriver()
  private boss: PgBoss | undefined
  /** Told of what was sent, as a worker would be by a notification. */
  onSent: (requests: JobRequest[]) => void = () => {}

  async open(): Promise<void> {
    await this.driver.cancel('00000000-0000-7000-8000-000000000000') // it makes its tables and its queue
    this.boss = new PgBoss({ connectionString: databaseUrl(), schema: 'pgboss', max: 1, schedule: false, supervise: false, registerInstance: false })
    await this.boss.start()
  }

  async send(requests: JobRequest[]): Promise<void> {
    await this.driver.send(requests)
    if (requests.length) this.onSent(requests)
  }

  async take(): Promise<TakenJob | null> {
    const [job] = await this.boss!.fetch<RunSyncPayload>(runSyncTaskId, { batchSize: 1 })
    return job ? { id: job.id, runId: RunSyncPayload.parse(job.data).runId } : null
  }

  async done(job: TakenJob): Promise<void> {
    await this.boss!.complete(runSyncTaskId, job.id)
  }

  cancel(runId: string): Promise<void> {
    return this.driver.cancel(runId)
  }

  async work(): Promise<void> {}
  async stopWork(): Promise<void> {}

  async stop(): Promise<void> {
    await this.boss?.stop({ graceful: false })
    await this.driver.stop()
  }
}
