import { isFilesConnector } from '@/lib/connectors/contract'
import { AppError, type ErrorView } from '@/lib/core/errors'
import { formatCount } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { inRunScope, inStep } from '@/lib/core/run-scope'
import type { ClaimedRun } from '@/lib/db/run-lease'
import { findRun } from '@/lib/db/runs'
import type { SchemaRow } from '@/lib/db/schemas'
import { findSnapshot } from '@/lib/db/versions'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import type { Progress, SyncJob, SyncReport } from '@/lib/pipeline/types'
import { renewDeletionVector } from '@/lib/warehouse/query/deletion-vectors'
import { blotError, secretBlotter } from './blot-secrets'
import { heldWords } from './held-schema'
import { LeaseHolder, type StopReason } from './hold-lease'
import { openSource, type OpenSource } from './open-source'
import { RunLogWriter } from './run-log-writer'
import { RunTelemetry, type Measured } from './run-telemetry'
import { settleCancelled, settleCompleted, settleFailed, settleReleased, viewOf, type RunOutcome } from './settle-run'
import { syncFiles } from './sync-files'
import { discoverSchema, schemaOfRun, syncJob } from './sync-job'
import { takeRun } from './take-run'

export type { RunOutcome } from './settle-run'

export interface RunSyncOptions {
  /** Who holds the lease, for people who look: host, process, purpose. */
  owner: string
  /** Aborted when the worker shuts down: the run goes back into the queue and the attempt does not count. */
  signal?: AbortSignal
  /** Set where a queue outside executes the run. */
  outside?: OutsideExecution
}

export interface OutsideExecution {
  externalRunId: string
  /** Aborted when somebody cancels the run over there: it ends cancelled here. */
  cancelled: AbortSignal
  onProgress(progress: Progress): void
  /** Why this machine cannot do the work; the run fails with it. */
  obstacle?: AppError
}

/**
 * Execute one run, if it is to be had: take its lease, discover its schema afresh, run the pipeline, and write down
 * how it ended; then have queries find the new version as fast as the one before it. Never throws for a failure of the sync itself: that is kept in the run's row. `busy`: somebody else has
 * it, it is not due, it is over, or it waits for a place. `lost`: the lease went to somebody else in the middle. `retry`: it waits in the queue again.
 */
export async function runSync(runId: string, { owner, signal, outside }: RunSyncOptions): Promise<RunOutcome> {
  const run = await takeRun(runId, owner, outside?.externalRunId)
  if (!run) return 'busy'
  const telemetry = new RunTelemetry(run)
  const outcome = await inRunScope(telemetry, () => new Execution(run, outside, telemetry).toEnd(signal))
  if (outcome === 'completed') await renewDeletionVector(run.schemaId, () => findSnapshot(run.workspaceId, run.schemaId))
  return outcome
}

/** `off`: its schema was switched off meanwhile. */
type Ended = { report: SyncReport; schema: SchemaRow } | { error: ErrorView } | 'off'

class Execution {
  private readonly stopper = new AbortController()
  private stopReason: StopReason | undefined
  private readonly lease: LeaseHolder
  private blot = (text: string): string => text
  private readonly log: RunLogWriter

  constructor(private readonly run: ClaimedRun, private readonly outside: OutsideExecution | undefined, private readonly telemetry: RunTelemetry) {
    this.lease = new LeaseHolder(run, (reason) => this.stop(reason))
    this.log = new RunLogWriter(run, (text) => this.blot(text))
  }

  async toEnd(shutdown: AbortSignal | undefined): Promise<RunOutcome> {
    const clock = setTimeout(() => this.stop('timeout'), limits.runHours * 3_600_000)
    const unhear = [this.stopWhen(shutdown, 'shutdown'), this.stopWhen(this.outside?.cancelled, 'cancelled')]
    // what cannot even be written down is somebody else's soon
    let [outcome, measured]: [RunOutcome, Measured] = ['lost', {}]
    try {
      const ended = await this.attempt()
      measured = this.measuredOf(ended)
      await this.log.flush()
      await this.lease.release()
      outcome = await this.settle(ended)
      return outcome
    } finally {
      this.telemetry.end(outcome, measured)
      clearTimeout(clock)
      for (const done of unhear) done()
      await this.lease.release()
      await this.log.flush()
    }
  }

