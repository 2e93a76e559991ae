import { performance } from 'node:perf_hooks'
import type { Ticket } from './evidence'
import { RateController, type RateOptions } from './rate-controller'
import { rounded } from './rounded'

/** Permission to send one request now. Exactly one of its methods is called, once its outcome is known. */
export interface Turn {
  /** For how long it was waited, in milliseconds. */
  waitedMs: number
  passed(): void
  /** Refused because there were too many: all requests of the account pause. */
  refused(pauseMs: number): void
  /** It tells nothing about the limit. `isStrained`: the service could not cope. */
  failed(isStrained: boolean): void
}

interface Waiter {
  since: number
  hasWaited: boolean
  serve(turn: Turn): void
}

const PACE_WINDOW_MS = 5_000
/** Told of a limit again when it has moved by so much. */
const NEWS = 0.05

/** The queue in front of one account of a service: requests go in the order in which they came, at the pace that the controller finds. */
export class RateLimiter {
  private readonly controller: RateController
  private readonly again = new Set<Waiter>()
  private readonly first = new Set<Waiter>()
  private timer: NodeJS.Timeout | undefined
  private immediate: NodeJS.Immediate | undefined
  private passedAt: number[] = []
  private toldLimit: number | undefined
  /** Told of the limit when it is found and when it has moved, in requests a second. */
  readonly onLimit = new Set<(perSecond: number) => void>()

  constructor(options: RateOptions) {
    this.controller = new RateController(options)
  }

  /** Where the search may go from now on. */
  bound(bounds: Pick<RateOptions, 'mostPerSecond' | 'concurrency'>): void {
    this.controller.bound(bounds)
    this.serve()
  }

  /** Resolves when it is one's turn. A request that repeats one (`isAgain`) goes before those that were not sent yet. Rejects with the signal's reason as soon as it is aborted. */
  turn(isAgain: boolean, signal: AbortSignal): Promise<Turn> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const queue = isAgain ? this.again : this.first
      const leave = (): void => {
        queue.delete(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        since: performance.now(),
        hasWaited: false,
        serve: (turn) => {
          queue.delete(waiter)
          signal.removeEventListener('abort', leave)
          resolve(turn)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      queue.add(waiter)
      this.serve()
      waiter.hasWaited = true
    })
  }

  /** Everybody pauses, without a refusal for the number of requests. */
  pause(ms: number): void {
    this.controller.pause(performance.now() + ms)
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.again.size + this.first.size
  }

  /** "98 of about 100 requests a second"; null before anything is known. */
  pace(): string | null {
    const { limit } = this.controller
    const now = performance.now()
    const lately = this.passedAt.filter((at) => at > now - PACE_WINDOW_MS)
    if (lately.length < 2) return limit === null ? null : `0 of about ${rounded(limit)} requests a second`
    const seconds = Math.max(now - (lately[0] ?? now), 1000) / 1000
    return limit === null ? `${rounded(lately.length / seconds)} requests a second` : `${rounded(Math.min(lately.length / seconds, limit))} of about ${rounded(limit)} requests a second`
  }

  private serve(): void {
    clearTimeout(this.timer)
    clearImmediate(this.immediate)
    for (;;) {
      const waiter = next(this.again) ?? next(this.first)
      if (!waiter) return
      const now = performance.now()
      const at = this.controller.nextAt(now)
      if (at > now) {
        this.wait(at - now)
        return
      }
      waiter.serve(this.turnOf(this.controller.sent(now, waiter.hasWaited), now - waiter.since))
    }
  }

  /** Infinity: an answer goes on. */
  private wait(ms: number): void {
    if (ms === Infinity) return
    // timers are up to a millisecond late, which a service that lets no burst pass makes nobody regain
    const isExact = this.controller.isExact
    if (isExact && ms < 2) this.immediate = setImmediate(() => this.serve())
    else this.timer = setTimeout(() => this.serve(), isExact ? ms - 1 : ms)
  }

  private turnOf(ticket: Ticket, waitedMs: number): Turn {
    return {
      waitedMs,
      passed: () => {
        const now = performance.now()
        this.passedAt.push(now)
        if (this.passedAt.length > 10_000) this.passedAt = this.passedAt.filter((at) => at > now - PACE_WINDOW_MS)
        this.controller.passed(ticket, now)
        this.goOn()
      },
      refused: (pauseMs) => {
        this.controller.refused(ticket, performance.now(), pauseMs)
        this.goOn()
      },
      failed: (isStrained) => {
        this.controller.failed(ticket, performance.now(), isStrained)
        this.goOn()
      },
    }
  }

  private goOn(): void {
    const { limit } = this.controller
    if (limit !== null && Math.abs(limit / (this.toldLimit ?? 0) - 1) > NEWS) {
      this.toldLimit = limit
      for (const tell of this.onLimit) tell(limit)
    }
    this.serve()
  }
}

function next(queue: Set<Waiter>): Waiter | undefined {
  return queue.values().next().value
}
