import { setTimeout as wait } from 'node:timers/promises'
import { logger } from '@/lib/core/logger'

/** Workers that were started together are soon apart: a pause is up to this part longer or shorter. */
const JITTER = 0.2

/** The pause after a pass, in seconds. */
export function pauseSeconds(everySeconds: number, random = Math.random()): number {
  return everySeconds * (1 + JITTER * (2 * random - 1))
}

/**
 * Do something again and again, about the given time after it was last done, until `stop`. A failure is said once, not each time:
 * a database that is away for an hour is one line in the log, and one more when it is back.
 */
export class Loop {
  private readonly ending = new AbortController()
  private readonly running: Promise<void>
  private isFailing = false
  private wellMs = performance.now()

  constructor(
    readonly name: string,
    private readonly everySeconds: number,
    private readonly task: () => Promise<unknown>,
    /** A pass that lasts longer hangs. Absent: a pass may last, and nobody waits for the next one. */
    readonly longestSeconds?: number,
  ) {
    this.running = this.run()
  }

  /** In words what is wrong with it; undefined when it is well. */
  get trouble(): string | undefined {
    if (this.isFailing) return 'fails'
    const restedSeconds = (performance.now() - this.wellMs) / 1_000
    return this.longestSeconds !== undefined && restedSeconds > this.everySeconds + this.longestSeconds ? 'hangs' : undefined
  }

  /** A pass that is on is waited for. */
  async stop(): Promise<void> {
    this.ending.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.pass()
      await wait(pauseSeconds(this.everySeconds) * 1_000, undefined, { signal: this.ending.signal }).catch(() => {}) // woken to end
    }
  }

  private async pass(): Promise<void> {
    try {
      await this.task()
      if (this.isFailing) logger('worker').info(`${this.name}: works again`)
      this.isFailing = false
      this.wellMs = performance.now()
    } catch (error) {
      if (!this.isFailing) logger('worker').warn({ err: error }, `${this.name}: failed; it is tried again every ${this.everySeconds} s`)
      this.isFailing = true
    }
  }
}
