/** How far behind its pace a process that was busy may be, to make up for it at once. */
const MOST_CATCH_UP_MS = 100
/** Sent so close together, two requests tell whether the service lets any burst pass. */
const PAIR_MS = 5

/** When the next request may go at a given pace, by a clock in milliseconds. The first two go together. */
export class Schedule {
  private slot = 0
  private pausedUntil = 0
  private catchUpMs = MOST_CATCH_UP_MS
  private hasPair = false
  lastSentAt = -Infinity

  /** `slotRate`: the pace that the next slot comes from. */
  constructor(public slotRate: number) {}

  at(now: number): number {
    return Math.max(this.slot, this.pausedUntil, now)
  }

  /** May no request go sooner than its time, not even by a little? */
  get isExact(): boolean {
    return this.catchUpMs === 0
  }

  /** Does a request that is sent now, after waiting, keep to the pace? Else fewer were asked for than might have gone. */
  isOnTime(now: number): boolean {
    return now - this.slot <= Math.max(this.catchUpMs / 2, 3)
  }

  /** `pair`: it is the second of the first two. */
  sent(now: number, pace: number): { isCatchUp: boolean; isPair: boolean } {
    const gap = 1000 / pace
    const sinceLast = now - this.lastSentAt
    const isPair = !this.hasPair && sinceLast < PAIR_MS
    this.hasPair ||= isPair
    this.slot = this.hasPair ? Math.max(this.slot + gap, now + gap - this.catchUpMs) : now
    this.slotRate = pace
    this.lastSentAt = now
    return { isCatchUp: sinceLast < gap * 0.6, isPair }
  }

  pairAgain(): void {
    this.hasPair = false
  }

  /** Nothing goes before that time. */
  pause(until: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, until)
  }

  /** What was missed until now is not made up for. */
  forgive(now: number): void {
    this.slot = Math.max(this.slot, now)
  }

  lessCatchUp(pace: number): void {
    this.catchUpMs = this.catchUpMs / 2 < 1000 / pace ? 0 : this.catchUpMs / 2
  }

  noCatchUp(): void {
    this.catchUpMs = 0
  }
}
