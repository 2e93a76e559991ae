import { inRangesSql, isSameBound, rangeNumberSql, type KeyRange, type KeySql, type RangeSummary } from '@/lib/core/key-range'
import { rowHashSql } from './checksum-sql'
import type { Engine } from './duckdb'
import { quoteIdentifier, quoteLiteral } from './sql-text'
import type { VersionColumn } from './version'

/** A table of ours, or what is about to be one, as it is compared with its source. */
export interface ComparedTable {
  /** A SELECT with the columns under their warehouse names. */
  rows: string
  columns: VersionColumn[]
  /** Empty where rows cannot be found by ranges. */
  key: VersionColumn[]
}

/** So many keys for each boundary make ranges of about one size. */
const SAMPLE_OF_RANGE = 64

/** Count and checksum of each range, in one pass over the table. */
export async function summariseRanges(engine: Engine, table: ComparedTable, ranges: KeyRange[]): Promise<RangeSummary[]> {
  const sql = keySql(table.key)
  const condition = inRangesSql(ranges, sql)
  const found = await engine.rows(`
    SELECT range, count(*), CAST(sum(hash) AS VARCHAR)
    FROM (SELECT ${rangeNumberSql(ranges, sql)} AS range, ${rowHashSql(comparedValues(table.columns))} AS hash FROM (${table.rows})${condition ? ` WHERE ${condition}` : ''})
    GROUP BY range`)
  const byNumber = new Map(found.map(([range, rows, checksum]) => [Number(range), { rows: Number(rows), checksum: String(checksum) }]))
  return ranges.map((_, number) => byNumber.get(number) ?? { rows: 0, checksum: '0' })
}

/** Cut ranges of our keys into about `pieces` of one size; a range that has too few rows for that stays whole. */
export async function divideRanges(engine: Engine, { rows, key }: ComparedTable, ranges: KeyRange[], pieces: number): Promise<KeyRange[][]> {
  if (!key.length || pieces < 2) return ranges.map((range) => [range])
  const sql = keySql(key)
  const names = key.map(({ name }) => quoteIdentifier(name))
  const condition = inRangesSql(ranges, sql)
  const cuts = await engine.rows(`
    WITH sampled AS (SELECT ${names.join(', ')} FROM (SELECT ${names.join(', ')} FROM (${rows})${condition ? ` WHERE ${condition}` : ''}) USING SAMPLE reservoir(${pieces * SAMPLE_OF_RANGE} ROWS) REPEATABLE (1)),
    ordered AS (SELECT *, row_number() OVER (ORDER BY ${names.join(', ')}) AS number, count(*) OVER () AS total FROM sampled)
    SELECT ${rangeNumberSql(ranges, sql)}, ${names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ')}
    FROM ordered WHERE number % greatest(1, total // ${pieces}) = 0 ORDER BY number`)
  const byRange = new Map<number, string[][]>()
  for (const [range, ...bound] of cuts) byRange.set(Number(range), [...(byRange.get(Number(range)) ?? []), bound.map(String)])
  return ranges.map((range, number) => cutRange(range, byRange.get(number) ?? []))
}

function cutRange({ from, to }: KeyRange, cuts: string[][]): KeyRange[] {
  const bounds = cuts.filter((cut, index) => !isSameBound(cut, from) && !isSameBound(cut, cuts[index - 1] ?? null))
  const starts = [from, ...bounds]
  return starts.map((start, index) => ({ from: start, to: bounds[index] ?? to }))
}

/** Keys in the order that the source has too. Empty without a key: then there is one range, of everything. */
export function keySql(key: VersionColumn[], nameOf: (column: VersionColumn) => string = ({ name }) => quoteIdentifier(name)): KeySql {
  return {
    key: rowSql(key.map(nameOf)),
    bound: (values) => rowSql(key.map(({ type }, index) => `CAST(${quoteLiteral(values[index] ?? '')} AS ${type})`)),
  }
}

function rowSql(values: string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`
}

function comparedValues(columns: VersionColumn[]) {
  return columns.map(({ name, type, sourceType }) => ({ type, sourceType, value: quoteIdentifier(name) }))
}
