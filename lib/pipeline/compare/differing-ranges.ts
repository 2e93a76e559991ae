import { EVERY_KEY, joinTouching, type KeyRange, type RangeSummary } from '@/lib/core/key-range'
import { limits } from '@/lib/core/limits'

/** A table at its source and here, as it is compared. */
export interface Sides {
  /** Rows that we have: how finely it pays to divide. */
  rows: number
  ours(ranges: KeyRange[]): Promise<RangeSummary[]>
  theirs(ranges: KeyRange[]): Promise<RangeSummary[]>
  /** Each range in several of about one size; alone in its list where it cannot be divided. */
  divide(ranges: KeyRange[], pieces: number): Promise<KeyRange[][]>
}

export interface RangesFound {
  /** Rows at the source. */
  rows: number
  /** Ranges that were compared, on all levels. */
  ranges: number
  /** Where the sides differ, in order; those that touch as one. */
  differing: KeyRange[]
  /** The rows in these, on the side that has more. */
  differingRows: number
}

/** A range on its way: to be compared, or known to differ and small enough to be read. */
interface Item {
  range: KeyRange
  /** On the side that has more; null while it is to be compared. */
  rows: number | null
}

/**
 * Where a table and its source differ: count and checksum of ranges, one question per level to each side, and only ranges that differ are divided.
 * Both sides are asked at the same time.
 */
export async function findDifferingRanges(sides: Sides): Promise<RangesFound> {
  const { rowsOfRange, firstRanges, levels } = limits.compare
  const found: RangesFound = { rows: 0, ranges: 0, differing: [], differingRows: 0 }
  const pieces = Math.min(firstRanges, Math.ceil(sides.rows / rowsOfRange))
  let items = (await sides.divide([EVERY_KEY], pieces)).flat().map((range): Item => ({ range, rows: null }))
  for (let level = 1; items.some(isToCompare); level++) {
    const asked = items.filter(isToCompare).map(({ range }) => range)
    const [ours, theirs] = await Promise.all([sides.ours(asked), sides.theirs(asked)])
    found.ranges += asked.length
    if (level === 1) found.rows = theirs.reduce((rows, range) => rows + range.rows, 0)
    const differing = differingOf(items, ours, theirs)
    items = level < levels ? await divideBig(differing, sides) : differing
  }
  found.differing = joinTouching(items.map(({ range }) => range))
  found.differingRows = items.reduce((rows, item) => rows + (item.rows ?? 0), 0)
  return found
}

function isToCompare({ rows }: Item): boolean {
  return rows === null
}

/** What differs of what was asked, and what was known to. */
function differingOf(items: Item[], ours: RangeSummary[], theirs: RangeSummary[]): Item[] {
  let index = 0
  return items.flatMap((item): Item[] => {
    if (!isToCompare(item)) return [item]
    const [our, their] = [ours[index], theirs[index++]]
    if (!our || !their) throw new Error('A range was not summarised')
    return our.rows === their.rows && our.checksum === their.checksum ? [] : [{ range: item.range, rows: Math.max(our.rows, their.rows) }]
  })
}

/** The big ones in pieces that are to be compared; what cannot be divided stays. */
async function divideBig(items: Item[], sides: Sides): Promise<Item[]> {
  const { rowsOfRange, rangesAtOnce } = limits.compare
  const isBig = ({ rows }: Item) => (rows ?? 0) > 2 * rowsOfRange
  const big = items.filter(isBig)
  if (!big.length) return items
  const rows = big.reduce((total, each) => total + (each.rows ?? 0), 0)
  const divided = await sides.divide(big.map(({ range }) => range), Math.min(rangesAtOnce, Math.max(2 * big.length, Math.ceil(rows / rowsOfRange))))
  let index = 0
  return items.flatMap((item): Item[] => {
    if (!isBig(item)) return [item]
    const pieces = divided[index++] ?? []
    return pieces.length > 1 ? pieces.map((range) => ({ range, rows: null })) : [item]
  })
}
