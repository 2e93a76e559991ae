import { z } from 'zod'
import { inRangesSql, type KeyRange } from '@/lib/core/key-range'
import { rowHashSql } from './checksum-sql'
import { innerName, outerColumnsSql } from './column-sql'
import { keySql } from './compare-ranges'
import type { Engine } from './duckdb'
import { placedDataFilesSql, writeDataSql, writeDeletesSql } from './parquet-sql'
import { deletedPlacesSql } from './scan-sql'
import { quoteLiteral, quotePaths } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

export interface RowsInput {
  snapshot: TableSnapshot
  localPath(key: string): string
  /** Local files with the source's rows of the ranges. */
  fetched: string[]
  columns: VersionColumn[]
  key: VersionColumn[]
  /** Where the rows were fetched, in order. */
  ranges: KeyRange[]
}

export interface RowDifferences {
  /** Rows that we have and the source does not. */
  gone: number
  /** Rows that the source has and we do not. */
  missing: number
  /** Rows with the same key and other values. */
  different: number
}

/**
 * Tell the rows of some ranges apart, by their keys and by the hashes of docs/checksums.md: what is compared here is what was compared there. They are
 * kept in a table of the engine until `forgetDifferences`, for those who show them or mend them.
 */
export async function findDifferingRows(engine: Engine, input: RowsInput): Promise<RowDifferences> {
  const { key, columns } = input
  const names = key.map(innerName)
  const hash = rowHashSql(columns.map((column) => ({ type: column.type, sourceType: column.sourceType, value: innerName(column) })))
  const ours = `SELECT ${names.join(', ')}, file, pos, ${hash} AS hash FROM ${oursSql(input)}`
  const theirs = input.fetched.length ? `SELECT ${names.join(', ')}, file, pos, ${hash} AS hash FROM ${placedDataFilesSql(input.fetched, columns)}` : `${ours} LIMIT 0`
  const isSameKey = names.map((name) => `o.${name} = t.${name}`).join(' AND ')
  await engine.run(`CREATE OR REPLACE TEMP TABLE differing AS
    SELECT ${names.map((name) => `coalesce(o.${name}, t.${name}) AS ${name}`).join(', ')}, o.file, o.pos, t.file AS new_file, t.pos AS new_pos,
      CASE WHEN t.file IS NULL THEN 'gone' WHEN o.file IS NULL THEN 'missing' ELSE 'different' END AS kind
    FROM (${ours}) AS o FULL JOIN (${theirs}) AS t ON ${isSameKey} WHERE o.file IS NULL OR t.file IS NULL OR o.hash <> t.hash`)
  const counted = new Map((await engine.rows('SELECT kind, count(*) FROM differing GROUP BY kind')).map(([kind, rows]) => [kind, Number(rows)]))
  return { gone: counted.get('gone') ?? 0, missing: counted.get('missing') ?? 0, different: counted.get('different') ?? 0 }
}

/** The rows of ours in the ranges, all columns under their inner names, each with its place. */
function oursSql({ snapshot, localPath, columns, key, ranges }: RowsInput): string {
  const paths = snapshot.dataFiles.map(({ path }) => localPath(path))
  if (!paths.length) return `(SELECT ${columns.map((column) => `CAST(NULL AS ${column.type}) AS ${innerName(column)}`).join(', ')}, '' AS file, 0::BIGINT AS pos WHERE false)`
  const condition = inRangesSql(ranges, keySql(key, innerName))
  const rows = `SELECT * FROM ${placedDataFilesSql(paths, columns)}${condition ? ` WHERE ${condition}` : ''}`
  if (!snapshot.deleteFiles.length) return `(${rows})`
  return `(SELECT r.* FROM (${rows}) AS r ANTI JOIN ${deletedPlacesSql(snapshot, localPath)} AS d ON d.file = r.file AND d.pos = r.pos)`
}

const Texts = z.array(z.string().nullable())

