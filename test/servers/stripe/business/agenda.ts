interface Entry {
  time: number
  doing: () => void
}

/** What is to be done at its time, in unix seconds: the earliest first, of the same time the one that was planned first. */
export interface Agenda {
  later(time: number, doing: () => void): void
  runUntil(time: number): void
}

export function openAgenda(): Agenda {
  /** By time; the next one stands last. */
  const entries: Entry[] = []
  return {
    later(time, doing) {
      let low = 0
      let high = entries.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((entries[middle]?.time ?? 0) > time) low = middle + 1
        else high = middle
      }
      entries.splice(low, 0, { time, doing })
    },
    runUntil(time) {
      for (let next = entries.at(-1); next && next.time <= time; next = entries.at(-1)) {
        entries.pop()
        next.doing()
      }
    },
  }
}
