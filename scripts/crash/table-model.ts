import type { Method } from './generate'
import type { Table } from './source-model'

/** What a sync was asked for, and by which settings. */
export interface Asked {
  method: Method
  isFull: boolean
  isRepair: boolean
  brakePercent: number | null
}

export interface Expected {
  /** What the table holds once it is done. */
  next: Table
  /** Is that kept for somebody to decide, and the table stays as it was? */
  waits: boolean
}

/** The brake is told of tables with more rows than this one. */
export const BRAKE_FROM_ROWS = 40

/** What a table has to hold after a sync, by the meaning of its method alone. */
export function expectSync(former: Table | null, source: Table, { method, isFull, isRepair, brakePercent }: Asked): Expected {
  const isAnew = former === null || isFull || (method === 'full' && !isRepair)
  const isEqual = isAnew || isRepair || method === 'reconciled'
  // rows that are gone at the source stay, since no row tells of them
  const next = isEqual ? source : new Map([...former, ...source])
  return { next, waits: brakePercent !== null && former !== null && tripsBrake(former, next, brakePercent, isAnew) }
}

/** Where every row is read anew, rows that stay are not compared. */
function tripsBrake(former: Table, next: Table, percent: number, isAnew: boolean): boolean {
  if (former.size === 0) return false
  if (next.size === 0) return true
  if (former.size <= BRAKE_FROM_ROWS) return false
  let touched = 0
  for (const [key, text] of former) if (!next.has(key) || (!isAnew && next.get(key) !== text)) touched++
  return touched * 100 > former.size * percent
}

export function isSame(one: Table | null, other: Table | null): boolean {
  if (one === null || other === null) return one === other
  if (one.size !== other.size) return false
  for (const [key, text] of one) if (other.get(key) !== text) return false
  return true
}

/** How a table differs from another one, in words. */
export function differenceWords(found: Table | null, wanted: Table | null): string {
  if (found === null || wanted === null) return found === wanted ? 'the same' : `${sizeWords(found)} in place of ${sizeWords(wanted)}`
  const missing = [...wanted].filter(([key]) => !found.has(key))
  const extra = [...found].filter(([key]) => !wanted.has(key))
  const other = [...found].filter(([key, text]) => wanted.has(key) && wanted.get(key) !== text)
  const shown = (words: string, rows: [string, string][]) => (rows.length ? [`${rows.length} ${words}, such as ${rows[0]?.[1].slice(0, 120)}`] : [])
  return [...shown('missing', missing), ...shown('too many', extra), ...shown('with other values', other)].join('; ') || 'the same'
}

export function sizeWords(table: Table | null): string {
  return table === null ? 'no version' : `${table.size} rows`
}
