import { Latency } from './latency'
import { measureOvershoot, type Overshoot, type Ticket } from './overshoot'
import { RefusalBudget } from './refusal-budget'

export interface RateOptions {
  startPerSecond: number
  mostPerSecond: number
  concurrency: number
}

const SLOWEST = 0.1
/** Of a rate that is known to be too much, so much is held. */
const HELD = 0.985
/** Of the rate at which a service that lets no burst pass refused, so much is held. */
const HELD_STRICT = 0.97

/** After the first answer the pace is this many times the start. A service that hides its limit behind a burst of a second's worth shows it within `FIRST_LEVEL_MS` if it is far below. */
const JUMP = 2.5
const FIRST_LEVEL_MS = 1150
/** From then on: by so many requests a second within a second, and never beyond so many times of what passed during the last second. */
const GROWTH = 90
const STRETCH = 2.2
/** At a longer latency a refusal is heard of later, so that growth is slower. */
const QUICK_LATENCY_MS = 120
/** When a refusal left much open: by this share within a second, back towards the rate that was refused. */
const CLIMB = 0.9
const CLIMB_ROOM = 0.25
const CLIMB_FROM = 40

const FIRST_PROBE_PAUSE_MS = 1000
const LONGEST_PROBE_PAUSE_MS = 25_000
const SMALLEST_STEP = 0.02
const STEP_GROWTH = 1.6
const GREATEST_STEP = 0.3
/** The first requests of a probe are few: only when they passed do more follow. */
const SCOUTS = 2

/** How far behind its pace a process that was busy may be, to make up for it at once. */
const MOST_CATCH_UP_MS = 100
const CATCH_UP_REGAINED_AFTER = 1000
const REMEMBERED = 400

interface Probe {
  since: number
  from: number
  rate: number
  sent: number
  passes: number
}

/**
 * Finds the rate that a service allows and keeps a little below it. It knows nothing of clocks, queues and HTTP: it is told
 * what was sent and what came back, in milliseconds of a clock that never jumps.
 *
 * It searches upwards until the first refusal and waits for what was under way then, from which it estimates the limit. It
 * holds a little less, and probes: rarely, by little, paid with requests that passed, and after a pause that doubles with each
 * probe that fails. A refusal where there was none before means that the limit has moved, and is measured in the same way.
 */
export class RateController {
  private mode: 'search' | 'climb' | 'hold' = 'search'
  private pace: number
  /** Where it stays between probes. */
  private held = 0
  /** A rate that is known to be refused. */
  private ceiling = Infinity
  /** Does the service let no burst pass, not even of two requests? */
  private isStrict = false
  private guessedStrictAt = -Infinity
  private slot = 0
  private pausedUntil = 0
  private lastSentAt = -Infinity
  private catchUpMs = MOST_CATCH_UP_MS
  private underWay = 0
  private begunAt: number | undefined
  private tickets: Ticket[] = []
  private passedAt: number[] = []
  private cut: { first: Ticket; at: number; until: number } | undefined
  private lastCutAt = -Infinity
  private lastRefusedAt: number | undefined
  private passesSinceCut = 0
  private passesSinceCatchUpFell = 0
  private probe: Probe | undefined
  private probeAt = Infinity
  private probePause = FIRST_PROBE_PAUSE_MS
  private heldAtLastFailure = Infinity
  private streak = 0
  private strain = 1
  private readonly budget = new RefusalBudget()
  private readonly latency = new Latency()

  constructor(private options: RateOptions) {
    this.pace = Math.min(options.startPerSecond, options.mostPerSecond)
  }

  bound(bounds: Pick<RateOptions, 'mostPerSecond' | 'concurrency'>): void {
    this.options = { ...this.options, ...bounds }
    this.held = Math.min(this.held, bounds.mostPerSecond)
    this.pace = Math.min(this.pace, bounds.mostPerSecond)
  }

