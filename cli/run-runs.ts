import os from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { openTracing } from '@/lib/core/traces'
import { findRun, listActiveRuns, listLastRuns, type RunRow, type RunWish } from '@/lib/db/runs'
import type { SchemaRow } from '@/lib/db/schemas'
import type { SyncReport } from '@/lib/pipeline/types'
import { cancelSync } from '@/lib/syncs/cancel-sync'
import { runSync } from '@/lib/syncs/run-sync'
import { startSync } from '@/lib/syncs/start-sync'

const LOOK_EVERY_MS = 300

/** How the sync of one schema ended. */
export interface SchemaOutcome {
  schema: SchemaRow
  runId: string | null
  status: 'completed' | 'failed' | 'cancelled'
  report: SyncReport | null
  error: ErrorView | null
}

type Ended = SchemaOutcome & { did: RunWish }

/** Of a run that is gone: nothing is asked for again. */
const NOTHING_MORE: RunWish = { isFull: true, isVerify: true, isRepair: true }

function isGranted(wish: RunWish, did: RunWish): boolean {
  return (!wish.isFull || did.isFull) && (!wish.isVerify || did.isVerify === true || did.isRepair === true) && (!wish.isRepair || did.isRepair === true)
}

/** What is to be seen of a run while it is on. */
export type Watch = (schema: SchemaRow, run: RunRow) => void

/**
 * Sync schemas in this process, some at once, so that no server is needed. A run that is active elsewhere is followed by
 * its row; should its worker die, it is taken over here. When the signal aborts, the runs of this process are cancelled;
 * those of others go on.
 */
export class Runs {
  private readonly owner = `command line ${process.pid} on ${os.hostname()}`
  private readonly own = new Set<string>()
  /** Runs that this process executes right now. */
  private readonly executing = new Set<string>()

  constructor(private readonly workspaceId: string, private readonly signal: AbortSignal, private readonly watch: Watch) {}

  async sync(schemas: SchemaRow[], wish: RunWish): Promise<SchemaOutcome[]> {
    await openTracing()
    const { runIds } = await startSync(this.workspaceId, schemas.map((schema) => schema.id), { ...wish, trigger: 'command-line', isEnqueued: false })
    for (const runId of runIds) this.own.add(runId)
    const stop = () => void this.cancelOwn()
    this.signal.addEventListener('abort', stop, { once: true })
    if (this.signal.aborted) stop()
    const outcomes = new Map<string, SchemaOutcome>()
    const waiting = [...schemas]
    const lane = async () => {
      for (let schema = waiting.shift(); schema; schema = waiting.shift()) outcomes.set(schema.id, await this.one(schema, wish))
    }
    try {
      await Promise.all(Array.from({ length: limits.runsAtOnce }, lane))
    } finally {
      this.signal.removeEventListener('abort', stop)
    }
    return schemas.flatMap((schema) => outcomes.get(schema.id) ?? [])
  }

  private async one(schema: SchemaRow, wish: RunWish): Promise<SchemaOutcome> {
    const outcome = await this.toEnd(schema)
    // Somebody's plain sync was on its way: what was asked for comes after it.
    if (isGranted(wish, outcome.did) || this.signal.aborted) return outcome
    const { runIds } = await startSync(this.workspaceId, [schema.id], { ...wish, trigger: 'command-line', isEnqueued: false })
    for (const runId of runIds) this.own.add(runId)
    return this.toEnd(schema)
  }

  private async toEnd(schema: SchemaRow): Promise<Ended> {
    const [found] = [...(await listActiveRuns(this.workspaceId, [schema.id])), ...(await listLastRuns(this.workspaceId, [schema.id]))]
    if (!found) return { schema, runId: null, status: 'cancelled', report: null, error: null, did: NOTHING_MORE }
    for (;;) {
      const execution = this.execute(found.id)
      for (let isOn = true; isOn; ) {
        isOn = await Promise.race([execution.then(() => false), wait(LOOK_EVERY_MS, true)])
        const run = await findRun(this.workspaceId, found.id)
        if (run) this.watch(schema, run)
        if (isOn) continue
        const ended = endOf(schema, run, found.id)
        if (ended) return ended
        if (this.signal.aborted && !this.own.has(found.id)) return { schema, runId: found.id, status: 'cancelled', report: null, error: null, did: NOTHING_MORE }
      }
      await wait(LOOK_EVERY_MS)
    }
  }

  private async execute(runId: string): Promise<void> {
    this.executing.add(runId)
    try {
      await runSync(runId, { owner: this.owner })
    } finally {
      this.executing.delete(runId)
    }
  }

  private async cancelOwn(): Promise<void> {
    await Promise.all([...new Set([...this.own, ...this.executing])].map((runId) => cancelSync(this.workspaceId, runId).catch(() => {}))) // deleted meanwhile
  }
}

/** How a run ended, if it did. One that waits for its next attempt has failed for whoever waits here. */
function endOf(schema: SchemaRow, run: RunRow | null, runId: string): Ended | null {
  if (!run) return { schema, runId, status: 'cancelled', report: null, error: null, did: NOTHING_MORE }
  const { status, error, report, isFull, isVerify, isRepair } = run
  const end = { schema, runId, error, report: report as SyncReport | null, did: { isFull, isVerify, isRepair } }
  if (status === 'completed' || status === 'failed' || status === 'cancelled') return { ...end, status }
  const isRetryLater = status === 'queued' && error !== null && run.notBefore.getTime() > Date.now()
  return isRetryLater ? { ...end, status: 'failed' } : null
}
