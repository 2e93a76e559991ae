/**
 * How far below its cursor an incremental read begins: in seconds for a time or a date, in units for a number. What transactions that are open at the
 * source may still commit is not its business where the source tells of them; it is for keys that were taken before their transaction began, for
 * clocks that differ or are set back, and for sources that cannot tell.
 */
export type LookBackKind = 'time' | 'date' | 'number'

/**
 * Ten minutes: more than clocks of one system differ by, less than most syncs are apart. A day: a date may be of any zone. Numbers: none, since nobody
 * but their owner knows what one stands for.
 */
export const DEFAULT_LOOK_BACK: Record<LookBackKind, number> = { time: 600, date: 86_400, number: 0 }

export const DAY_SECONDS = 86_400

/** By the type of the replication key in the warehouse; null where nothing can be taken off. */
export function lookBackKind(type: string): LookBackKind | null {
  if (type.startsWith('TIMESTAMP')) return 'time'
  if (type === 'DATE') return 'date'
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL\(.*\))$/.test(type) ? 'number' : null
}
