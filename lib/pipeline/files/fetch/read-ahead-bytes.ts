import { throwIfAborted } from '@/lib/warehouse/duckdb'

/** The same bytes, of which up to `most` are fetched before they are asked for. Stops at once when the signal is aborted, whatever the source does. */
export async function* readAheadBytes(source: AsyncIterable<Uint8Array>, most: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const shelf = new Shelf(most)
  const onAbort = (): void => shelf.close()
  signal.addEventListener('abort', onAbort)
  const filling = fill(source, shelf)
  try {
    for (;;) {
      throwIfAborted(signal)
      const chunks = shelf.takeAll()
      if (chunks.length > 0) yield* chunks
      else if (shelf.failure) throw shelf.failure.error
      else if (shelf.isComplete) return
      else await shelf.changed()
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    shelf.close()
    // not waited for: what is under way is of no use to anybody, and its failure is told above
    void filling
  }
}

async function fill(source: AsyncIterable<Uint8Array>, shelf: Shelf): Promise<void> {
  try {
    for await (const chunk of source) {
      shelf.put(chunk)
      while (shelf.isFull) await shelf.changed()
      if (shelf.isClosed) return
    }
    shelf.complete()
  } catch (error) {
    shelf.fail(error)
  }
}

/** What was fetched and not yet asked for. One fills it, one empties it. */
class Shelf {
  isClosed = false
  isComplete = false
  failure: { error: unknown } | undefined
  private chunks: Uint8Array[] = []
  private bytes = 0
  private waiting: (() => void)[] = []

  constructor(private readonly most: number) {}

  get isFull(): boolean {
    return this.bytes >= this.most && !this.isClosed
  }

  put(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.bytes += chunk.length
    this.wake()
  }

  takeAll(): Uint8Array[] {
    const { chunks } = this
    if (chunks.length === 0) return chunks
    this.chunks = []
    this.bytes = 0
    this.wake()
    return chunks
  }

  complete(): void {
    this.isComplete = true
    this.wake()
  }

  fail(error: unknown): void {
    this.failure = { error }
    this.wake()
  }

  close(): void {
    this.isClosed = true
    this.chunks = []
    this.wake()
  }

  changed(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
