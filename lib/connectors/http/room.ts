/** How many requests may be under way at once: what the pace needs at the usual latency, with room; fewer while the service shows strain. */
export class Room {
  private underWay = 0
  private strain = 1

  /** `usualMs`: the usual latency. */
  isFull(pace: number, usualMs: number, most: number): boolean {
    const needed = Math.max(4, Math.ceil((pace * usualMs * 2) / 1000) + 2)
    return this.underWay >= Math.max(1, Math.min(most, Math.floor(needed * this.strain)))
  }

  get isEmpty(): boolean {
    return this.underWay === 0
  }

  sent(): void {
    this.underWay++
  }

  answered(): void {
    this.underWay--
    this.strain = Math.min(1, this.strain * 1.05)
  }

  /** `isStrained`: the service could not cope. */
  failed(isStrained: boolean): void {
    this.underWay--
    if (isStrained) this.strain = Math.max(this.strain / 2, 1 / 64)
  }
}
