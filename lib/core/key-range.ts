/** Keys at or above `from` and below `to`, each a text per key column; null where there is no bound. */
export interface KeyRange {
  from: string[] | null
  to: string[] | null
}

/** What one side says of a range: how many rows it has, and the sum of their hashes as a number in text (docs/checksums.md). */
export interface RangeSummary {
  rows: number
  checksum: string
}

/** Every key there is. */
export const EVERY_KEY: KeyRange = { from: null, to: null }

/** The dialect of one engine, for conditions on keys. */
export interface KeySql {
  /** The key, in the order on which both sides agree. */
  key: string
  /** A bound as a value that compares with the key. */
  bound(values: string[]): string
}

/** Ranges in order, those that touch as one. */
export function joinTouching(ranges: KeyRange[]): KeyRange[] {
  const runs: KeyRange[] = []
  for (const range of ranges) {
    const last = runs.at(-1)
    if (last && isSameBound(last.to, range.from)) last.to = range.to
    else runs.push({ ...range })
  }
  return runs
}

/** The condition that a row is in one of the ranges, which are in order. Null: every row is. */
export function inRangesSql(ranges: KeyRange[], sql: KeySql): string | null {
  const runs = joinTouching(ranges)
  if (runs.some(({ from, to }) => from === null && to === null)) return null
  if (!runs.length) return 'false'
  return `(${runs.map(({ from, to }) => [from && `${sql.key} >= ${sql.bound(from)}`, to && `${sql.key} < ${sql.bound(to)}`].filter(Boolean).join(' AND ')).join(' OR ')})`
}

/**
 * The number of a row's range among ranges that are in order, as nested CASEs: a search by halves that both engines evaluate, whatever the
 * type of the key, and only as deep as it must be. NULL between the ranges.
 */
export function rangeNumberSql(ranges: KeyRange[], sql: KeySql): string {
  const cuts: string[][] = []
  const numbers: (number | null)[] = [null]
  for (const [number, { from, to }] of ranges.entries()) {
    if (from !== null && !isSameBound(from, cuts.at(-1) ?? null)) {
      cuts.push(from)
      numbers.push(null)
    }
    numbers[numbers.length - 1] = number
    if (to === null) continue
    cuts.push(to)
    numbers.push(null)
  }
  const search = (low: number, high: number): string => {
    if (low === high) return String(numbers[low] ?? 'NULL')
    const middle = (low + high) >> 1
    return `CASE WHEN ${sql.key} < ${sql.bound(cuts[middle] ?? [])} THEN ${search(low, middle)} ELSE ${search(middle + 1, high)} END`
  }
  return search(0, cuts.length)
}

export function isSameBound(a: string[] | null, b: string[] | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((value, index) => value === b[index])
}
