import os from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { metrics } from '@/lib/core/metrics'
import { warehouseTotals } from '@/lib/db/queue-load'
import { closeJobs, jobsDriver } from '@/lib/jobs/enqueue'
import type { LocalJobs } from '@/lib/jobs/jobs-driver'
import { pruneHistory } from '@/lib/syncs/prune-history'
import { runSync } from '@/lib/syncs/run-sync'
import { startDueSyncsByTurns } from '@/lib/syncs/start-due-syncs'
import { sweepWarehouse } from '@/lib/syncs/sweep-warehouse'
import { takeOverDeadRunsByTurns } from '@/lib/syncs/take-over-dead-runs'
import { READY, type Readiness } from '@/lib/workspace/readiness'
import { HealthFile } from './health-file'
import { Loop } from './loop'

/** A run that is nearly done may end by itself; then it is asked to stop. `npm start` waits 10 s for all of it. */
const DRAIN_MS = 1_500
const LET_GO_MS = 6_000
const TAKING_JOBS = 'taking jobs'
const SWEEP_EVERY_SECONDS = 3_600
/** What takes longer than this and should take a moment is stuck. */
const LONGEST_PASS_SECONDS = 120

/**
 * One worker process: executes runs, starts what is due, takes over what dead workers left, and sweeps. Where Trigger.dev executes
 * the runs it takes none, and does the rest all the same: a project whose tasks are not deployed would never say so by itself.
 */
export class Worker {
  private readonly owner = `worker ${process.pid} on ${os.hostname()}`
  private readonly shutdown = new AbortController()
  private readonly running = new Set<Promise<void>>()
  private readonly health = new HealthFile()
  private readonly log = logger('worker')
  private loops: Loop[] = []
  private isEnding = false

  async start(): Promise<void> {
    this.health.write(this.owner, 0)
    const driver = jobsDriver()
    this.loops = [
      ...(driver.place === 'here' ? [new Loop(TAKING_JOBS, 5, () => this.takeJobs(driver), LONGEST_PASS_SECONDS)] : []),
      new Loop('starting due syncs', limits.scheduleEverySeconds, () => startDueSyncsByTurns(), LONGEST_PASS_SECONDS),
      new Loop('taking over dead runs', limits.takeOverEverySeconds, () => this.takeOver(), LONGEST_PASS_SECONDS),
      new Loop('sweeping', SWEEP_EVERY_SECONDS, () => this.sweep()),
    ]
    this.log.info({ owner: this.owner }, driver.place === 'here' ? 'the worker is ready' : 'the worker is ready; Trigger.dev executes the runs')
  }

  /** Does it do its work? The sweep may take its time, and its failures are in the log. */
  readiness(): Readiness {
    if (this.isEnding) return { worker: 'is ending' }
    if (!this.loops.length) return { worker: 'is starting' }
    return Object.fromEntries(this.loops.flatMap((loop) => (loop.longestSeconds === undefined ? [] : [[loop.name, this.troubleOf(loop) ?? READY]])))
  }

  private troubleOf(loop: Loop): string | undefined {
    return loop.trouble ?? (loop.name === TAKING_JOBS && !this.isTakingJobs ? 'is starting' : undefined)
  }

  /** No new runs; those that are on end, or go back into the queue. */
  async stop(): Promise<void> {
    this.isEnding = true
    const loops = Promise.all(this.loops.map((loop) => loop.stop()))
    const driver = jobsDriver()
    if (driver.place === 'here') await driver.stopWork()
    await this.settled(DRAIN_MS)
    this.shutdown.abort()
    await this.settled(LET_GO_MS)
    if (this.running.size) this.log.warn({ runs: this.running.size }, 'runs did not stop in time; their leases expire and the next worker takes them over')
    await Promise.race([loops, wait(1_000, undefined, { ref: false })])
    await closeJobs()
    this.health.remove()
  }

  private isTakingJobs = false

  private async takeJobs(jobs: LocalJobs): Promise<void> {
    if (this.isTakingJobs || this.shutdown.signal.aborted) return
    await jobs.work((runId) => this.execute(runId), { atOnce: limits.runsAtOnce })
    this.isTakingJobs = true
  }

  private async execute(runId: string): Promise<void> {
    const run = this.attempt(runId)
    this.running.add(run)
    await run
    this.running.delete(run)
  }

  private async attempt(runId: string): Promise<void> {
    try {
      const outcome = await runSync(runId, { owner: this.owner, signal: this.shutdown.signal })
      this.log.debug({ runId, outcome }, 'run tried')
    } catch (error) {
      this.log.error({ err: error, runId }, 'a run was left in the middle; its lease expires and it is taken over')
    }
  }

  private async takeOver(): Promise<void> {
    this.health.write(this.owner, this.running.size)
    const count = await takeOverDeadRunsByTurns()
    metrics()?.runsTakenOver.inc(count)
    if (count) this.log.warn({ runs: count }, 'runs of dead workers taken over')
  }

  private async sweep(): Promise<void> {
    const { files, bytes } = await sweepWarehouse()
    if (files) this.log.info({ files, bytes }, 'swept files that no version needs')
    await pruneHistory()
    await this.measureWarehouse()
  }

  private async measureWarehouse(): Promise<void> {
    const counted = metrics()
    if (!counted) return
    const totals = await warehouseTotals()
    counted.warehouseFiles.set(totals.files)
    counted.warehouseBytes.set(totals.bytes)
  }

  private async settled(withinMs: number): Promise<void> {
    const deadline = new AbortController()
    await Promise.race([Promise.all(this.running), wait(withinMs, undefined, { signal: deadline.signal }).catch(() => {})])
    deadline.abort()
  }
}