  /** The current pace, in requests a second. */
  get perSecond(): number {
    return this.pace
  }

  /** What the service is thought to allow; null before the first refusal. */
  get limit(): number | null {
    return this.mode === 'search' ? null : this.held
  }

  /** How many may be under way: what the pace needs at the usual latency, with room; less when the service shows strain. */
  get most(): number {
    const usual = this.latency.usualMs ?? 500
    const room = Math.max(4, Math.ceil((this.pace * usual * 2) / 1000) + 2)
    return Math.max(1, Math.min(this.options.concurrency, Math.floor(room * this.strain)))
  }

  /** When the next request may be sent; Infinity while as many are under way as may be. */
  nextAt(now: number): number {
    if (this.underWay >= this.most) return Infinity
    return Math.max(this.cut ? this.cut.until : this.slot, this.pausedUntil, now)
  }

  /** A request is being sent. `hasWaited`: it would have gone sooner if it might. */
  sent(now: number, hasWaited: boolean): Ticket {
    const isPaced = hasWaited && now - this.slot <= Math.max(this.catchUpMs / 2, 3)
    this.adjust(now, isPaced)
    const gap = 1000 / this.pace
    const ticket: Ticket = { sentAt: now, rate: this.pace, isCatchUp: now - this.lastSentAt < gap * 0.6, isPaced, outcome: 'under way' }
    this.slot = Math.max(this.slot + gap, now + gap - Math.max(this.catchUpMs, 0.1 * gap))
    this.lastSentAt = now
    this.underWay++
    this.tickets.push(ticket)
    if (this.tickets.length > REMEMBERED) this.tickets.shift()
    return ticket
  }

  passed(ticket: Ticket, now: number): void {
    this.answered(ticket, now, 'passed')
    this.budget.passed()
    this.passedAt.push(now)
    while ((this.passedAt[0] ?? now) < now - 1000) this.passedAt.shift()
    if (ticket.sentAt > this.lastCutAt) this.passesSinceCut++
    this.passesSinceCatchUpFell++
    if (this.passesSinceCatchUpFell >= CATCH_UP_REGAINED_AFTER) this.regainCatchUp()
    this.strain = Math.min(1, this.strain * 1.05)
    if (this.probe && ticket.isPaced && ticket.sentAt >= this.probe.since && ticket.rate > this.probe.from) this.probe.passes++
    this.settle(now)
  }

  /** Refused because there were too many. Everybody pauses as long as the service asked for. */
  refused(ticket: Ticket, now: number, pauseMs = 0): void {
    this.answered(ticket, now, 'refused')
    this.budget.refused(now)
    this.pausedUntil = Math.max(this.pausedUntil, now + pauseMs)
    if (this.cut === undefined && ticket.sentAt > this.lastCutAt) {
      if (ticket.isCatchUp && this.catchUpMs > 0) this.lessCatchUp(now)
      else this.cut = { first: ticket, at: now, until: now + Math.max(2 * (this.latency.recentMs ?? 500), 50) }
    }
    this.settle(now)
  }

  /** It failed in a way that tells nothing about the limit. `isStrained`: the service could not cope, so fewer are sent at once. */
  failed(ticket: Ticket, now: number, isStrained: boolean): void {
    ticket.outcome = 'unknown'
    this.underWay--
    if (isStrained) this.strain = Math.max(this.strain / 2, 1 / 64)
    this.settle(now)
  }

