/** When another connection is tried, and when it stays; `limits.parallel` says what each number is. */
export interface WideningRules {
  connections: number
  waitingShare: number
  idleShare: number
  gain: number
  windowSeconds: number
  windowBytes: number
  pauseSeconds: number
}

/** What is measured besides the batches; times in milliseconds. */
export interface Gauges {
  now(): number
  /** Of all processors of this machine, since it started. */
  processors(): { idle: number; total: number }
}

/**
 * Decides over how many connections a table is read. It begins with one. While the read mostly waits for its source, and this machine has something to spare, one
 * more is tried; it stays when what comes over all of them has grown enough. A source next door, which is as busy as we are, thus keeps its one.
 */
export class Widening {
  /** So many have been found worth it. */
  connections = 1
  private state: 'steady' | 'joining' | 'trying' | 'ending' = 'steady'
  /** What came in a millisecond before one more was tried. */
  private before = 0
  private most: number
  private notBefore = 0
  private pauseMs: number
  private window: ReturnType<Widening['openWindow']>

  constructor(private readonly rules: WideningRules, private readonly gauges: Gauges) {
    this.most = rules.connections
    this.pauseMs = rules.pauseSeconds * 1000
    this.window = this.openWindow()
  }

  /** A batch of so many bytes came, after somebody had waited so long for it. `readers`: who reads now. */
  onBatch(bytes: number, waitedMs: number, readers: number): 'add' | 'drop' | null {
    if (this.state === 'joining' || this.state === 'ending') return null
    const { window, rules } = this
    window.bytes += bytes
    window.waitedMs += waitedMs
    const tookMs = this.gauges.now() - window.began
    if (tookMs < rules.windowSeconds * 1000 || window.bytes < rules.windowBytes) return null
    const rate = window.bytes / tookMs
    if (this.state === 'trying') {
      if (rate < this.before * rules.gain) return this.end()
      this.connections = Math.max(this.connections, readers)
      this.state = 'steady'
    }
    const isWaiting = window.waitedMs >= tookMs * readers * rules.waitingShare
    const isWorthATry = isWaiting && this.idleShare() >= rules.idleShare && readers < this.most && this.gauges.now() >= this.notBefore
    this.window = this.openWindow()
    if (!isWorthATry) return null
    this.before = rate
    this.state = 'joining'
    return 'add'
  }

  /** The first batch of one that was added is here. Of those that were there from the beginning none is on trial. */
  added(readers: number): void {
    if (this.state === 'joining') this.state = 'trying'
    else this.connections = Math.max(this.connections, readers)
    this.window = this.openWindow()
  }

  /** Somebody who read is not there any more, or was not added. */
  ended(): void {
    this.state = 'steady'
    this.window = this.openWindow()
  }

  /** One that was to be added would be of no use now. */
  postpone(): void {
    this.rest()
    this.ended()
  }

  /** No more are tried. */
  stop(): void {
    this.most = 0
  }

  private end(): 'drop' {
    this.rest()
    this.state = 'ending'
    return 'drop'
  }

  private rest(): void {
    this.notBefore = this.gauges.now() + this.pauseMs
    this.pauseMs *= 2
  }

  private openWindow() {
    return { began: this.gauges.now(), processors: this.gauges.processors(), bytes: 0, waitedMs: 0 }
  }

  private idleShare(): number {
    const { idle, total } = this.gauges.processors()
    const { processors: before } = this.window
    // where the system tells nothing of its processors, only the trial tells
    return total > before.total ? (idle - before.idle) / (total - before.total) : 1
  }
}
