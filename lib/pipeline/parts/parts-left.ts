/** Parts from `from` up to, and without, `to`. */
export interface Stretch {
  from: number
  to: number
}

/** The parts that nobody has read or reads now. */
export class PartsLeft {
  private left: Stretch[]

  /** @param atOnce so many are taken together, as long as there are enough for everybody */
  constructor(parts: number, read: Stretch[], private readonly atOnce: number) {
    const ends = joined(read)
    this.left = [...ends, { from: parts, to: parts }].flatMap(({ from }, index) => {
      const before = ends[index - 1]?.to ?? 0
      return before < from ? [{ from: before, to: from }] : []
    })
  }

  get count(): number {
    return countOf(this.left)
  }

  /** The next ones; null when there are none. Several readers take fewer at the end, so that all of them end at about the same time. */
  take(readers: number): Stretch | null {
    const [first] = this.left
    if (!first) return null
    const fair = readers > 1 ? Math.max(1, Math.floor(this.count / (2 * readers))) : this.atOnce
    const taken = { from: first.from, to: Math.min(first.to, first.from + Math.min(this.atOnce, fair)) }
    this.left = taken.to < first.to ? [{ from: taken.to, to: first.to }, ...this.left.slice(1)] : this.left.slice(1)
    return taken
  }

  /** They were not read after all. */
  giveBack(parts: Stretch[]): void {
    this.left = joined([...this.left, ...parts])
  }
}

export function countOf(stretches: Stretch[]): number {
  return stretches.reduce((count, { from, to }) => count + to - from, 0)
}

/** In order, and what touches as one. None of them overlap. */
export function joined(stretches: Stretch[]): Stretch[] {
  const result: Stretch[] = []
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last && last.to >= from) last.to = Math.max(last.to, to)
    else if (from < to) result.push({ from, to })
  }
  return result
}
