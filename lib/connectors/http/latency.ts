/** How fast the usual latency may be believed to grow: a server that slows down is given more to do only slowly. */
const DOUBLES_WITHIN_MS = 10_000

/** How long answers take: what is usual, near the low end, so that a queue that builds up at the server does not count as usual. */
export class Latency {
  private usual: number | undefined
  private recent: number | undefined
  private at = 0

  add(ms: number, now: number): void {
    if (this.usual === undefined || this.recent === undefined) {
      this.usual = ms
      this.recent = ms
    } else {
      const highest = this.usual * 2 ** ((now - this.at) / DOUBLES_WITHIN_MS)
      this.usual = ms < this.usual ? this.usual + (ms - this.usual) * 0.2 : Math.min(ms, highest)
      this.recent += (ms - this.recent) * 0.1
    }
    this.at = now
  }

  /** In milliseconds; undefined before the first answer. */
  get usualMs(): number | undefined {
    return this.usual
  }

  get recentMs(): number | undefined {
    return this.recent
  }
}
