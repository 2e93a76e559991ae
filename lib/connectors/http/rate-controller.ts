import { Evidence, type Ticket } from './evidence'
import { measureOvershoot, type Overshoot } from './overshoot'
import { RefusalBudget } from './refusal-budget'
import { Room } from './room'
import { Schedule } from './schedule'
import { QUICK_LATENCY_MS, searchedPace } from './search'

export interface RateOptions {
  startPerSecond: number
  likelyPerSecond?: number
  mostPerSecond: number
  concurrency: number
}

const SLOWEST = 0.1
/** Of a pace that was refused, so much is left off; more where requests are few; half when every other one is refused. */
const STEP = 0.03
const SLOW_STEP = 0.1
const GREATEST_STEP = 0.5
/** Where no burst passes, a single refusal among others comes from a hiccup on the way: a limit that is reached refuses again at once. */
const LITTLE = 0.003
/** The pace grows by this share within a second: usually, faster and faster while nothing is refused; after a rough measurement; after a count. */
const CLIMB = 0.015
const FASTEST_CLIMB = 0.5
const RECOVERY = 0.25
const RECOVERY_COUNTED = 0.08
/** Whatever the time between two requests, the pace of the second is at most so much higher. */
const MOST_AT_ONCE = 0.02
/** When nothing passes any more for a while, the service counts by seconds: what passed in the last one is the limit, or somewhat more. */
const COUNTED = 0.65
const COUNTED_AGAIN = 0.87
const LONGEST_BLOCK_MS = 60_000
/** A refusal that came with a pause is not risked again for so many times as long. */
const STAY = 60
/** How many requests must have been saved up in the first cut to tell anything by two more that go together. */
const SAVED_FOR_PAIR = 3
/** A service that allows so many a second is soon paid for a second measurement. */
const MANY = 40

/**
 * Finds the rate that a service allows and keeps a little below it. It knows nothing of queues and HTTP: it is told what was
 * sent and what came back, in milliseconds of a clock that never jumps.
 *
 * It searches upwards until the first refusal, and measures the limit by what of the requests under way passed. From then on
 * it climbs slowly, as long as the refusals at the end of the climb are paid for by requests that passed, and steps back when
 * they come. The first two requests go together: when one of them is refused, the service lets no burst pass, so that every
 * refusal names the limit itself.
 */
export class RateController {
  private pace: number
  private isSearching = true
  /** Does the service let no burst pass, not even of two requests? */
  private isStrict = false
  /** The greatest pace that passed before anything was refused. */
  private proved = 0
  /** A pace that was refused. */
  private ceiling = Infinity
  private climb = CLIMB
  private stayUntil = 0
  private begunAt: number | undefined
  private first: Ticket | undefined
  private second: Ticket | undefined
  private cut: { first: Ticket; at: number; until: number } | undefined
  private lastCutAt = -Infinity
  private lastRefusedAt: number | undefined
  private passesSinceCut = 0
  /** Refusals of the last cut: what the next one will cost. */
  private cost = 0
  /** While nothing passes at all, one request at a time tries, after pauses that double; 0 else. */
  private blockedMs = 0
  private isCounted = false
  private budget = new RefusalBudget()
  private readonly evidence = new Evidence()
  private readonly schedule: Schedule
  private readonly room = new Room()

  constructor(private options: RateOptions) {
    this.pace = Math.min(options.startPerSecond, options.mostPerSecond)
    this.schedule = new Schedule(this.pace)
  }

  bound(bounds: Pick<RateOptions, 'mostPerSecond' | 'concurrency'>): void {
    this.options = { ...this.options, ...bounds }
    this.pace = Math.min(this.pace, bounds.mostPerSecond)
  }

  /** What the service is thought to allow, in requests a second; null before the first refusal. */
  get limit(): number | null {
    return this.isSearching ? null : this.pace
  }

  /** May no request go sooner than its time, not even by a little? */
  get isExact(): boolean {
    return this.schedule.isExact
  }

  /** When the next request may be sent; Infinity while as many are under way as may be. */
  nextAt(now: number): number {
    const isFull = this.blockedMs > 0 ? !this.room.isEmpty : this.room.isFull(this.pace, this.evidence.latency.usualMs ?? 500, this.options.concurrency)
    if (isFull) return Infinity
    return Math.max(this.schedule.at(now), this.cut?.until ?? 0)
  }