  private stopWhen(signal: AbortSignal | undefined, reason: StopReason): () => void {
    const onAbort = () => this.stop(reason)
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    return () => signal?.removeEventListener('abort', onAbort)
  }

  /** The first reason counts. */
  private stop(reason: StopReason): void {
    if (this.stopReason) return
    this.stopReason = reason
    this.stopper.abort(new AppError('cancelled', { title: `The sync was stopped: ${reason}` }))
  }

  private async attempt(): Promise<Ended> {
    try {
      await this.log.open()
      if (this.outside?.obstacle) throw this.outside.obstacle
      const schema = await schemaOfRun(this.run)
      if (this.run.trigger === 'schedule' && !schema.enabled) return 'off'
      const source = await openSource(this.run.workspaceId, this.run.sourceId)
      this.blot = secretBlotter(source.connector, source.config)
      return { report: await this.sync(schema, source), schema }
    } catch (error) {
      return { error: blotError(viewOf(error, this.run.runId), this.blot) }
    }
  }

  private async sync(schema: SchemaRow, source: OpenSource): Promise<SyncReport> {
    const { signal } = this.stopper
    this.telemetry.reads(source.connector.id, schema.method)
    this.log.say('info', `Sync of ${schema.name} from ${source.source.name} into ${schema.tableName}, ${this.run.trigger}, attempt ${this.run.attempt}`)
    const hooks: Pick<SyncJob, 'signal' | 'onProgress' | 'log'> = {
      signal,
      onProgress: (progress) => {
        this.lease.report(progress)
        this.telemetry.progress(progress)
        this.outside?.onProgress(progress)
      },
      log: (level, message) => this.log.say(level, message),
    }
    if (isFilesConnector(source.connector)) return syncFiles(this.run, schema, source, hooks)
    const discovered = await inStep('discover', () => discoverSchema(schema, source, signal))
    signal.throwIfAborted()
    return runPipeline(syncJob(this.run, schema, discovered, source, hooks))
  }

  private async settle(ended: Ended): Promise<RunOutcome> {
    if (ended === 'off') return settleCancelled(this.run)
    // A sync that was committed is completed, also when it was asked to stop meanwhile.
    if ('report' in ended) {
      this.log.say('info', completedLine(ended.report))
      return settleCompleted(this.run, ended.schema, ended.report)
    }
    switch (this.stopReason) {
      case 'lost':
        return 'lost'
      case 'cancelled':
        this.log.say('info', 'Cancelled; the table stays as it was')
        return settleCancelled(this.run)
      case 'shutdown':
        this.log.say('info', 'The worker shuts down; the run waits for the next one')
        return settleReleased(this.run)
      case 'timeout':
        return this.fail({ code: 'timeout', title: `The sync took longer than ${limits.runHours} hours`, advice: 'Choose fewer columns, or incremental with a replication key; then sync again', isRetryable: false })
      default:
        if (ended.error.code === 'lease_lost') return 'lost'
        // The commit hears of a cancellation before the next heartbeat does.
        if (ended.error.code === 'cancelled') return this.settleIfCancelled(ended.error)
        return this.fail(ended.error)
    }
  }

  private async settleIfCancelled(error: ErrorView): Promise<RunOutcome> {
    const run = await findRun(this.run.workspaceId, this.run.runId)
    return run?.isCancelRequested ? settleCancelled(this.run) : this.fail(error)
  }

  private measuredOf(ended: Ended): Measured {
    if (ended === 'off') return {}
    if ('report' in ended) return { report: ended.report }
    if (this.stopReason === 'timeout') return { code: 'timeout' }
    return this.stopReason || ended.error.code === 'cancelled' ? {} : { code: ended.error.code }
  }

  private fail(error: ErrorView): Promise<RunOutcome> {
    this.log.say('error', [error.title, error.detail, error.advice].filter(Boolean).join('. '))
    return settleFailed(this.run, error, (message) => this.log.say('info', message))
  }
}

function completedLine({ rowsRead, inserted, updated, deleted, version, held }: SyncReport): string {
  if (held) return `Waiting for somebody to decide: ${formatCount(rowsRead)} rows read. ${heldWords(held)}; the table stays at version ${version}`
  return `Completed: ${formatCount(rowsRead)} rows read, ${formatCount(inserted)} inserted, ${formatCount(updated)} updated, ${formatCount(deleted)} deleted; version ${version}`
}
