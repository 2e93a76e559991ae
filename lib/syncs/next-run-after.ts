import { createHash } from 'node:crypto'
import type { Frequency } from './schema'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const periodMs: Record<Exclude<Frequency, 'month'>, number> = {
  five_minutes: 5 * MINUTE_MS,
  thirty_minutes: 30 * MINUTE_MS,
  hour: HOUR_MS,
  six_hours: 6 * HOUR_MS,
  twelve_hours: 12 * HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
}

/** What is due again so soon after it came, as a part of its period, comes one period later. */
const TOO_SOON = 0.1

/**
 * When a schema is due again. Each has its own place in the period, told by the seed (its id), so that those that were linked together, or were all late after an
 * outage, do not come together: at the latest 1.1 periods after `from`, and from its second run on exactly one period after its place, late or not.
 * A month has no even length: there it is the same day and about the same hour. Times are UTC.
 */
export function nextRunAfter(frequency: Frequency, from: Date, seed: string): Date {
  if (frequency === 'month') return placeNear(monthLater(from).getTime(), HOUR_MS, seed)
  const period = periodMs[frequency]
  return placeNear(from.getTime() + (0.5 + TOO_SOON) * period, period, seed)
}

/** The place in a cell of time, of the cell whose place is nearest to `target`. */
function placeNear(target: number, cellMs: number, seed: string): Date {
  const phaseMs = fraction(seed) * cellMs
  return new Date(Math.round(Math.round((target - phaseMs) / cellMs) * cellMs + phaseMs))
}

/** The same day of the next month, or that month's last day. */
function monthLater(from: Date): Date {
  const later = new Date(from)
  later.setUTCMonth(later.getUTCMonth() + 1)
  if (later.getUTCDate() !== from.getUTCDate()) later.setUTCDate(0)
  return later
}

/** A number from 0 to 1 that looks random and is the same for the same text. */
function fraction(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32
}
