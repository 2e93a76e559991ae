export interface Search {
  pace: number
  startPerSecond: number
  isStrict: boolean
  /** Since the request before. */
  seconds: number
  sinceStartMs: number
  /** Undefined before the first answer. */
  latencyMs: number | undefined
  /** Passes within the last second. */
  passedLately: number
}

/** After the first answer the pace is this many times the start. A service that hides its limit behind a burst of a second's worth shows it within `FIRST_LEVEL_MS` if it is far below. */
const JUMP = 2.5
const FIRST_LEVEL_MS = 1300
/** From then on: by so many requests a second within a second, and never beyond so many times of what passed during the last second. */
const GROWTH = 90
const GROWTH_SHARE = 0.7
const STRETCH = 2.2
/** A service that lets no burst pass shows its limit at once: the pace grows from the start, by this share of itself at most from one request to the next. */
const STRICT_GROWTH = 0.05
/** At a longer latency a refusal is heard of later, so that growth is slower. */
const QUICK_LATENCY_MS = 120

/** The next pace while nothing was refused yet. */
export function searchedPace({ pace, startPerSecond, isStrict, seconds, sinceStartMs, latencyMs, passedLately }: Search): number {
  if (latencyMs === undefined) return pace
  const damping = Math.min(1, QUICK_LATENCY_MS / latencyMs)
  const growth = Math.max(GROWTH, pace * GROWTH_SHARE) * seconds * damping
  if (isStrict) return pace + Math.min(Math.max(GROWTH, pace) * seconds, pace * STRICT_GROWTH)
  const level = sinceStartMs > 400 ? startPerSecond * JUMP : startPerSecond
  const proved = sinceStartMs > FIRST_LEVEL_MS ? passedLately * STRETCH : 0
  const target = Math.max(level, proved)
  return target > pace ? Math.min(target, Math.max(level, pace + growth)) : pace
}
