/** How numbers, sizes and times are written, on the server, in the browser and on the command line alike. Pure. */

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `1,204,331`. Takes a bigint too, since a table's rows may be one. */
export function formatCount(count: number | bigint): string {
  return counts.format(count)
}

/** `1.2 M`: only where space forces it, with the exact number in a tooltip. */
export function formatCompact(count: number | bigint): string {
  return compact.format(count).replace(/([KMBT])$/, '\u00a0$1')
}

/** `9 of 12` words: `1 row`, `1,204 rows`. */
export function formatQuantity(count: number | bigint, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Number(count) === 1 ? one : many}`
}

/** Bytes in steps of 1000, three digits at most: `0 B`, `999 B`, `1.4 GB`, `310 MB`. */
export function formatBytes(bytes: number | bigint): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = Math.abs(Number(bytes))
  let unit = 0
  // 999.5 would be written as "1000": it belongs to the next unit
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  const sign = Number(bytes) < 0 ? '-' : ''
  return `${sign}${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit]}`
}

/** A duration in milliseconds: `0 ms`, `840 ms`, `1.2 s`, `12 s`, `1 m 12 s`, `2 h 5 m`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs)
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9.95 * SECOND) return `${(ms / SECOND).toFixed(1).replace(/\.0$/, '')} s`
  const seconds = Math.round(ms / SECOND)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'm', seconds % 60, 's')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm')
  const hours = Math.floor(minutes / 60)
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** `310,000 rows/s`; below ten with one digit, so that a slow source does not look stopped. */
export function formatRate(perSecond: number, unit = 'rows'): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return `0 ${unit}/s`
  return perSecond < 10 ? `${perSecond.toFixed(1).replace(/\.0$/, '')} ${unit}/s` : `${formatCount(Math.round(perSecond))} ${unit}/s`
}

/** `64 %`; never `100 %` before it is done, and never less than zero. `share` is 0 to 1. */
export function formatPercent(share: number): string {
  const percent = share >= 1 ? 100 : Math.min(99, Math.floor(Math.max(0, share) * 100))
  return `${percent} %`
}

/** When something was, from now: `just now`, `42 s ago`, `4 min ago`, `3 h ago`, `2 days ago`, `3 Oct 2026`; ahead: `in 5 min`. */
export function formatAgo(time: string | Date | null, now: number | Date = Date.now()): string {
  if (time === null) return 'never'
  const at = new Date(time).getTime()
  if (Number.isNaN(at)) return 'never'
  const past = Number(now) - at
  const distance = Math.abs(past)
  if (distance < 10 * SECOND) return past >= 0 ? 'just now' : 'in a moment'
  const words = distanceWords(distance)
  if (!words) return dateWords(new Date(at))
  return past >= 0 ? `${words} ago` : `in ${words}`
}

function distanceWords(distance: number): string | undefined {
  if (distance < MINUTE) return `${Math.floor(distance / SECOND)} s`
  if (distance < HOUR) return `${Math.floor(distance / MINUTE)} min`
  if (distance < DAY) return `${Math.floor(distance / HOUR)} h`
  const days = Math.floor(distance / DAY)
  return days <= 30 ? `${days} ${days === 1 ? 'day' : 'days'}` : undefined
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function dateWords(at: Date): string {
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

/** The exact time with its zone, for tooltips: `24 Nov 2026, 14:05:09 GMT+1`. Without a zone, the reader's own. */
export function formatDateTime(time: string | Date, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short', timeZone,
  }).formatToParts(new Date(time))
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('day')} ${of('month')} ${of('year')}, ${of('hour')}:${of('minute')}:${of('second')} ${of('timeZoneName')}`
}
