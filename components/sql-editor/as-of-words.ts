import { formatCount, formatDateTime } from '@/lib/core/format'
import type { AsOf } from '@/lib/sql-editor/schema'

/** As of when tables are read: "28 Nov 2026, 12:00:00 GMT+1; orders as of version 12". */
export function asOfWords({ time, versions }: AsOf): string {
  return [...(time === null ? [] : [formatDateTime(time)]), ...versions.map(({ table, version }) => `${table} as of version ${formatCount(version)}`)].join('; ')
}

/** A time as a field of date and time shows it, in the zone of the reader. */
export function toFieldTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
