import type pg from 'pg'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { inRangesSql, joinTouching, rangeNumberSql, type KeyRange, type RangeSummary } from '@/lib/core/key-range'
import type { SourceColumn, SummaryRequest } from '../contract'
import { rowHashSql } from './checksum-sql'
import { PostgresLocation } from './discover-postgres'
import { keySql } from './key-sql'
import { quoteIdentifier } from './sql-text'

/** With more ranges than this side by side, one pass over the table is cheaper than looking up each of them. */
const RANGES_LOOKED_UP = 200

const Answer = z.array(z.tuple([z.number().int().nullable(), z.coerce.number(), z.string()]))

/** Count and checksum of each range in one statement, which the server may spread over its parallel workers. */
export async function summarise(client: pg.Client, request: SummaryRequest): Promise<RangeSummary[]> {
  const { rows: settings } = await client.query<{ version: number; encoding: string }>(`SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`)
  const { version = 0, encoding = '' } = settings[0] ?? {}
  if (encoding !== 'UTF8') throw notComparable(encoding)
  await client.query(QUIET)
  const answer = Answer.parse((await client.query({ text: summarySql(request, version), rowMode: 'array' })).rows)
  const byNumber = new Map(answer.map(([number, rows, checksum]) => [number, { rows, checksum }]))
  return request.ranges.map((_, number) => byNumber.get(number) ?? { rows: 0, checksum: '0' })
}

/** Compiling thousands of small conditions takes longer than what they save. */
const QUIET = `SELECT pg_catalog.set_config(name, 'off', true) FROM pg_catalog.pg_settings WHERE name = 'jit'`

/**
 * An unused WITH keeps the inner SELECT apart. Taken together with the outer one, the planner would look through the number of the range at the key, expect a group for each row,
 * sort all rows on disk, and leave every hash to one process; of what stands apart it expects two hundred groups, and lets each parallel worker hash and add up its own rows.
 */
export function summarySql({ location, columns, key, ranges }: SummaryRequest, version: number): string {
  const { namespace, table } = PostgresLocation.parse(location)
  const filter = rangeCondition(key, ranges)
  const number = key.length ? rangeNumberSql(ranges, keySql(key)) : '0'
  return `SELECT range, count(*), sum(hash)::text
    FROM (WITH apart AS (SELECT 1) SELECT ${number} AS range, ${rowHashSql(columns, version)} AS hash FROM ${quoteIdentifier(namespace)}.${quoteIdentifier(table)}${filter ? ` WHERE ${filter}` : ''}) AS rows
    GROUP BY range`
}

/** Null: every row is in them. */
export function rangeCondition(key: SourceColumn[], ranges: KeyRange[]): string | null {
  if (!key.length) return null
  const sql = keySql(key)
  return joinTouching(ranges).length > RANGES_LOOKED_UP ? `(${rangeNumberSql(ranges, sql)}) IS NOT NULL` : inRangesSql(ranges, sql)
}

function notComparable(encoding: string): AppError {
  return new AppError('source', {
    title: 'The table cannot be compared by checksums',
    detail: `The database keeps its texts in ${encoding}, and a checksum is made of UTF8`,
    advice: 'Sync the table whole where you need its deletions',
  })
}
