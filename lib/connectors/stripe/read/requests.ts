import { AppError } from '@/lib/core/errors'
import { EVENTS } from '../catalogue/records'
import type { StripeConfig } from '../config'
import type { StripeApi, StripePage, StripeQuery } from '../stripe-client'
import { isExplained, permissionWords } from '../stripe-error'
import type { StripeObject, StripeSchema } from '../stripe-schema'

/** How much the latest answer counts in the averages, and how many answers tell the rate. */
const LATEST = 0.15
const RATE_ANSWERS = 30
/**
 * So many times what Little's law asks for. The search for the account's limit only goes on while requests wait for their turn; while
 * none had to wait, more may pass. After the first refusal the limit is known, and too many at once would only cut the list into
 * more windows than are needed.
 */
const SPARE = { limitKnown: 1.3, searching: 1.75, notWaiting: 3, always: 3 }

/** The requests of one read: so many under way at once, and a permission that is missing named by the schema that needs it. */
export class Requests {
  bytes = 0
  private underWay = 0
  private readonly waiting: (() => void)[] = []
  private waited = 0
  private answeredAt: number[] = []
  /** In seconds. */
  private averages: { wait: number; took: number } | null = null

  constructor(
    private readonly api: StripeApi,
    private readonly schema: StripeSchema,
    private readonly config: StripeConfig,
    readonly most: number,
  ) {}

  list(path: string, query: StripeQuery, signal: AbortSignal): Promise<StripePage> {
    return this.ask(path, signal, () => this.api.list(path, query, signal))
  }

  get(path: string, query: StripeQuery, signal: AbortSignal): Promise<{ object: StripeObject; bytes: number }> {
    return this.ask(path, signal, () => this.api.get(path, query, signal))
  }

  /**
   * How many more requests would help. As many must be under way as are answered in the time that an answer takes (Little's law),
   * and some more, that wait for their turn. More than that would only wait longer.
   */
  get room(): number {
    return Math.min(this.goal, this.most) - this.underWay - this.waiting.length
  }

  private get goal(): number {
    const [first] = this.answeredAt
    const answers = this.answeredAt.length
    if (!this.averages || first === undefined || answers < 3) return SPARE.always * (1 + answers)
    const { wait, took } = this.averages
    const perSecond = ((answers - 1) / Math.max(1, performance.now() - first)) * 1000
    const isKnown = this.api.usage.refused > 0
    const spare = isKnown ? SPARE.limitKnown : wait < took / 10 ? SPARE.notWaiting : SPARE.searching
    // waits are told a little sooner than the answers they belong to
    const latency = Math.max(took - wait, took / 10)
    return Math.ceil(spare * perSecond * latency) + SPARE.always
  }

  private async ask<Answer extends { bytes: number }>(path: string, signal: AbortSignal, send: () => Promise<Answer>): Promise<Answer> {
    await this.turn()
    const began = performance.now()
    try {
      signal.throwIfAborted()
      const answer = await send()
      this.bytes += answer.bytes
      return answer
    } catch (error) {
      if (error instanceof AppError && error.code === 'permission' && !isExplained(error)) throw this.inWords(error, path)
      throw error
    } finally {
      this.measure((performance.now() - began) / 1000)
      this.underWay--
      this.waiting.shift()?.()
    }
  }

  private async turn(): Promise<void> {
    if (this.underWay >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve))
    this.underWay++
  }

  private measure(took: number): void {
    const { waitedSeconds } = this.api.usage
    const wait = waitedSeconds - this.waited
    this.waited = waitedSeconds
    this.answeredAt = [...this.answeredAt.slice(1 - RATE_ANSWERS), performance.now()]
    const { averages } = this
    this.averages = averages ? { wait: averages.wait + LATEST * (wait - averages.wait), took: averages.took + LATEST * (took - averages.took) } : { wait, took }
  }

  private inWords(error: AppError, path: string): AppError {
    const { permission } = path === EVENTS.list.path ? EVENTS : this.schema
    return new AppError('permission', { ...permissionWords(permission, this.config), detail: error.detail }, { cause: error.cause })
  }
}
