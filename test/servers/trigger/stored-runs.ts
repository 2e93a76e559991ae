export type RunStatus = 'PENDING_VERSION' | 'DELAYED' | 'QUEUED' | 'EXECUTING' | 'COMPLETED' | 'CANCELED' | 'FAILED' | 'CRASHED' | 'SYSTEM_FAILURE' | 'EXPIRED' | 'TIMED_OUT'

export interface TriggerOptions {
  idempotencyKey?: string
  concurrencyKey?: string
  delay?: string
  ttl?: string | number
  tags?: string | string[]
}

export interface StoredRun {
  id: string
  taskId: string
  payload: unknown
  status: RunStatus
  options: TriggerOptions
  tags: string[]
  createdAt: number
  /** Since when it waits for a machine: after its delay. */
  queuedAt: number
  startedAt: number | undefined
  finishedAt: number | undefined
  metadata: unknown
}

const WAITING: RunStatus[] = ['DELAYED', 'QUEUED', 'PENDING_VERSION']
const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The runs that the server holds, on a clock that tests turn. A machine is played by whoever calls `take`. */
export class StoredRuns {
  /** The tasks that are deployed; a run of another one waits for its version, and is taken all the same. */
  readonly deployed = new Set(['run-sync'])
  private readonly runs = new Map<string, StoredRun>()
  private shiftMs = 0

  now(): number {
    return Date.now() + this.shiftMs
  }

  pass(seconds: number): void {
    this.shiftMs += seconds * 1_000
  }

  all(): StoredRun[] {
    this.keepTime()
    return [...this.runs.values()]
  }

  find(id: string): StoredRun | undefined {
    this.keepTime()
    return this.runs.get(id)
  }

  /** A key that was used before gives the run of then, whatever became of it: the strictest reading of the contract. */
  trigger(taskId: string, payload: unknown, options: TriggerOptions): { id: string; isCached: boolean } {
    const known = options.idempotencyKey ? this.all().find((run) => run.taskId === taskId && run.options.idempotencyKey === options.idempotencyKey) : undefined
    if (known) return { id: known.id, isCached: true }
    const id = `run_${String(this.runs.size + 1).padStart(21, '0')}`
    const now = this.now()
    const dueAt = options.delay ? Date.parse(options.delay) : now
    const status = dueAt > now ? 'DELAYED' : this.statusWhenDue(taskId)
    const tags = options.tags === undefined ? [] : [options.tags].flat()
    this.runs.set(id, { id, taskId, payload, status, options, tags, createdAt: now, queuedAt: Math.max(now, dueAt), startedAt: undefined, finishedAt: undefined, metadata: undefined })
    return { id, isCached: false }
  }

  /** Runs that waited for this task wait for a machine now. */
  deploy(taskId: string): void {
    this.deployed.add(taskId)
    for (const run of this.runs.values()) if (run.status === 'PENDING_VERSION' && run.taskId === taskId) run.status = 'QUEUED'
  }

  /** The oldest run that may begin: one at a time of each concurrency key. */
  take(): StoredRun | undefined {
    const runs = this.all()
    const busy = new Set(runs.filter((run) => run.status === 'EXECUTING').map((run) => run.options.concurrencyKey))
    const next = runs.filter((run) => run.status === 'QUEUED' && !busy.has(run.options.concurrencyKey)).sort((a, b) => a.queuedAt - b.queuedAt)[0]
    if (next) Object.assign(next, { status: 'EXECUTING', startedAt: this.now() })
    return next
  }

  /** What the dashboard, the machine or time does to a run. One that is over stays as it is. */
  end(id: string, status: RunStatus): void {
    const run = this.runs.get(id)
    if (run && run.finishedAt === undefined) Object.assign(run, { status, finishedAt: this.now() })
  }

  private statusWhenDue(taskId: string): RunStatus {
    return this.deployed.has(taskId) ? 'QUEUED' : 'PENDING_VERSION'
  }

  private keepTime(): void {
    for (const run of this.runs.values()) {
      if (run.status === 'DELAYED' && run.queuedAt <= this.now()) run.status = this.statusWhenDue(run.taskId)
      const ttlMs = durationMs(run.options.ttl)
      if (run.status === 'QUEUED' && ttlMs && run.queuedAt + ttlMs <= this.now()) this.end(run.id, 'EXPIRED')
    }
  }
}

export function isWaiting({ status }: StoredRun): boolean {
  return WAITING.includes(status)
}

function durationMs(text: string | number | undefined): number {
  if (typeof text === 'number') return text * 1_000
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text ?? '') ?? []
  return count && unit ? Number(count) * UNIT_MS[unit]! : 0
}
