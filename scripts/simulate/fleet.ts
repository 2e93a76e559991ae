import type { ErrorView } from '../../lib/core/errors'
import { limits } from '../../lib/core/limits'
import { renewLease, type ClaimedRun } from '../../lib/db/run-lease'
import type { SyncReport } from '../../lib/pipeline/types'
import { settleCompleted, settleFailed } from '../../lib/syncs/settle-run'
import { startDueSyncsByTurns } from '../../lib/syncs/start-due-syncs'
import { takeOverDeadRunsByTurns } from '../../lib/syncs/take-over-dead-runs'
import { takeRun } from '../../lib/syncs/take-run'
import { pauseSeconds } from '../../worker/loop'
import type { Agenda } from './agenda'
import type { Measures } from './measures'
import type { Random } from './random'
import type { SimJobs, TakenJob } from './sim-jobs'
import type { VirtualDatabase } from './virtual-database'
import type { SimSchema, World } from './world'

const BEAT_SECONDS = 20
const NOTIFY_SECONDS = 0.02
const POLL_SECONDS = 5
const REPLACED_AFTER_SECONDS = 20

const away: ErrorView = { code: 'unreachable', title: 'The source is away', isRetryable: true }
const refused: ErrorView = { code: 'credentials', title: 'The source refused', isRetryable: false }

interface SimWorker {
  name: string
  isAlive: boolean
  /** Places that are free. */
  idle: number
}

/** Workers on a virtual clock: what they do between a sync's beginning and its end is time alone, everything else is the product's. */
export class Fleet {
  private readonly workers: SimWorker[] = []
  private isLookPlanned = false
  private idle = 0
  private idleSince: number
  private readonly onOf = new Map<string, number>()
  private born = 0

  constructor(private readonly world: World, private readonly agenda: Agenda, private readonly database: VirtualDatabase, private readonly jobs: SimJobs, private readonly random: Random, private readonly measures: Measures) {
    this.idleSince = agenda.now
    jobs.onSent = (requests) => {
      const due = requests.filter((request) => !request.notBefore)
      if (due.length) this.planLook(NOTIFY_SECONDS)
      if (due.length) this.measures.idleLooks += Math.max(0, this.idle - due.length)
      // a job that waits is seen by the next poll of somebody
      for (const { notBefore } of requests) if (notBefore) this.agenda.in(Math.max(0, (notBefore.getTime() - agenda.now) / 1_000) + POLL_SECONDS * this.random.next(), () => this.look())
    }
  }

  start(workers: number, deathEverySeconds: number): void {
    for (let number = 0; number < workers; number++) this.join()
    const die = async () => {
      this.kill()
      this.agenda.in(this.random.exponential(deathEverySeconds), die)
    }
    this.agenda.in(this.random.exponential(deathEverySeconds), die)
  }

  /** The seconds of places until now are counted. */
  count(): void {
    const seconds = (this.agenda.now - this.idleSince) / 1_000
    this.measures.idleLooks += (this.idle * seconds) / POLL_SECONDS
    this.measures.placeSeconds += this.workers.filter((worker) => worker.isAlive).length * limits.runsAtOnce * seconds
    this.idleSince = this.agenda.now
  }

  private join(): void {
    this.count()
    const worker: SimWorker = { name: `worker ${this.born++}`, isAlive: true, idle: limits.runsAtOnce }
    this.workers.push(worker)
    this.idle += worker.idle
    this.loop(worker, limits.scheduleEverySeconds, () => this.standing(startDueSyncsByTurns))
    this.loop(worker, limits.takeOverEverySeconds, async () => void (this.measures.takenOver += await this.standing(takeOverDeadRunsByTurns)))
    this.planLook(0)
  }

  /** What it costs to find that there is nothing to do is a cost of the worker, not of a sync. */
  private async standing(pass: () => Promise<number>): Promise<number> {
    const before = this.database.counted()
    const found = await pass()
    if (!found) this.measures.standing += this.database.counted() - before
    return found
  }

  private loop(worker: SimWorker, everySeconds: number, task: () => Promise<unknown>): void {
    const pass = async () => {
      if (!worker.isAlive) return
      await task()
      this.agenda.in(pauseSeconds(everySeconds, this.random.next()), pass)
    }
    this.agenda.in(this.random.next() * everySeconds, pass)
  }

