import { toErrorView } from '@/lib/core/errors'
import { metrics } from '@/lib/core/metrics'
import type { RunScope } from '@/lib/core/run-scope'
import { startRunSpan, type Facts, type RunSpan } from '@/lib/core/traces'
import type { ClaimedRun } from '@/lib/db/run-lease'
import type { SyncReport } from '@/lib/pipeline/types'
import type { RunOutcome } from './settle-run'

/** What became of an attempt: a report, the code of what failed, or neither where it was merely stopped. */
export interface Measured {
  report?: SyncReport
  code?: string
}

/** Measures one attempt of a run, for Prometheus and OpenTelemetry where somebody asks for it. The run does not depend on it. */
export class RunTelemetry implements RunScope {
  readonly runId: string
  private connector = 'unknown'
  private readonly beganMs = performance.now()
  private readonly stepSeconds = new Map<string, number>()
  private readonly read = { rowsRead: 0, bytesRead: 0 }
  private readonly span: RunSpan | undefined
  private facts: Facts = {}

  constructor({ runId, trigger, attempt, isFull }: ClaimedRun) {
    this.runId = runId
    this.span = startRunSpan({ 'tributary.run_id': runId, 'tributary.trigger': trigger, 'tributary.attempt': attempt, 'tributary.full': isFull })
    metrics()?.runsInFlight.inc()
  }

  reads(connector: string, method: string | null): void {
    this.connector = connector
    this.facts = { 'tributary.connector': connector, ...(method === null ? {} : { 'tributary.method': method }) }
  }

  beginStep(step: string): (error?: unknown) => void {
    const beganMs = performance.now()
    const end = this.span?.step(step)
    return (error) => {
      this.stepSeconds.set(step, (this.stepSeconds.get(step) ?? 0) + secondsSince(beganMs))
      end?.(error === undefined ? undefined : toErrorView(error).code)
    }
  }

  /** Counted while it goes on. A read that begins again counts again: its rows did come twice. */
  progress({ rowsRead, bytesRead }: { rowsRead: number; bytesRead: number }): void {
    const { connector, read } = this
    const counted = metrics()
    counted?.rowsRead.inc({ connector }, rowsRead < read.rowsRead ? rowsRead : rowsRead - read.rowsRead)
    counted?.bytesRead.inc({ connector }, bytesRead < read.bytesRead ? bytesRead : bytesRead - read.bytesRead)
    Object.assign(read, { rowsRead, bytesRead })
  }

  end(outcome: RunOutcome, { report, code }: Measured): void {
    if (report && report.rowsRead >= this.read.rowsRead && report.bytes >= this.read.bytesRead) this.progress({ rowsRead: report.rowsRead, bytesRead: report.bytes })
    const { connector } = this
    const counted = metrics()
    counted?.runsInFlight.dec()
    counted?.runs.inc({ connector, outcome })
    if (report?.held) counted?.heldVersions.inc({ connector })
    if (report?.proof) counted?.proofs.inc({ connector, outcome: report.proof.outcome })
    if (code !== undefined) counted?.failures.inc({ connector, code })
    counted?.runSeconds.observe({ connector }, secondsSince(this.beganMs))
    for (const [step, seconds] of this.stepSeconds) counted?.stepSeconds.observe({ step }, seconds)
    const { rowsRead, bytesRead } = this.read
    const changes: Facts = report ? { 'tributary.rows_inserted': report.inserted, 'tributary.rows_updated': report.updated, 'tributary.rows_deleted': report.deleted, 'tributary.version': report.version } : {}
    this.span?.end({ ...this.facts, 'tributary.outcome': outcome, 'tributary.rows_read': rowsRead, 'tributary.bytes_read': bytesRead, ...changes }, code)
  }
}

function secondsSince(beganMs: number): number {
  return (performance.now() - beganMs) / 1_000
}
