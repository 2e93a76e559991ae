interface Entry {
  at: number
  number: number
  happens: () => Promise<void>
}

/** What will happen, in the order of its virtual time: a binary heap. */
export class Agenda {
  private readonly heap: Entry[] = []
  private count = 0

  constructor(public now: number) {}

  in(seconds: number, happens: () => Promise<void>): void {
    const { heap } = this
    heap.push({ at: this.now + seconds * 1_000, number: this.count++, happens })
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!isBefore(heap[at]!, heap[parent]!)) break
      ;[heap[at], heap[parent]] = [heap[parent]!, heap[at]!]
      at = parent
    }
  }

  /** One after the other until then; `arrive` is told each time before anything happens at it. */
  async until(end: number, arrive: (now: number) => Promise<void>): Promise<void> {
    while (this.heap.length && this.heap[0]!.at <= end) {
      const next = this.take()
      if (next.at > this.now) await arrive((this.now = next.at))
      await next.happens()
    }
    await arrive((this.now = end))
  }

  private take(): Entry {
    const { heap } = this
    const first = heap[0]!
    const last = heap.pop()!
    if (!heap.length) return first
    heap[0] = last
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right
      if (least === at) return first
      ;[heap[at], heap[least]] = [heap[least]!, heap[at]!]
      at = least
    }
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number)
}
