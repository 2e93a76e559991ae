import { Latency } from './latency'

/** One request that was sent; handed back to the controller with its outcome. */
export interface Ticket {
  readonly sentAt: number
  /** The pace that it was sent at, in requests a second. */
  readonly rate: number
  /** Sent sooner after the one before than the pace has it, to make up for time in which the process was busy. */
  readonly isCatchUp: boolean
  outcome: 'under way' | 'passed' | 'refused' | 'unknown'
}

const REMEMBERED = 2000
const WALL = 8
/** What is called lately. */
const LATELY_MS = 1000

/** The latest requests and what became of them. */
export class Evidence {
  readonly latency = new Latency()
  private tickets: Ticket[] = []
  private passedAt: number[] = []
  private outcomes: ('passed' | 'refused')[] = []

  add(ticket: Ticket): void {
    this.tickets.push(ticket)
    if (this.tickets.length > REMEMBERED) this.tickets.shift()
  }

  /** `isNews`: nothing was concluded yet from the requests that were sent with it. */
  answered(ticket: Ticket, now: number, outcome: 'passed' | 'refused', isNews: boolean): void {
    ticket.outcome = outcome
    this.latency.add(now - ticket.sentAt, now)
    if (isNews) this.outcomes.push(outcome)
    if (this.outcomes.length > WALL) this.outcomes.shift()
    if (outcome === 'passed') this.passedAt.push(now)
    while ((this.passedAt[0] ?? now) < now - LATELY_MS) this.passedAt.shift()
  }

  /** How many passes became known within the last second. */
  get passedLately(): number {
    return this.passedAt.length
  }

  sentBetween(from: number, to: number): Ticket[] {
    return this.tickets.filter(({ sentAt }) => sentAt >= from && sentAt <= to)
  }

  /** How many of those that were sent within the second before this one have passed. */
  passedBefore({ sentAt: end }: Ticket): number {
    return this.tickets.filter(({ sentAt, outcome }) => outcome === 'passed' && sentAt < end && sentAt >= end - LATELY_MS).length
  }

  /** How many of the last few answers were refusals. */
  get refusals(): number {
    return this.outcomes.filter((outcome) => outcome === 'refused').length
  }

  /** Something was concluded from what came until now. */
  conclude(): void {
    this.outcomes = []
  }

  /** Was every other one of the last few answers a refusal? Then it is not one in many. What was seen once is not seen again. */
  takeWall(): boolean {
    const isWall = this.refusals >= WALL / 2
    if (isWall) this.conclude()
    return isWall
  }
}
