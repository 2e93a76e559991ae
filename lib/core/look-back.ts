import { formatCount, formatQuantity } from './format'

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

export const LONGEST_LOOK_BACK = 2_000_000_000

/** By the type of the replication key in the warehouse; null where nothing can be taken off. */
export function lookBackKind(type: string): LookBackKind | null {
  if (type.startsWith('TIMESTAMP')) return 'time'
  if (type === 'DATE') return 'date'
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL\(.*\))$/.test(type) ? 'number' : null
}

/** `10 minutes`, `1 day`, `none`, `1,000`; null for the usual one. */
export function lookBackWords(kind: LookBackKind, lookBack: number | null): string {
  const amount = lookBack ?? DEFAULT_LOOK_BACK[kind]
  if (amount === 0) return 'none'
  if (kind === 'number') return formatCount(amount)
  const unit = kind === 'date' ? 'day' : lookBackUnit(amount)
  return formatQuantity(Math.ceil(amount / LOOK_BACK_UNITS[unit]), unit)
}

export const LOOK_BACK_UNITS = { second: 1, minute: 60, hour: 3_600, day: DAY_SECONDS }
export type LookBackUnit = keyof typeof LOOK_BACK_UNITS

/** The longest unit that an amount of seconds is whole in. */
export function lookBackUnit(seconds: number): LookBackUnit {
  return (['day', 'hour', 'minute'] as const).find((unit) => seconds > 0 && seconds % LOOK_BACK_UNITS[unit] === 0) ?? 'second'
}

/** Why a look-back cannot be saved; null when it can. */
export function lookBackProblem(lookBack: number | null | undefined): string | null {
  return Number.isNaN(lookBack) ? 'Enter the look-back as a whole number, 0 for none' : null
}
