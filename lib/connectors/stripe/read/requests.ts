import { AppError } from '@/lib/core/errors'
import { EVENTS } from '../catalogue/records'
import type { StripeConfig } from '../config'
import type { StripeApi, StripePage, StripeQuery } from '../stripe-client'
import { isExplained, permissionWords } from '../stripe-error'
import type { StripeObject, StripeSchema } from '../stripe-schema'

/** How much of an answer's time may be waiting for its turn before more requests at once bring nothing. */
const ENOUGH_WAITING = 1 / 3
/** How much the latest answer counts. */
const LATEST = 0.15

/** The requests of one read: so many under way at once, and a permission that is missing named by the schema that needs it. */
export class Requests {
  bytes = 0
  private underWay = 0
  private readonly waiting: (() => void)[] = []
  private waited = 0
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
   * Would the account's limit let more pass than is asked for? Not when requests wait here, nor when they wait for their turn for a
   * good part of their time: then there are always some ready to go when the limit allows the next.
   */
  get isStarving(): boolean {
    if (this.waiting.length > 0 || this.underWay >= this.most) return false
    return this.averages === null || this.averages.wait < this.averages.took * ENOUGH_WAITING
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
    const { averages } = this
    this.averages = averages ? { wait: averages.wait + LATEST * (wait - averages.wait), took: averages.took + LATEST * (took - averages.took) } : { wait, took }
  }

  private inWords(error: AppError, path: string): AppError {
    const { permission } = path === EVENTS.list.path ? EVENTS : this.schema
    return new AppError('permission', { ...permissionWords(permission, this.config), detail: error.detail }, { cause: error.cause })
  }
}