  /** A request is being sent. `hasWaited`: it would have gone sooner if it might. */
  sent(now: number, hasWaited: boolean): Ticket {
    this.begunAt ??= now
    const rate = this.schedule.slotRate
    if (hasWaited && this.schedule.isOnTime(now)) this.grow(now, Math.min(now - this.schedule.lastSentAt, 1000) / 1000)
    const { isCatchUp, isPair } = this.schedule.sent(now, this.pace)
    const ticket: Ticket = { sentAt: now, rate, isCatchUp, outcome: 'under way' }
    if (isPair) this.second = ticket
    else if (this.second === undefined) this.first = ticket
    this.room.sent()
    this.evidence.add(ticket)
    return ticket
  }

  passed(ticket: Ticket, now: number): void {
    this.evidence.answered(ticket, now, 'passed', this.isNews(ticket))
    this.room.answered()
    this.budget.passed()
    if (ticket.sentAt > this.lastCutAt) {
      this.passesSinceCut++
      this.blockedMs = 0
    }
    if (this.isSearching && ticket !== this.first && ticket !== this.second && this.evidence.refusals === 0) this.proved = Math.max(this.proved, ticket.rate)
    this.settle(now)
  }

  /** Refused because there were too many. Everybody pauses as long as the service asked for. */
  refused(ticket: Ticket, now: number, pauseMs = 0): void {
    this.evidence.answered(ticket, now, 'refused', this.isNews(ticket))
    this.room.answered()
    this.budget.refused(now)
    this.schedule.pause(now + pauseMs)
    this.stayUntil = Math.max(this.stayUntil, now + STAY * pauseMs)
    if (this.isOneOfPair(ticket)) this.isStrict = true
    else if (this.isOld(ticket)) this.cost++
    else if (this.blockedMs > 0) this.block(this.blockedMs * 2, now)
    else if (ticket.isCatchUp && !this.schedule.isExact) {
      this.schedule.lessCatchUp(this.pace)
      this.lastCutAt = now
    } else if (this.isStrict && this.pace > MANY && this.evidence.refusals < 2) this.setPace(this.pace * (1 - LITTLE))
    else if (this.cut === undefined) this.beginCut(ticket, now)
    if (this.isStrict) this.schedule.noCatchUp()
    this.settle(now)
  }

  /** It failed in a way that tells nothing about the limit. `isStrained`: the service could not cope, so fewer are sent at once. */
  failed(ticket: Ticket, now: number, isStrained: boolean): void {
    ticket.outcome = 'unknown'
    this.room.failed(isStrained)
    this.settle(now)
  }

  /** The service asked for a pause without refusing for the number of requests. */
  pause(until: number): void {
    this.schedule.pause(until)
  }

  private grow(now: number, seconds: number): void {
    if (this.cut) return
    if (this.isSearching) {
      const { startPerSecond, likelyPerSecond } = this.options
      const { passedLately, latency } = this.evidence
      return this.setPace(searchedPace({ pace: this.pace, startPerSecond, likelyPerSecond, isStrict: this.isStrict, seconds, sinceStartMs: now - (this.begunAt ?? now), latencyMs: latency.recentMs, passedLately }))
    }
    // where no burst is saved up, the pace that was refused is the limit itself
    const isSafe = this.isStrict && this.pace < this.ceiling * 0.95
    const isPaid = this.budget.affords(Math.max(this.cost, 1), this.pace, now) && (this.climb > CLIMB || now >= this.stayUntil)
    if (!isSafe && !isPaid) return
    this.setPace(this.pace * (1 + Math.min((isSafe ? FASTEST_CLIMB : this.climb) * seconds, MOST_AT_ONCE)))
    if (this.pace > this.ceiling * 1.05) {
      this.ceiling = this.pace
      this.climb = Math.min(this.climb * 2, FASTEST_CLIMB)
    }
  }

  /** Was it sent before the last step, or at a time that was set before? */
  private isOld({ sentAt, rate }: Ticket): boolean {
    return sentAt <= this.lastCutAt || (!this.isSearching && rate > this.pace * 1.02)
  }

  /** Where no burst passes, what is still under way after a step tells whether it was enough. */
  private isNews(ticket: Ticket): boolean {
    return this.isStrict || ticket.sentAt > this.lastCutAt
  }

  /** Was it one of the two that were sent together, and the only one of them that was refused? */
  private isOneOfPair(ticket: Ticket): boolean {
    if (this.second === undefined || (ticket !== this.first && ticket !== this.second)) return false
    const isOnlyOne = this.first?.outcome !== 'refused' || this.second.outcome !== 'refused'
    if (!isOnlyOne) this.isStrict = false
    return isOnlyOne
  }

  private beginCut(ticket: Ticket, now: number): void {
    if (!this.isSearching || this.isStrict) this.stepBack(ticket, now)
    if (this.isStrict) return
    // while little is known, nothing more is sent until what was under way has come back
    this.cut = { first: ticket, at: now, until: this.isSearching ? now + this.twoRounds() : 0 }
  }

