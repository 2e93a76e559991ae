import type { CellValue } from '@/lib/sql-editor/schema'
import { cellText, isNumberType } from './cell-text'

export interface SortBy {
  column: number
  isDescending: boolean
}

/** The order in which rows are shown, as indexes. NULL comes last either way; equal rows keep their order. */
export function sortedIndexes(rows: CellValue[][], columns: { type: string }[], sort: SortBy | null): number[] {
  const indexes = rows.map((_, index) => index)
  if (!sort) return indexes
  const compare = isNumberType(columns[sort.column]?.type ?? '') ? compareNumbers : compareTexts
  const sign = sort.isDescending ? -1 : 1
  return indexes.sort((a, b) => {
    const left = rows[a]?.[sort.column] ?? null
    const right = rows[b]?.[sort.column] ?? null
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b
    return sign * compare(left, right) || a - b
  })
}

function compareNumbers(a: CellValue, b: CellValue): number {
  const difference = rank(a) - rank(b)
  if (difference) return difference
  const left = parts(a)
  const right = parts(b)
  if (!left || !right) return Number(a) - Number(b)
  const whole = left.whole < right.whole ? -1 : left.whole > right.whole ? 1 : 0
  if (whole) return whole
  const fraction = left.fraction < right.fraction ? -1 : left.fraction > right.fraction ? 1 : 0
  return left.isNegative ? -fraction : fraction
}

/** Infinity above all numbers and NaN above it, as the engine orders them. */
function rank(value: CellValue): number {
  if (value === 'NaN') return 2
  if (value === 'Infinity') return 1
  return value === '-Infinity' ? -1 : 0
}

/** Exact parts of a number that may have more digits than a double. */
function parts(value: CellValue): { whole: bigint; fraction: string; isNegative: boolean } | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) return null
  return { whole: BigInt(`${match[1]}${match[2]}`), fraction: (match[3] ?? '').replace(/0+$/, ''), isNegative: match[1] === '-' }
}

function compareTexts(a: CellValue, b: CellValue): number {
  const left = cellText(a)
  const right = cellText(b)
  return left < right ? -1 : left > right ? 1 : 0
}
