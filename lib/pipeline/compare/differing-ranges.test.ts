import { expect, it } from 'vitest'
import type { KeyRange, RangeSummary } from '@/lib/core/key-range'
import { limits } from '@/lib/core/limits'
import { randomOf, type Random } from '@/test/random'
import { findDifferingRanges, type Sides } from './differing-ranges'

type Table = Map<number, number>

const bound = (text: string[] | null, open: number) => (text === null ? open : Number(text[0]))

function rowsIn(table: Table, { from, to }: KeyRange): [number, number][] {
  const [low, high] = [bound(from, -Infinity), bound(to, Infinity)]
  return [...table].filter(([key]) => key >= low && key < high)
}

/** Two tables in memory, cut as the warehouse cuts: by our keys. */
function sidesOf(ours: Table, theirs: Table): Sides & { asked: number[] } {
  const asked: number[] = []
  const summarise = (table: Table, ranges: KeyRange[]): RangeSummary[] => ranges.map((range) => {
    const rows = rowsIn(table, range)
    return { rows: rows.length, checksum: String(rows.reduce((sum, [key, value]) => sum + ((key * 31 + value) % 1_000_003), 0)) }
  })
  return {
    asked,
    rows: ours.size,
    ours: async (ranges) => summarise(ours, ranges),
    async theirs(ranges) {
      asked.push(ranges.length)
      return summarise(theirs, ranges)
    },
    divide: async (ranges, pieces) => {
      const total = ranges.reduce((rows, range) => rows + rowsIn(ours, range).length, 0)
      return ranges.map((range) => cut(range, rowsIn(ours, range).map(([key]) => key).sort((a, b) => a - b), Math.max(1, Math.floor(total / pieces))))
    },
  }
}

function cut({ from, to }: KeyRange, keys: number[], step: number): KeyRange[] {
  const bounds = keys.filter((_, index) => index > 0 && index % step === 0).map((key) => [String(key)])
  return [from, ...bounds].map((start, index) => ({ from: start, to: bounds[index] ?? to }))
}

function differ(ours: Table, theirs: Table): number[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((key) => ours.get(key) !== theirs.get(key))
}

function twoTables(random: Random): { ours: Table; theirs: Table } {
  const ours: Table = new Map(Array.from({ length: random(4000) }, () => [random(50_000), random(9)]))
  const theirs = new Map(ours)
  for (let change = random(30); change > 0; change--) {
    const key = random(50_000)
    if (random(2)) theirs.set(key, 10 + random(9))
    else theirs.delete([...theirs.keys()][random(theirs.size || 1)] ?? key)
  }
  return { ours, theirs }
}

it.each(Array.from({ length: 25 }, (_, seed) => seed))('every key that differs lies in a range that was found, in order, and little else does (seed %i)', async (seed) => {
  const { ours, theirs } = twoTables(randomOf(seed + 1))
  const found = await findDifferingRanges(sidesOf(ours, theirs))
  const inside = new Set(found.differing.flatMap((range) => [...rowsIn(ours, range), ...rowsIn(theirs, range)].map(([key]) => key)))
  const wrong = differ(ours, theirs)
  expect(wrong.filter((key) => !inside.has(key))).toEqual([])
  expect(found.rows).toBe(theirs.size)
  expect(inside.size).toBeLessThanOrEqual(wrong.length * 3 * limits.compare.rowsOfRange)
  const starts = found.differing.map(({ from }) => bound(from, -Infinity))
  expect(starts).toEqual([...starts].sort((a, b) => a - b))
})

it('equal tables are known by one question', async () => {
  const { ours } = twoTables(randomOf(3))
  const sides = sidesOf(ours, new Map(ours))
  expect(await findDifferingRanges(sides)).toMatchObject({ differing: [], differingRows: 0 })
  expect(sides.asked).toHaveLength(1)
})

it('rows that only the source has, however many, beyond all of our keys, are found', async () => {
  const ours: Table = new Map([[5, 1]])
  const theirs: Table = new Map(Array.from({ length: 3000 }, (_, key) => [key - 1500, 1]))
  const found = await findDifferingRanges(sidesOf(ours, theirs))
  expect(found.differing).toEqual([{ from: null, to: null }])
  expect(found.differingRows).toBe(3000)
})
