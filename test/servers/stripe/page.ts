import { countUntil, type Timeline } from './timeline'
import type { EmulatedObject } from './types'

export interface PageAsked {
  /** Later timelines come after earlier ones within a second. */
  timelines: Timeline[]
  limit: number
  /** Only what came from this second on, and until that one, both included. */
  from?: number
  until?: number
  startingAfter?: string
  endingBefore?: string
  keeps?(object: EmulatedObject): boolean
}

export class UnknownCursor extends Error {
  constructor(
    readonly param: 'starting_after' | 'ending_before',
    readonly id: string,
  ) {
    super(`Nothing is known of ${id}`)
  }
}

interface Range {
  timeline: Timeline
  low: number
  high: number
}

/** One page, the newest first. `endingBefore` gives those that stand directly before it, also the newest first. Throws UnknownCursor. */
export function pageOf(asked: PageAsked): { data: EmulatedObject[]; hasMore: boolean } {
  const { timelines, limit, from, until, startingAfter, endingBefore, keeps } = asked
  const ranges = timelines.map((timeline) => ({
    timeline,
    low: from === undefined ? 0 : countUntil(timeline, from, false),
    high: until === undefined ? timeline.count() : countUntil(timeline, until, true),
  }))
  if (startingAfter !== undefined) cutAt(ranges, startingAfter, 'starting_after')
  if (endingBefore !== undefined) cutAt(ranges, endingBefore, 'ending_before')
  const data: EmulatedObject[] = []
  for (const object of endingBefore === undefined ? newestFirst(ranges) : oldestFirst(ranges)) {
    if (keeps && !keeps(object)) continue
    if (data.length === limit) return { data: endingBefore === undefined ? data : data.reverse(), hasMore: true }
    data.push(object)
  }
  return { data: endingBefore === undefined ? data : data.reverse(), hasMore: false }
}

function cutAt(ranges: Range[], id: string, param: 'starting_after' | 'ending_before'): void {
  const rank = ranges.findIndex(({ timeline }) => timeline.positionOf(id) !== null)
  const own = ranges[rank]
  const position = own?.timeline.positionOf(id) ?? null
  if (!own || position === null) throw new UnknownCursor(param, id)
  ranges.forEach((range, index) => {
    const place = index === rank ? position : countUntil(range.timeline, own.timeline.timeAt(position), index < rank)
    if (param === 'starting_after') range.high = Math.min(range.high, place)
    else range.low = Math.max(range.low, index === rank ? place + 1 : place)
  })
}

function* newestFirst(ranges: Range[]): Generator<EmulatedObject> {
  let left = ranges.filter(({ low, high }) => low < high)
  while (left.length > 0) {
    const next = left.length === 1 ? left[0] : left.reduce((best, range) => (range.timeline.timeAt(range.high - 1) >= best.timeline.timeAt(best.high - 1) ? range : best))
    if (!next) return
    const object = next.timeline.at(--next.high)
    if (next.low >= next.high) left = left.filter((range) => range !== next)
    if (object) yield object
  }
}

function* oldestFirst(ranges: Range[]): Generator<EmulatedObject> {
  let left = ranges.filter(({ low, high }) => low < high)
  while (left.length > 0) {
    const next = left.length === 1 ? left[0] : left.reduce((best, range) => (range.timeline.timeAt(range.low) < best.timeline.timeAt(best.low) ? range : best))
    if (!next) return
    const object = next.timeline.at(next.low++)
    if (next.low >= next.high) left = left.filter((range) => range !== next)
    if (object) yield object
  }
}
