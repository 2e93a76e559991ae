const DAY = 86_400

/** Days in which objects were created, [first, last] in days since 1970, and when the first of those objects settles, in unix seconds. */
export type SettlingDays = [first: number, last: number, due: number]

/** A row that is due and has not settled is looked at again after so many seconds. */
const AGAIN_SECONDS = 3600

/**
 * When objects will change by themselves, kept by the day of their creation, since that is how they are found again: a day is due when
 * the first of its objects is. There are at most so many stretches; then neighbours become one.
 */
export class Settling {
  private stretches: SettlingDays[] = []

  constructor(
    stored: SettlingDays[],
    private readonly most: number,
  ) {
    for (const stretch of stored) this.put(stretch)
  }

  /** @param now when the object was seen: what should have settled by then is looked at again a little later. */
  add(created: number, settlesAt: number, now: number): void {
    const day = Math.floor(created / DAY)
    this.put([day, day, settlesAt > now ? settlesAt : now + AGAIN_SECONDS])
  }

  /** Takes out what is due, as stretches of time [from, to) in unix seconds, whose objects are then added anew. */
  takeDue(now: number): { from: number; to: number }[] {
    const due = this.stretches.filter(([, , at]) => at <= now)
    this.stretches = this.stretches.filter(([, , at]) => at > now)
    return due.map(([first, last]) => ({ from: first * DAY, to: (last + 1) * DAY }))
  }

  toJSON(): SettlingDays[] {
    return this.stretches.map(([first, last, due]) => [first, last, due])
  }

  /** They are kept in order, and no two have a day in common. */
  private put([first, last, due]: SettlingDays): void {
    const index = this.stretches.findIndex((stretch) => stretch[1] >= first)
    const found = index === -1 ? undefined : this.stretches[index]
    if (found && found[0] <= last) {
      found[0] = Math.min(found[0], first)
      found[1] = Math.max(found[1], last)
      found[2] = Math.min(found[2], due)
      return
    }
    this.stretches.splice(index === -1 ? this.stretches.length : index, 0, [first, last, due])
    if (this.stretches.length > this.most) this.joinNearest()
  }

  private joinNearest(): void {
    let nearest = 1
    const gap = (index: number) => (this.stretches[index]?.[0] ?? Infinity) - (this.stretches[index - 1]?.[1] ?? 0)
    for (let index = 2; index < this.stretches.length; index++) if (gap(index) < gap(nearest)) nearest = index
    const [joined] = this.stretches.splice(nearest, 1)
    const into = this.stretches[nearest - 1]
    if (!joined || !into) return
    into[1] = joined[1]
    into[2] = Math.min(into[2], joined[2])
  }
}