  private kill(): void {
    this.count()
    const at = this.random.below(this.workers.length)
    const [worker] = this.workers.splice(at, 1)
    worker!.isAlive = false
    this.idle -= worker!.idle
    this.measures.deaths++
    this.agenda.in(REPLACED_AFTER_SECONDS, async () => this.join())
  }

  private planLook(seconds: number): void {
    if (this.isLookPlanned) return
    this.isLookPlanned = true
    this.agenda.in(seconds, () => this.look())
  }

  /** Whoever has a free place takes jobs, until there are none. */
  private async look(): Promise<void> {
    this.isLookPlanned = false
    while (this.idle > 0) {
      const before = this.database.counted()
      const job = await this.jobs.take()
      if (!job) return void (this.measures.standing += this.database.counted() - before)
      await this.begin(job, this.idleWorker())
    }
  }

  private idleWorker(): SimWorker {
    const free = this.workers.filter((worker) => worker.idle > 0)
    return free[this.random.below(free.length)]!
  }

  private async begin(job: TakenJob, worker: SimWorker): Promise<void> {
    const run = await takeRun(job.runId, worker.name)
    if (!run) {
      this.measures.refused++
      return this.jobs.done(job)
    }
    this.occupy(worker, 1)
    const schema = this.world.schemas.get(run.schemaId)!
    await this.note(run, schema)
    this.countOn(run, 1)
    const seconds = schema.seconds * (0.7 + 0.6 * this.random.next())
    for (let at = BEAT_SECONDS; at < seconds; at += BEAT_SECONDS) this.agenda.in(at, () => this.beat(worker, run))
    this.agenda.in(seconds, () => this.end(worker, run, schema, job, seconds))
  }

  private async note(run: ClaimedRun, schema: SimSchema): Promise<void> {
    this.measures.attempts++
    this.measures.started(this.agenda.now)
    if (run.attempt > 1) return void this.measures.retries++
    this.measures.wait(schema, (this.agenda.now - schema.nextRunAt) / 1_000)
    await this.readDue(schema)
  }

  private async readDue(schema: SimSchema): Promise<void> {
    const [row] = await this.database.query<{ next: Date | null }>('SELECT "nextRunAt" AS next FROM "SourceSchema" WHERE "id" = $1', [schema.id])
    schema.nextRunAt = row?.next?.getTime() ?? Infinity
  }

  private async beat(worker: SimWorker, run: ClaimedRun): Promise<void> {
    if (worker.isAlive) await renewLease(run, limits.leaseSeconds, { step: 'extract', rowsRead: 1, bytesRead: 1, rowsExpected: null, pace: null })
  }

  private async end(worker: SimWorker, run: ClaimedRun, schema: SimSchema, job: TakenJob, seconds: number): Promise<void> {
    this.countOn(run, -1)
    if (!worker.isAlive) return
    this.measures.busySeconds += seconds
    if (schema.isBroken) await settleFailed(run, refused, () => {})
    else if (this.random.next() < schema.flaky) await settleFailed(run, away, () => {})
    else if ((await settleCompleted(run, schema, report, new Date(this.agenda.now))) === 'completed') this.measures.completed++
    if (schema.isBroken) this.measures.failures++
    // due while its run was on: that one is left out, as it should be
    if (schema.nextRunAt < this.agenda.now) await this.readDue(schema)
    await this.jobs.done(job)
    this.occupy(worker, -1)
    await this.look()
  }

  private occupy(worker: SimWorker, places: 1 | -1): void {
    this.count()
    worker.idle -= places
    this.idle -= places
  }

  /** How many of a source and of a workspace are on, those of dead workers as long as they would have lasted. */
  private countOn(run: ClaimedRun, change: 1 | -1): void {
    for (const id of [run.sourceId, run.workspaceId]) this.onOf.set(id, (this.onOf.get(id) ?? 0) + change)
    this.measures.mostOfSource = Math.max(this.measures.mostOfSource, this.onOf.get(run.sourceId)!)
    this.measures.mostOfWorkspace = Math.max(this.measures.mostOfWorkspace, this.onOf.get(run.workspaceId)!)
  }
}

const report = { version: 1, rowsRead: 1, bytes: 1 } as SyncReport // the end of a run keeps it and reads these three