  /** The service asked for a pause without refusing for the number of requests. */
  pauseUntil(at: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, at)
  }

  private answered(ticket: Ticket, now: number, outcome: 'passed' | 'refused'): void {
    ticket.outcome = outcome
    this.underWay--
    this.latency.add(now - ticket.sentAt, now)
  }

  private adjust(now: number, isPaced: boolean): void {
    this.begunAt ??= now
    const seconds = isPaced ? Math.min(now - this.lastSentAt, 1000) / 1000 : 0
    if (this.mode === 'search') this.search(now, seconds)
    else if (!isPaced) return
    else if (this.mode === 'climb') this.pace = Math.min(this.pace * (1 + CLIMB * seconds * this.damping()), this.options.mostPerSecond)
    else if (this.probe) this.goOnProbing(this.probe, now)
    else if (now >= this.probeAt && this.held < this.options.mostPerSecond && this.budget.affords(1, this.pace, now)) this.beginProbe(now)
  }

  private search(now: number, seconds: number): void {
    const level = this.latency.recentMs === undefined ? this.options.startPerSecond : this.options.startPerSecond * JUMP
    const proved = now - (this.begunAt ?? now) > FIRST_LEVEL_MS ? this.passedAt.length * STRETCH : 0
    const target = Math.min(Math.max(level, proved), this.options.mostPerSecond)
    if (target > this.pace) this.pace = Math.min(target, Math.max(level, this.pace + GROWTH * seconds * this.damping()))
  }

  private damping(): number {
    return Math.min(1, QUICK_LATENCY_MS / (this.latency.recentMs ?? QUICK_LATENCY_MS))
  }

  private beginProbe(now: number): void {
    const room = this.ceiling / this.held - 1
    if (Number.isFinite(room) && room > CLIMB_ROOM && this.pace > CLIMB_FROM && this.budget.affords(2, this.pace, now)) {
      this.mode = 'climb'
      return
    }
    const bold = this.streak > 1 ? SMALLEST_STEP * STEP_GROWTH ** this.streak : SMALLEST_STEP
    const step = Number.isFinite(room) && room > 0.012 ? Math.min(room / 2, CLIMB_ROOM) : Math.min(bold, GREATEST_STEP)
    this.probe = { since: now, from: this.held, rate: Math.min(this.held * (1 + step), this.options.mostPerSecond), sent: 0, passes: 0 }
  }

  private goOnProbing(probe: Probe, now: number): void {
    const isScouting = probe.passes < SCOUTS
    this.pace = isScouting && probe.sent >= SCOUTS ? probe.from : probe.rate
    if (this.pace === probe.rate) probe.sent++
    const isLongEnough = now - probe.since > Math.max(700, 4 * (this.latency.recentMs ?? 0))
    if (!isLongEnough || probe.passes <= Math.max(4, probe.rate * 0.7)) return
    this.streak++
    this.probe = undefined
    this.probeAt = now
    this.hold(probe.rate)
  }

  /** Once everything that was under way at a refusal has come back, the limit is measured again. */
  private settle(now: number): void {
    const { cut } = this
    if (!cut) return
    const concerned = this.tickets.filter(({ sentAt }) => sentAt >= cut.first.sentAt && sentAt <= cut.at)
    if (now < cut.until && concerned.some(({ outcome }) => outcome === 'under way')) return
    this.cut = undefined
    this.lastCutAt = cut.at
    const overshoot = measureOvershoot(cut.first, concerned)
    const between = this.betweenRefusals(cut.first, overshoot)
    this.lastRefusedAt = overshoot.lastRefusedAt
    this.streak = 0
    const isSevere = overshoot.refused > 2 && overshoot.refused / overshoot.sent > 0.3
    if (this.probe && cut.first.sentAt >= this.probe.since && (!isSevere || this.isStrict)) this.failProbe(this.probe, overshoot, between)
    else this.fallBack(overshoot, between, now)
    this.probe = undefined
    this.passesSinceCut = 0
    this.probeAt = this.ceiling / this.held > 1 + CLIMB_ROOM ? now : now + this.probePause
    this.slot = Math.max(this.slot, now)
  }

  /**
   * What passed between the last refusal and this one, per second: exactly what the service allows, if it counts bursts and was
   * kept busy; else no more than that. Undefined when too little passed.
   */
  private betweenRefusals(first: Ticket, { refused, sent, estimate }: Overshoot): { rate: number; passed: number } | undefined {
    const since = this.lastRefusedAt
    if (since === undefined || (this.tickets[0]?.sentAt ?? Infinity) > since) return undefined
    const passed = this.tickets.filter(({ sentAt, outcome }) => sentAt > since && sentAt <= first.sentAt && outcome === 'passed').length
    if (passed < 10) return undefined
    const rate = ((passed - 1) / (first.sentAt - since)) * 1000
    // what passes right now contradicts it: the limit has just fallen
    return refused > 1 && sent > 2 && rate > 1.5 * estimate ? undefined : { rate, passed }
  }

  private failProbe(probe: Probe, { rate }: Overshoot, between: { rate: number; passed: number } | undefined): void {
    this.ceiling = Math.min(probe.rate, rate)
    const isHigher = probe.from > this.heldAtLastFailure
    let held = probe.from * (isHigher ? HELD : 1)
    if (!this.isStrict && between && between.passed >= 100) {
      // the steps before may have passed thanks to a burst that had been saved up: halfway to what is certain
      const certain = Math.max(between.rate * HELD, Math.min(probe.from, this.heldAtLastFailure))
      held = Math.min(held, (held + certain) / 2)
    }
    this.probePause = held > this.heldAtLastFailure * 1.05 ? FIRST_PROBE_PAUSE_MS : Math.min(this.probePause * 2, LONGEST_PROBE_PAUSE_MS)
    this.heldAtLastFailure = held
    this.hold(held)
  }

  private fallBack(overshoot: Overshoot, between: { rate: number; passed: number } | undefined, now: number): void {
    const { rate, refused, sent, alternates, estimate, upper } = overshoot
    const wasHeld = this.mode === 'hold'
    const isSame = Math.abs(rate / this.ceiling - 1) < 0.08
    // Every other one refused at a pace that was not refused before: rather no bursts at all than exactly half the pace. Wrong, it is heard of at once.
    const isGuess = alternates && sent >= 9 && !this.isStrict && now - this.guessedStrictAt > 10_000
    if (isGuess || (isSame && this.mode === 'climb') || (isSame && this.isStrict && (alternates || refused < 2) && this.passesSinceCut > 20)) {
      if (isGuess) this.guessedStrictAt = now
      this.isStrict = true
      this.ceiling = rate
      this.hold(rate * HELD_STRICT)
      return
    }
    this.isStrict = false
    this.ceiling = between && between.passed >= 50 ? Math.min(rate, between.rate * 1.15) : alternates ? rate : sent >= 9 ? Math.min(rate, estimate * 1.05) : upper
    this.hold(this.lower(overshoot, between, wasHeld))
    this.heldAtLastFailure = this.held
  }

  private lower({ rate, refused, sent, alternates, estimate }: Overshoot, between: { rate: number } | undefined, wasHeld: boolean): number {
    if (wasHeld && between && refused <= 2) return Math.min(rate, between.rate) * HELD
    if (wasHeld && alternates && sent >= 3 && sent < 9 && this.passesSinceCut >= 5) return rate * 0.95
    const careful = this.passesSinceCut < 3 ? estimate * 0.8 : estimate
    return between && !wasHeld ? Math.max(careful, Math.min(between.rate, rate) * HELD) : careful
  }

  private hold(rate: number): void {
    this.mode = 'hold'
    this.held = Math.max(SLOWEST, Math.min(rate, this.options.mostPerSecond))
    this.pace = this.held
  }

  private lessCatchUp(now: number): void {
    this.catchUpMs = this.catchUpMs / 2 < 1000 / this.pace ? 0 : this.catchUpMs / 2
    this.passesSinceCatchUpFell = 0
    this.lastCutAt = now
  }

  private regainCatchUp(): void {
    this.catchUpMs = Math.min(MOST_CATCH_UP_MS, Math.max(this.catchUpMs * 2, 2000 / this.pace))
    this.passesSinceCatchUpFell = 0
  }
}
