/** Of all requests, how many may be refused for the sake of knowing the limit. */
const SHARE = 0.0045
/** Requests of so many seconds ahead count as sent: a start may cost more than it has earned yet. */
const AHEAD_SECONDS = 12
/** The share is kept over about so many requests. */
const MEMORY = 3000
/** After so long without a refusal one is always affordable: where a request is rare, shares mean little. */
const ALWAYS_AFTER_MS = 30_000

/** Keeps the search for the limit cheap: a probe may cost a refusal only when enough requests have passed. */
export class RefusalBudget {
  private passedCount = 0
  private refusedCount = 0
  private lastRefusedAt = -Infinity

  passed(): void {
    const keep = 1 - 1 / MEMORY
    this.passedCount = this.passedCount * keep + 1
    this.refusedCount *= keep
  }

  refused(now: number): void {
    this.refusedCount++
    this.lastRefusedAt = now
  }

  affords(refusals: number, rate: number, now: number): boolean {
    if (now - this.lastRefusedAt > ALWAYS_AFTER_MS) return true
    return this.refusedCount + refusals <= SHARE * (this.passedCount + rate * AHEAD_SECONDS)
  }
}
