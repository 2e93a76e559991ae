/** A number of places, which are taken and given back. */
export class Places {
  private readonly waiting: (() => void)[] = []
  private isClosed = false

  constructor(private free: number) {}

  /** Waits until one is free; or until there is no use in waiting. */
  async take(): Promise<void> {
    if (this.isClosed) return
    if (this.free > 0) {
      this.free--
      return
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  give(): void {
    const next = this.waiting.shift()
    if (next) next()
    else this.free++
  }

  close(): void {
    this.isClosed = true
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
