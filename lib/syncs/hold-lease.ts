import { setTimeout as wait } from 'node:timers/promises'
import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { renewLease, type Lease } from '@/lib/db/run-lease'
import type { Progress } from '@/lib/pipeline/types'

/** Why a run is stopped before its end. */
export type StopReason = 'cancelled' | 'lost' | 'shutdown' | 'timeout'

const TICK_MS = 1_000

/**
 * The heartbeat of a run: renews its lease, writes its progress about once a second while it moves, and stops the run
 * when that was asked for, when the lease is gone, or when the database was away for longer than the lease lasts (the
 * run may be somebody else's by then).
 */
export class LeaseHolder {
  private progress: Progress | undefined
  private isProgressNew = false
  private lastBeatMs = performance.now()
  private timer: NodeJS.Timeout | undefined
  private beating: Promise<void> | undefined

  constructor(
    private readonly lease: Lease,
    private readonly stop: (reason: StopReason) => void,
  ) {
    this.timer = setInterval(() => void this.tick(), TICK_MS)
  }

  report(progress: Progress): void {
    // A change of step is shown at the next tick like everything else: each write wakes every viewer.
    this.progress = progress
    this.isProgressNew = true
  }

  lastProgress(): Progress | undefined {
    return this.progress
  }

  /** No more heartbeats; one that is on its way is waited for a moment, so that it does not come after the run's end. */
  async release(): Promise<void> {
    clearInterval(this.timer)
    this.timer = undefined
    if (this.beating) await Promise.race([this.beating, wait(TICK_MS, undefined, { ref: false })])
  }

  private async tick(): Promise<void> {
    const restedMs = performance.now() - this.lastBeatMs
    // Also while a heartbeat hangs on a connection that leads nowhere.
    if (restedMs > limits.leaseSeconds * 1_000) this.stop('lost')
    if (this.beating) return
    if (!this.isProgressNew && restedMs < limits.heartbeatSeconds * 1_000 - TICK_MS / 2) return
    this.beating = this.beat().finally(() => (this.beating = undefined))
    await this.beating
  }

  private async beat(): Promise<void> {
    const beganMs = performance.now()
    this.isProgressNew = false
    try {
      const { step = null, rowsRead = 0, bytesRead = 0, rowsExpected = null, pace = null } = this.progress ?? {}
      const answer = await renewLease(this.lease, limits.leaseSeconds, { step, rowsRead, bytesRead, rowsExpected, pace })
      if (!answer) return this.stop('lost')
      this.lastBeatMs = beganMs
      if (answer.isCancelRequested) this.stop('cancelled')
    } catch (error) {
      this.isProgressNew = true
      logger('sync').warn({ err: error, runId: this.lease.runId }, 'a heartbeat did not reach the database')
    }
  }
}
