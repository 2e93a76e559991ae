import { AppError } from '@/lib/core/errors'
import type { WireAnswer } from './exchange'
import { WireFailure } from './failure'
import type { HttpRequest, Patience } from './types'

/** Answers that another attempt may better: too slow, too early, too many, and what a server or something before it failed at. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
const FIRST_PAUSE_MS = 500

export type Outcome = { answer: WireAnswer } | { error: unknown }

/** The attempts of one request: whether there is another one, and after which pause. */
export class Repeats {
  private count = 0
  private spentMs = 0

  constructor(
    private readonly request: HttpRequest,
    private readonly patience: Patience,
  ) {}

  get attempts(): number {
    return this.count
  }

  /**
   * Milliseconds until the next attempt; null when this was the last. The pause is chance up to a bound that doubles (full jitter:
   * those who failed together do not come back together), and never shorter than what the service asked for.
   */
  pauseAfter(outcome: Outcome, tookMs: number): number | null {
    this.count++
    this.spentMs += tookMs
    if (this.count >= this.patience.attempts || !isRepeatable(this.request) || !this.mayPass(outcome)) return null
    const most = this.patience.pauseSeconds * 1000
    const pause = Math.max(Math.random() * Math.min(most, FIRST_PAUSE_MS * 2 ** (this.count - 1)), 'answer' in outcome ? askedPause(outcome.answer, this.patience) : 0)
    this.spentMs += pause
    return this.spentMs > this.patience.retrySeconds * 1000 ? null : pause
  }

  private mayPass(outcome: Outcome): boolean {
    if ('error' in outcome) return outcome.error instanceof WireFailure ? outcome.error.mayPass : outcome.error instanceof AppError && outcome.error.isRetryable
    const { status, headers } = outcome.answer
    if (status < 400) return false
    // Stripe's own word on it, except when there were too many: it means clients that do not slow down
    const word = headers['stripe-should-retry']
    if (word === 'true' || (word === 'false' && status !== 429)) return word === 'true'
    return PASSING.has(status) || (this.request.repeatStatuses ?? []).includes(status)
  }
}

/** May it be sent again when it is not known whether it arrived? */
function isRepeatable(request: HttpRequest): boolean {
  return request.isRepeatable ?? ['GET', 'HEAD'].includes(methodOf(request))
}

export function methodOf({ method = 'GET' }: HttpRequest): string {
  return method.toUpperCase()
}

/** The pause of `Retry-After` (seconds, or a date by the service's own clock) in milliseconds, cut to the patience there is; 0 without one. */
export function askedPause({ headers }: Pick<WireAnswer, 'headers'>, { pauseSeconds }: Pick<Patience, 'pauseSeconds'>): number {
  const text = headers['retry-after']?.trim() ?? ''
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - (Date.parse(headers.date ?? '') || Date.now())
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), pauseSeconds * 1000)
}
