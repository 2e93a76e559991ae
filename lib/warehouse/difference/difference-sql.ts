import { castSql } from '../types/cast-sql'
import type { TableSnapshot } from '../version'
import type { PairedColumn } from './pair-columns'

export type ChangeKind = 'inserted' | 'updated' | 'deleted'

export interface Page {
  kind: ChangeKind | null
  offset: number
  rows: number
  /** Longer texts are cut for the page; null shows them whole. */
  letters: number | null
}

export interface Compared {
  columns: PairedColumn[]
  before: TableSnapshot
  after: TableSnapshot
  /** The names of all files, by which a file's number is turned back into its name. */
  names: string
  page: Page
}

/**
 * The one SELECT of a comparison, over the views `before_rows` and `after_rows` (`changed-rows-sql.ts`): a row for each change of the page, with the numbers of all changes in front; one row without a change
 * where the page is empty. Columns: inserted, updated, deleted, kind, then `before` and `after` of every column, then which columns changed.
 * With a key, rows of one key are one; without, rows are the same when all their values are, as often as they come. Only keys, places and digests are held, and spilled where they do not fit.
 */
export function differenceSql(compared: Compared): string {
  const { columns, page } = compared
  const hasKey = columns.some(({ isKey }) => isKey)
  const cells = columns.flatMap((column, index) => [`${hasBefore(column) ? `b.v${index}` : 'NULL'} AS before_${index}`, `${hasAfter(column) ? `a.v${index}` : 'NULL'} AS after_${index}`])
  const flags = columns.map((column, index) => (column.comparedAs === null ? 'false' : `b.t${index} IS DISTINCT FROM a.t${index}`))
  return `WITH ${hasKey ? byKeySql(compared) : bySameRowSql(compared)},
    picked AS MATERIALIZED (SELECT *, ${compared.names}[before_number] AS before_file, ${compared.names}[after_number] AS after_file, row_number() OVER (ORDER BY ${hasKey ? keyNames(columns).join(', ') : 'kind, after_number, after_pos, before_number, before_pos'}) AS place
      FROM changes ${page.kind ? `WHERE kind = '${page.kind}'` : ''} ORDER BY place LIMIT ${page.rows} OFFSET ${page.offset}),
    b AS (${pageRowsSql(compared, 'before')}),
    a AS (${pageRowsSql(compared, 'after')})
    SELECT n.inserted, n.updated, n.deleted, p.kind, ${[...cells, `CASE WHEN p.kind = 'updated' THEN [${flags.join(', ')}] END AS changed`].join(', ')}
    FROM (SELECT count(*) FILTER (kind = 'inserted') AS inserted, count(*) FILTER (kind = 'updated') AS updated, count(*) FILTER (kind = 'deleted') AS deleted FROM changes) AS n
    LEFT JOIN picked AS p ON true LEFT JOIN b ON b.place = p.place LEFT JOIN a ON a.place = p.place ORDER BY p.place`
}

function hasBefore({ before }: PairedColumn): boolean {
  return before !== null
}

function hasAfter({ after }: PairedColumn): boolean {
  return after !== null
}

function keyNames(columns: PairedColumn[]): string[] {
  return columns.flatMap(({ isKey }, index) => (isKey ? [`k${index}`] : []))
}

/** The value of a column on one side, as the type by which it is compared. */
function valueSql(column: PairedColumn, side: 'before' | 'after', { before, after }: Compared, from = ''): string {
  const own = column[side]
  const table = side === 'before' ? before : after
  if (!own) return 'NULL'
  const value = `${from}r${table.columns.indexOf(own)}`
  return column.comparedAs === null ? value : castSql(value, own.type, column.comparedAs)
}

/** The same as text: what makes two values one, as the merge of a sync has it. */
function textSql(column: PairedColumn, side: 'before' | 'after', compared: Compared, from = ''): string {
  return `CAST(${valueSql(column, side, compared, from)} AS VARCHAR)`
}

function digestSql(side: 'before' | 'after', compared: Compared): string {
  const texts = compared.columns.filter(({ comparedAs }) => comparedAs !== null).map((column) => textSql(column, side, compared))
  return `md5_number(CAST(json_array(${texts.join(', ')}) AS VARCHAR))`
}

function byKeySql(compared: Compared): string {
  const keys = keyNames(compared.columns)
  const rows = (side: 'before' | 'after') =>
    `SELECT number, pos, ${[...compared.columns.flatMap((column, index) => (column.isKey ? [`${valueSql(column, side, compared)} AS k${index}`] : [])), `${digestSql(side, compared)} AS digest`].join(', ')} FROM ${side}_rows`
  return `changes AS MATERIALIZED (
      SELECT CASE WHEN b.number IS NULL THEN 'inserted' WHEN a.number IS NULL THEN 'deleted' ELSE 'updated' END AS kind, b.number AS before_number, b.pos AS before_pos, a.number AS after_number, a.pos AS after_pos,
        ${keys.map((key) => `CASE WHEN a.number IS NULL THEN b.${key} ELSE a.${key} END AS ${key}`).join(', ')}
      FROM (${rows('before')}) AS b FULL JOIN (${rows('after')}) AS a ON ${keys.map((key) => `b.${key} IS NOT DISTINCT FROM a.${key}`).join(' AND ')}
      WHERE b.digest IS DISTINCT FROM a.digest)`
}

/** The nth row with these values on the one side is the nth on the other. */
function bySameRowSql(compared: Compared): string {
  const rows = (side: 'before' | 'after') => `SELECT number, pos, digest, row_number() OVER (PARTITION BY digest ORDER BY number, pos) AS copy FROM (SELECT number, pos, ${digestSql(side, compared)} AS digest FROM ${side}_rows)`
  return `changes AS MATERIALIZED (
      SELECT CASE WHEN b.number IS NULL THEN 'inserted' ELSE 'deleted' END AS kind, b.number AS before_number, b.pos AS before_pos, a.number AS after_number, a.pos AS after_pos
      FROM (${rows('before')}) AS b FULL JOIN (${rows('after')}) AS a ON b.digest = a.digest AND b.copy = a.copy WHERE b.number IS NULL OR a.number IS NULL)`
}

/** The rows of a page, read again by their places: with so few of them the scan passes over all the rest. */
function pageRowsSql(compared: Compared, side: 'before' | 'after'): string {
  const values = compared.columns.flatMap((column, index) => {
    const own = column[side]
    if (!own) return []
    const value = `d.r${(side === 'before' ? compared.before : compared.after).columns.indexOf(own)}`
    return [`${shortSql(value, own.type, compared.page.letters)} AS v${index}`, ...(column.comparedAs === null ? [] : [`${textSql(column, side, compared, 'd.')} AS t${index}`])]
  })
  return `SELECT ${['p.place', ...values].join(', ')} FROM ${side}_rows AS d JOIN picked AS p ON p.${side}_file = d.file AND p.${side}_pos = d.pos`
}

function shortSql(value: string, type: string, letters: number | null): string {
  if (letters === null || (type !== 'VARCHAR' && type !== 'JSON')) return value
  return `CASE WHEN length(${value}) > ${letters} THEN left(${value}, ${letters}) || '…' ELSE CAST(${value} AS VARCHAR) END`
}