/** A differing row, each value as text: of the source and of ours. */
export const ShownRow = z.object({ kind: z.enum(['gone', 'missing', 'different']), source: Texts.nullable(), ours: Texts.nullable() })
export type ShownRow = z.infer<typeof ShownRow>

/** The first differing rows in the order of their keys, long values cut. */
export async function shownDifferences(engine: Engine, { snapshot, localPath, fetched, columns, key }: RowsInput, limit: number, length: number): Promise<ShownRow[]> {
  const paths = snapshot.dataFiles.map(({ path }) => localPath(path))
  const texts = (alias: string, isThere: string) => `CASE WHEN ${isThere} IS NOT NULL THEN [${columns.map((column) => `left(CAST(${alias}.${innerName(column)} AS VARCHAR), ${length})`).join(', ')}] END`
  const order = key.map(innerName)
  const joins: string[] = []
  if (paths.length) joins.push(`LEFT JOIN ${placedDataFilesSql(paths, columns)} AS o ON o.file = d.file AND o.pos = d.pos`)
  if (fetched.length) joins.push(`LEFT JOIN ${placedDataFilesSql(fetched, columns)} AS t ON t.file = d.new_file AND t.pos = d.new_pos`)
  const rows = await engine.rows(`
    SELECT d.kind, ${fetched.length ? texts('t', 'd.new_file') : 'NULL'}, ${paths.length ? texts('o', 'd.file') : 'NULL'}
    FROM (SELECT * FROM differing ORDER BY ${order.join(', ')} LIMIT ${limit}) AS d ${joins.join(' ')}
    ORDER BY ${order.map((name) => `d.${name}`).join(', ')}`)
  return rows.map(([kind, source, ours]) => ShownRow.parse({ kind, source, ours }))
}

/** The source's rows that ours lack or have otherwise, as a data file; null when there are none. */
export async function writeFetched(engine: Engine, fetched: string[], columns: VersionColumn[], file: string): Promise<{ path: string; rows: number } | null> {
  if (!fetched.length) return null
  const rows = await engine.run(writeDataSql(`SELECT ${outerColumnsSql(columns, 's.')} FROM ${placedDataFilesSql(fetched, columns)} AS s SEMI JOIN differing AS d ON d.new_file = s.file AND d.new_pos = s.pos`, file, columns))
  return rows ? { path: file, rows } : null
}

/** Our rows that are gone or different, and those that `also` names, as position deletes; `rows` counts only the former. */
export async function writeReplaced(engine: Engine, { snapshot, localPath }: RowsInput, also: string[], file: string): Promise<{ rows: number; newRows: number } | null> {
  const keys = `[${snapshot.dataFiles.map(({ path }) => quoteLiteral(path)).join(', ')}]`
  const paths = `[${snapshot.dataFiles.map(({ path }) => quoteLiteral(localPath(path))).join(', ')}]`
  const [counted] = await engine.rows('SELECT count(*) FROM differing WHERE file IS NOT NULL')
  const newRows = Number(counted?.[0] ?? 0)
  if (!newRows) return null
  const former = also.length ? ` UNION ALL SELECT file_path, pos FROM read_parquet(${quotePaths(also)})` : ''
  const rows = await engine.run(writeDeletesSql(`SELECT ${keys}[list_position(${paths}, file)] AS file_path, pos FROM differing WHERE file IS NOT NULL${former}`, file))
  return { rows, newRows }
}

/** How many of our differing rows are in these files. */
export async function countDifferingIn(engine: Engine, files: string[]): Promise<number> {
  if (!files.length) return 0
  const [counted] = await engine.rows(`SELECT count(*) FROM differing WHERE file IN (${files.map(quoteLiteral).join(', ')})`)
  return Number(counted?.[0] ?? 0)
}

export async function forgetDifferences(engine: Engine): Promise<void> {
  await engine.run('DROP TABLE IF EXISTS differing').catch(() => undefined)
}
