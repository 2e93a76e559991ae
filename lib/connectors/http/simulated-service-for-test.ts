import { RateController, type RateOptions } from './rate-controller'

/** A service that allows `perSecond`, with `burst` requests saved up at most. */
export class TokenBucket {
  /** Does it refuse everything? */
  isClosed = false
  private tokens: number
  private at = 0

  constructor(
    public perSecond: number,
    public burst: number,
  ) {
    this.tokens = Math.max(1, burst)
  }

  take(now: number): boolean {
    this.tokens = Math.min(Math.max(1, this.burst), this.tokens + ((now - this.at) / 1000) * this.perSecond)
    this.at = now
    if (this.isClosed || this.tokens < 1 - 1e-9) return false
    this.tokens--
    return true
  }
}

/** A service that counts: so many requests pass in each second of the calendar, beginning at an offset in milliseconds. */
export class FixedWindow {
  private window = -1
  private count = 0

  constructor(
    public perSecond: number,
    private readonly offset = 0,
  ) {}

  take(now: number): boolean {
    const window = Math.floor((now + this.offset) / 1000)
    if (window !== this.window) this.count = 0
    this.window = window
    return this.count < this.perSecond && ++this.count > 0
  }
}

/** A service that looks back: at no time more than so many requests passed within the last second. */
export class SlidingWindow {
  private passedAt: number[] = []

  constructor(public perSecond: number) {}

  take(now: number): boolean {
    this.passedAt = this.passedAt.filter((at) => at > now - 1000)
    return this.passedAt.length < this.perSecond && this.passedAt.push(now) > 0
  }
}

export interface Limiter {
  perSecond: number
  take(now: number): boolean
}

export interface SimulatedRun {
  bucket: Limiter
  /** Ends after so many requests have passed, or at this time. */
  requests?: number
  untilMs?: number
  latencyMs?: (random: () => number) => number
  options?: Partial<RateOptions>
  /** Something that happens to the service at a time. */
  at?: [ms: number, happen: () => void][]
  retryAfterMs?: number
  /** How much later than planned a busy process sends. */
  lateMs?: (random: () => number) => number
}

/** Drives a controller against a simulated service in virtual time, with always more to ask. */
export function simulate({ bucket, requests = Infinity, untilMs = Infinity, latencyMs = () => 100, options, at = [], retryAfterMs, lateMs = () => 0 }: SimulatedRun) {
  const controller = new RateController({ startPerSecond: 20, mostPerSecond: 1000, concurrency: 64, ...options })
  const events: { at: number; happen(): void }[] = []
  const plan = (when: number, happen: () => void): void => {
    let index = events.length
    while (index > 0 && (events[index - 1]?.at ?? 0) > when) index--
    events.splice(index, 0, { at: when, happen })
  }
  let seed = 1
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  let now = 0
  let mostUnderWay = 0
  let underWay = 0
  const passedAt: number[] = []
  const refusedAt: number[] = []
  const sentAt: number[] = []
  for (const [ms, happen] of at) plan(ms, happen)
  const send = (): void => {
    const ticket = controller.sent(now, true)
    sentAt.push(now)
    mostUnderWay = Math.max(mostUnderWay, ++underWay)
    const latency = latencyMs(random)
    plan(now + latency / 2, () => {
      const isAllowed = bucket.take(now)
      plan(now + latency / 2, () => {
        underWay--
        if (isAllowed) {
          passedAt.push(now)
          controller.passed(ticket, now)
        } else {
          refusedAt.push(now)
          controller.refused(ticket, now, retryAfterMs)
        }
      })
    })
  }
  let late = 0
  while (passedAt.length < requests && now < untilMs) {
    const due = controller.nextAt(now)
    const next = due > now ? due + late : due
    const event = events[0]
    if (next < (event?.at ?? Infinity) || (event && next <= event.at)) {
      now = next
      send()
      late = lateMs(random)
    } else if (event) {
      events.shift()
      now = event.at
      event.happen()
    } else break
  }
  const within = (times: number[], from: number, to: number): number => times.filter((time) => time >= from && time < to).length
  return {
    controller,
    seconds: now / 1000,
    /** Requests that passed per second, as a share of what is allowed. */
    kept: passedAt.length / (now / 1000) / bucket.perSecond,
    refusedShare: refusedAt.length / sentAt.length,
    refused: refusedAt.length,
    mostUnderWay,
    passedPerSecond: (from: number, to: number) => within(passedAt, from, to) / ((to - from) / 1000),
    refusedBetween: (from: number, to: number) => within(refusedAt, from, to),
    sentBetween: (from: number, to: number) => within(sentAt, from, to),
  }
}