  /** Once everything that was under way at a refusal has come back, it is known whether it was one in many or a wall. */
  private settle(now: number): void {
    const { cut } = this
    if (!cut) return
    const underWay = this.evidence.sentBetween(cut.first.sentAt, cut.at)
    if (underWay.some(({ outcome }) => outcome === 'under way') && !(this.isSearching && now >= cut.until)) return
    this.cut = undefined
    const isFirst = this.isSearching
    const overshoot = measureOvershoot(cut.first, underWay)
    if (overshoot.passed === 0 && (overshoot.refused > 3 || this.evidence.passedLately === 0)) this.countBack(cut.first, now)
    else if (overshoot.refused > (this.isSearching ? 2 : 3) && (this.isSearching || overshoot.share > 0.2)) this.fallBack(cut.first, now, overshoot)
    else if (this.isSearching) this.stepBack(cut.first, cut.at)
    if (isFirst && (this.pace * this.twoRounds()) / 1000 > SAVED_FOR_PAIR) this.tryPair()
    this.schedule.forgive(now)
  }

  /** A little less than the pace that was refused; as much as passed since the last refusal, if that is known and less. */
  private stepBack({ sentAt, rate }: Ticket, now: number): void {
    const refused = Math.min(rate, this.pace)
    const first = this.isStrict && this.isSearching ? 1 - (this.proved * 0.99) / refused : 0
    const less = refused * (1 - Math.min(Math.max(this.evidence.takeWall() ? GREATEST_STEP : Math.min(Math.max(STEP, 2 / refused), SLOW_STEP), first), GREATEST_STEP))
    const isMeasured = this.lastRefusedAt !== undefined && this.passesSinceCut >= 25 && !this.isStrict
    const passed = isMeasured ? (this.passesSinceCut / (sentAt - (this.lastRefusedAt ?? 0))) * 1000 : Infinity
    this.setPace(Math.max(Math.min(less, passed * (1 - STEP / 2)), less * 0.85))
    // while it searches, nothing is sent until the cut is over; else requests go on until now
    this.ended(now, { ceiling: refused, climb: CLIMB, cost: 1, lastRefusedAt: this.isSearching ? sentAt : now })
  }

  /** To what was measured. */
  private fallBack({ rate }: Ticket, now: number, { estimate, lastRefusedAt }: Overshoot): void {
    this.isCounted = false
    this.fallTo(estimate, rate, now, RECOVERY * Math.min(1, QUICK_LATENCY_MS / (this.evidence.latency.recentMs ?? QUICK_LATENCY_MS)), lastRefusedAt)
  }

  /** To what was counted; nothing passes for now. */
  private countBack(first: Ticket, now: number): void {
    this.block(this.twoRounds(), now)
    if (this.isCounted) this.fallTo(first.rate * COUNTED_AGAIN, first.rate, now, CLIMB, undefined)
    else this.fallTo(Math.max(this.evidence.passedBefore(first) * COUNTED, first.rate / 4), first.rate, now, RECOVERY_COUNTED, undefined)
    this.isCounted = true
  }

  private fallTo(pace: number, refused: number, now: number, recovery: number, lastRefusedAt: number | undefined): void {
    this.evidence.conclude()
    this.setPace(Math.min(refused * (1 - STEP), pace))
    const isFar = this.pace < refused * 0.8
    if (this.isSearching ? this.pace > MANY : isFar) this.budget = new RefusalBudget()
    this.ended(now, { ceiling: refused, climb: isFar ? recovery : CLIMB, cost: 2, lastRefusedAt })
  }

  private ended(now: number, { ceiling, climb, cost, lastRefusedAt }: { ceiling: number; climb: number; cost: number; lastRefusedAt: number | undefined }): void {
    this.ceiling = ceiling
    this.climb = climb
    this.cost = cost
    this.lastRefusedAt = lastRefusedAt
    this.lastCutAt = now
    this.passesSinceCut = 0
    this.isSearching = false
  }

  private block(ms: number, now: number): void {
    this.blockedMs = Math.min(ms, LONGEST_BLOCK_MS)
    this.schedule.pause(now + this.blockedMs)
  }

  /** The next two go together once more: on their first connections, the first two may have come apart. */
  private tryPair(): void {
    this.second = undefined
    this.schedule.pairAgain()
  }

  private twoRounds(): number {
    return Math.max(2 * (this.evidence.latency.recentMs ?? 500), 50)
  }

  private setPace(pace: number): void {
    this.pace = Math.max(SLOWEST, Math.min(pace, this.options.mostPerSecond))
  }
}
