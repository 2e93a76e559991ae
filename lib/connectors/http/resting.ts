/** After the last use; a session that is used again soon keeps its connections and its token. */
const REST_MS = 30_000

/** One session for all who read at the same time, opened when it is needed and closed when it has rested: nobody has to tell that it is over. */
export class Resting<Session extends { close(): void }> {
  private session: Session | undefined
  private users = 0
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly open: () => Session) {}

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = this.take()
    try {
      return await work(session)
    } finally {
      this.release()
    }
  }

  async *iterate<T>(work: (session: Session) => AsyncIterable<T>): AsyncGenerator<T> {
    const session = this.take()
    try {
      yield* work(session)
    } finally {
      this.release()
    }
  }

  private take(): Session {
    clearTimeout(this.timer)
    this.users++
    return (this.session ??= this.open())
  }

  private release(): void {
    if (--this.users > 0) return
    this.timer = setTimeout(() => this.close(), REST_MS).unref()
  }

  private close(): void {
    this.session?.close()
    this.session = undefined
  }
}
