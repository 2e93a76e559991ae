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

/**
 * When a schema is due again: one period after `from`, moved by at most a twentieth of the period (and half an hour), so
 * that schemas that were linked together do not all come at the same second. The seed (the schema's id) decides its place:
 * from its second run on a schema keeps its minute, and being started some seconds late does not make it drift. Times are UTC.
 */
export function nextRunAfter(frequency: Frequency, from: Date, seed: string): Date {
  const target = frequency === 'month' ? monthLater(from).getTime() : from.getTime() + periodMs[frequency]
  const cellMs = frequency === 'month' ? HOUR_MS : Math.min(periodMs[frequency] / 10, HOUR_MS)
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
