import { formatCount, formatPercent, formatQuantity } from '@/lib/core/format'
import type { HeldDifference } from '@/lib/core/held-difference'

/** What publishing would do to the table: "It would lose 409,890 of 812,003 rows (50 %)". */
export function heldWords({ reason, rowsBefore, removed, updated }: HeldDifference): string {
  const of = `of ${formatQuantity(rowsBefore, 'row')}`
  if (reason === 'emptied') return rowsBefore === 1 ? 'It would lose its only row' : `It would lose all ${formatQuantity(rowsBefore, 'row')}`
  if (reason === 'removed') return `It would lose ${formatCount(removed)} ${of} (${share(removed, rowsBefore)})${updated ? `, and ${formatCount(updated)} would change` : ''}`
  return `${formatCount(updated)} ${of} would change (${share(updated, rowsBefore)})${removed ? `, and ${formatCount(removed)} would be gone` : ''}`
}

/** How the two were compared, where that is not plain from the numbers. */
export function comparedWords({ by, percent, reason }: HeldDifference): string {
  const limit = reason === 'emptied' ? 'A version that would empty the table waits for you' : `More than ${percent} % of the rows waits for you`
  if (by === 'keys') return `${limit}. Rows were compared by their keys; whether rows that stay have other values was not`
  return by === 'counts' ? `${limit}. Rows were counted, not compared` : limit
}

function share(part: number, whole: number): string {
  return formatPercent(part / whole)
}
