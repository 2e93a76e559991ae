import type { Shown } from './number-formats'

const DAY_MS = 86_400_000
/** 9999-12-31. */
const LAST_DAY = 2_958_465

/**
 * The number of days that a workbook keeps for a moment, as ISO 8601 to the millisecond, which is as exact as such a number is; null when it is none.
 * Counting from 1900, day 60 is the 29th of February 1900, which never was.
 */
export function serialDate(serial: number, shown: Shown, is1904: boolean): string | null {
  if (shown === 'number' || !Number.isFinite(serial) || serial < 0 || serial >= LAST_DAY + 1) return null
  if (shown === 'time' && serial < 1) return timeOf(Math.round(serial * DAY_MS))
  if (!is1904 && serial < 1) return null
  if (!is1904 && serial >= 60 && serial < 61) return null
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30)
  const moment = epoch + Math.round(serial * DAY_MS)
  const day = new Date(moment).toISOString().slice(0, 10)
  const time = (moment % DAY_MS + DAY_MS) % DAY_MS
  return time === 0 ? day : `${day} ${timeOf(time)}`
}

function timeOf(ms: number): string {
  const text = new Date(Math.min(ms, DAY_MS - 1)).toISOString().slice(11, 23)
  return text.endsWith('.000') ? text.slice(0, 8) : text
}
