export interface Search {
  pace: number
  startPerSecond: number
  /** What the service says that it allows; undefined where it says nothing. */
  likelyPerSecond: number | undefined
  /** Does the service let no burst pass? */
  isStrict: boolean
  /** Since the request before. */
  seconds: number
  sinceStartMs: number
  /** Undefined before the first answer. */
  latencyMs: number | undefined
  /** Passes within the last second. */
  passedLately: number
}

/** After a moment at the start the pace is this many times as high. A service that hides a far lower limit behind a burst of a second's worth shows it before the pace grows further. */
const JUMP = 2.5
const JUMP_MS = 300
const LEVEL_MS = 1450
/** From then on: by so many requests a second within a second, or by this share, and never beyond so many times of what passed during the last second. */
const GROWTH = 90
const GROWTH_SHARE = 0.7
const STRETCH = 2.2
/** A service that lets no burst pass shows its limit at once: the pace grows from the start, by this share at most from one request to the next. */
const STRICT_SHARE = 1
const STRICT_AT_ONCE = 0.05
/** At a longer latency a refusal is heard of later, so that growth is slower. */
export const QUICK_LATENCY_MS = 180

/** A limit that is told is approached at once, up to a little below; from there the pace grows slowly, and faster the longer nothing is refused. */
const LIKELY = 0.97
const TO_LIKELY_MS = 500
const BEYOND_SHARE = 0.01
const BEYOND_DOUBLES_MS = 5000

/** The next pace while nothing was refused yet. */
export function searchedPace({ pace, startPerSecond, likelyPerSecond, isStrict, seconds, sinceStartMs, latencyMs, passedLately }: Search): number {
  if (latencyMs === undefined) return pace
  if (likelyPerSecond !== undefined) return beyondLikely(pace, likelyPerSecond * LIKELY, seconds, sinceStartMs)
  if (isStrict) return pace + Math.min(Math.max(GROWTH, pace * STRICT_SHARE) * seconds, pace * STRICT_AT_ONCE)
  const level = sinceStartMs > JUMP_MS ? startPerSecond * JUMP : startPerSecond
  const proved = sinceStartMs > LEVEL_MS ? passedLately * STRETCH : 0
  const growth = Math.max(GROWTH, pace * GROWTH_SHARE) * seconds * Math.min(1, QUICK_LATENCY_MS / latencyMs)
  return Math.max(pace, Math.min(Math.max(level, proved), Math.max(level, pace + growth)))
}

function beyondLikely(pace: number, level: number, seconds: number, sinceStartMs: number): number {
  if (pace < level) return Math.min(level, pace + (level * seconds * 1000) / TO_LIKELY_MS)
  return pace * (1 + Math.min(BEYOND_SHARE * 2 ** (sinceStartMs / BEYOND_DOUBLES_MS), GROWTH_SHARE) * seconds)
}
