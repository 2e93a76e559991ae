import type { EmulatedObject } from './types'

/** Objects of one kind in the order in which they came: by time, and within a second as they were inserted. Positions count from 0. */
export interface Timeline {
  count(): number
  timeAt(position: number): number
  /** Undefined where an object is no longer. */
  at(position: number): EmulatedObject | undefined
  /** Where the object is; null when it is not here. */
  positionOf(id: string): number | null
}

/** How many objects of a timeline came before a time (`inclusive`: or at it). O(log n). */
export function countUntil(timeline: Timeline, time: number, inclusive: boolean): number {
  let low = 0
  let high = timeline.count()
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = timeline.timeAt(middle)
    if (at < time || (inclusive && at === time)) low = middle + 1
    else high = middle
  }
  return low
}

interface Entry {
  time: number
  sequence: number
  object: EmulatedObject
}

/** Objects that were inserted one by one. */
export class InsertedTimeline implements Timeline {
  private readonly entries: Entry[] = []
  private readonly byId = new Map<string, Entry>()

  count(): number {
    return this.entries.length
  }

  timeAt(position: number): number {
    return this.entries[position]?.time ?? 0
  }

  at(position: number): EmulatedObject | undefined {
    return this.entries[position]?.object
  }

  positionOf(id: string): number | null {
    const entry = this.byId.get(id)
    return entry ? this.positionBefore(entry.time, entry.sequence) : null
  }

  insert(object: EmulatedObject, time: number, sequence: number): void {
    const entry = { time, sequence, object }
    this.byId.set(object.id, entry)
    this.entries.splice(this.positionBefore(time, sequence), 0, entry)
  }

  replace(object: EmulatedObject): void {
    const entry = this.byId.get(object.id)
    if (entry) entry.object = object
  }

  remove(id: string): void {
    const position = this.positionOf(id)
    if (position === null) return
    this.entries.splice(position, 1)
    this.byId.delete(id)
  }

  /** Takes away everything before a time. */
  forgetBefore(time: number): EmulatedObject[] {
    const gone = this.entries.splice(0, countUntil(this, time, false))
    for (const { object } of gone) this.byId.delete(object.id)
    return gone.map(({ object }) => object)
  }

  private positionBefore(time: number, sequence: number): number {
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = this.entries[middle]
      if (entry && (entry.time < time || (entry.time === time && entry.sequence < sequence))) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Objects that are made from their number when asked for; what was changed or removed lies over them. */
export class MadeTimeline implements Timeline {
  private readonly changed = new Map<number, EmulatedObject>()
  private readonly removed = new Set<number>()
  /** Every search by time looks at the same places first. */
  private readonly times = new Map<number, number>()

  constructor(
    private readonly made: { kind: string; count: number; at(index: number): EmulatedObject; indexOf(id: string): number | null },
    private readonly timeOf: (object: EmulatedObject) => number,
  ) {}

  count(): number {
    return this.made.count
  }

  timeAt(position: number): number {
    const time = this.times.get(position) ?? this.timeOf(this.made.at(position))
    this.times.set(position, time)
    return time
  }

  at(position: number): EmulatedObject | undefined {
    if (this.removed.has(position)) return undefined
    return this.changed.get(position) ?? this.made.at(position)
  }

  positionOf(id: string): number | null {
    const position = this.made.indexOf(id)
    return position === null || this.removed.has(position) ? null : position
  }

  replace(object: EmulatedObject): void {
    const position = this.positionOf(object.id)
    if (position !== null) this.changed.set(position, object)
  }

  remove(id: string): void {
    const position = this.positionOf(id)
    if (position === null) return
    this.removed.add(position)
    this.changed.delete(position)
  }
}

/** A list as it stands inside an object, in the order in which it is sent: its last entry counts as the oldest. */
export class GivenTimeline implements Timeline {
  constructor(private readonly newestFirst: EmulatedObject[]) {}

  count(): number {
    return this.newestFirst.length
  }

  timeAt(position: number): number {
    return position
  }

  at(position: number): EmulatedObject | undefined {
    return this.newestFirst[this.newestFirst.length - 1 - position]
  }

  positionOf(id: string): number | null {
    const index = this.newestFirst.findIndex((object) => object.id === id)
    return index === -1 ? null : this.newestFirst.length - 1 - index
  }
}

/** The same objects the other way round: the first that came is sent first. It has no order of time any more. */
export function reversed(timeline: Timeline): Timeline {
  const mirror = (position: number) => timeline.count() - 1 - position
  return {
    count: () => timeline.count(),
    timeAt: (position) => timeline.timeAt(mirror(position)),
    at: (position) => timeline.at(mirror(position)),
    positionOf(id) {
      const position = timeline.positionOf(id)
      return position === null ? null : mirror(position)
    },
  }
}
