import { innerName, type StageColumn } from './column-sql'
import type { Engine } from './duckdb'
import { DELETE_FILES_MAX, count, type Merge } from './merge'
import { differencesSql, distinctColumns, fewDifferencesSql, formerDeletedSql, formerRowsSql, formerValueOf, lastRowsSql, numberedFilesSql, removalsSql, removedDifferencesSql, stayingRowsSql, survivingRowsSql, unfitRemovalsSql, type RemovedBy } from './merge-tracked-sql'
import { writeDataSql, writeDeletesSql } from './parquet-sql'
import { quotePaths } from './sql-text'
import { readCsvSql } from './stage-file'
import type { TableSnapshot, VersionColumn } from './version'

/** Removals that name the same columns. */
export interface RemovalFile {
  /** The columns of the table that they name, in the order of the fields. */
  columns: StageColumn[]
  /** CSV: the values as texts, then the number of the first staged file that is not affected. */
  path: string
}

export interface TrackedMergeInput {
  /** The version to merge into; null when the staged rows become the whole table. */
  former: TableSnapshot | null
  /** The staged files in the order they were read, with all of `columns`; no key comes twice in one file. */
  staged: { path: string; rows: number }[]
  /** The columns of the new version. Those that the former one has not yet are NULL in its rows. */
  columns: VersionColumn[]
  keys: VersionColumn[]
  removals: RemovalFile[]
  /** Is a row of the former version gone when its key did not come? */
  takesMissing: boolean
  localPath(key: string): string
  newFile(): string
}

/** What a merge found. Files named here are local and belong to nobody yet. */
export interface TrackedMerge {
  inserted: number
  updated: number
  deleted: number
  /** The numbers of the staged files of which every row survives. */
  whole: number[]
  /** The rows that survive of the other staged files; null when there are none. */
  survivors: { path: string; rows: number } | null
  /** Rows of the former version that are replaced or gone; null when there are none, or when its files are replaced. */
  deletes: Merge['deletes']
  /** What stays of the former version, in files with the columns of the new one; null when its own files serve. */
  formerFiles: { path: string; rows: number }[] | null
  /** Removals that took nothing, since no row can have their value in the column. */
  unfit: UnfitRemovals[]
}

export interface UnfitRemovals {
  column: VersionColumn
  count: number
  example: string
}

/** With fewer rows than this part of the former version, its rows are compared only once a key was found. */
const FEW = 0.1

/**
 * Find what the rows and removals of a connector that tracks changes make of a table: the last row of a key wins, and a removal
 * takes every row before it. Rows that are as they were stay where they are. Holds keys, places and digests, never rows;
 * what does not fit in memory is spilled.
 */
export async function mergeTracked(engine: Engine, input: TrackedMergeInput): Promise<TrackedMerge> {
  const tables = ['staged_files', 'former_files', 'former_deleted', 'last_rows', 'differences', ...input.removals.map((_, index) => removalTable(index))]
  try {
    const unfit = await findDifferences(engine, input)
    const [row] = await engine.rows(`SELECT count(*) FILTER (NOT is_gone AND file IS NULL), count(*) FILTER (NOT is_gone AND file IS NOT NULL), count(*) FILTER (is_gone AND file IS NOT NULL) FROM differences`)
    const [inserted = 0, updated = 0, deleted = 0] = (row ?? []).map(Number)
    const { former, columns } = input
    const isOtherShape = former !== null && !haveSameFields(former.columns, columns)
    return {
      inserted, updated, deleted, unfit,
      ...(await writeSurvivors(engine, input)),
      deletes: isOtherShape ? null : await writeDeletes(engine, input, updated + deleted),
      formerFiles: isOtherShape ? await rewriteFormer(engine, input, former) : null,
    }
  } finally {
    // the connection serves the rest of the run: what the merge needed must not take its memory
    for (const table of tables) await engine.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined)
  }
}

/** Do files of the one shape serve as files of the other? */
export function haveSameFields(some: VersionColumn[], others: VersionColumn[]): boolean {
  const ids = new Set(some.map(({ fieldId }) => fieldId))
  return ids.size === others.length && others.every(({ fieldId }) => ids.has(fieldId))
}

function removalTable(index: number): string {
  return `removals_${index}`
}

async function findDifferences(engine: Engine, input: TrackedMergeInput): Promise<UnfitRemovals[]> {
  const { former, staged, keys, columns, takesMissing, localPath } = input
  const { removals, unfit } = await loadRemovals(engine, input)
  const paths = staged.map(({ path }) => path)
  const compared = columns.filter((column) => column.sourceName !== null && column.isPresent)
  for (const sql of numberedFilesSql('staged_files', paths.map((path) => ({ path, key: path })))) await engine.run(sql)
  await engine.run(`CREATE OR REPLACE TEMP TABLE last_rows AS ${lastRowsSql(paths, keys, former?.dataFiles.length ? compared : [], removals)}`)
  if (!former?.dataFiles.length) {
    await engine.run('CREATE OR REPLACE TEMP TABLE differences AS SELECT CAST(NULL AS INTEGER) AS file, CAST(NULL AS BIGINT) AS pos, number, place, false AS is_gone FROM last_rows WHERE NOT is_removed')
    return unfit
  }
  for (const sql of numberedFilesSql('former_files', former.dataFiles.map(({ path }) => ({ path: localPath(path), key: path })))) await engine.run(sql)
  await engine.run(`CREATE OR REPLACE TEMP TABLE former_deleted AS ${formerDeletedSql(former, localPath)}`)
  const valueOf = formerValueOf(former)
  const nullKeys = await count(engine, `SELECT count(*) FROM last_rows WHERE ${keys.map((key) => `${innerName(key)} IS NULL`).join(' OR ')}`)
  // plain equality lets the scan skip row groups
  const on = (rows: string) => keys.map((key) => `${rows}.${innerName(key)} ${nullKeys ? 'IS NOT DISTINCT FROM' : '='} l.${innerName(key)}`).join(' AND ')
  const rows = (carried: VersionColumn[]) => formerRowsSql(former, localPath, distinctColumns([...keys, ...carried]), valueOf)
  const comparison = { formerRows: rows(compared), keys, compared, on: on('f') }
  const isFew = !takesMissing && staged.reduce((total, file) => total + file.rows, 0) < former.rows * FEW
  await engine.run(`CREATE OR REPLACE TEMP TABLE differences AS ${isFew ? fewDifferencesSql(comparison) : differencesSql(comparison, takesMissing)}`)
  if (takesMissing) return unfit
  for (const removal of removals) await engine.run(`INSERT INTO differences ${removedDifferencesSql(rows(removal.columns), removal, on('f'))}`)
  return unfit
}

async function loadRemovals(engine: Engine, { removals }: TrackedMergeInput): Promise<{ removals: RemovedBy[]; unfit: UnfitRemovals[] }> {
  const unfit: UnfitRemovals[] = []
  for (const [index, { columns, path }] of removals.entries()) {
    const fields = [...columns.map(({ target }): [string, string] => [innerName(target), `'VARCHAR'`]), ['before', `'INTEGER'`] satisfies [string, string]]
    const texts = readCsvSql(path, fields)
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${removalTable(index)} AS ${removalsSql(columns, texts)}`)
    const [told = []] = await engine.rows(unfitRemovalsSql(columns, texts))
    for (const [at, { target }] of columns.entries()) if (Number(told[at * 2]) > 0) unfit.push({ column: target, count: Number(told[at * 2]), example: String(told[at * 2 + 1]) })
  }
  return { removals: removals.map(({ columns }, index) => ({ table: removalTable(index), columns: columns.map(({ target }) => target) })), unfit }
}

async function writeSurvivors(engine: Engine, { staged, columns, newFile }: TrackedMergeInput): Promise<Pick<TrackedMerge, 'whole' | 'survivors'>> {
  const surviving = new Map((await engine.rows('SELECT number, count(DISTINCT place) FROM differences WHERE number IS NOT NULL AND NOT is_gone GROUP BY number')).map(([number, rows]) => [Number(number), Number(rows)]))
  const whole = staged.flatMap((file, number) => (surviving.get(number) === file.rows ? [number] : []))
  const partly = staged.flatMap((file, number) => (surviving.has(number) && !whole.includes(number) ? [file.path] : []))
  if (!partly.length) return { whole, survivors: null }
  const path = newFile()
  return { whole, survivors: { path, rows: await engine.run(writeDataSql(survivingRowsSql(partly, columns), path, columns)) } }
}

async function writeDeletes(engine: Engine, { former, localPath, newFile }: TrackedMergeInput, newRows: number): Promise<Merge['deletes']> {
  if (!former || newRows === 0) return null
  const file = newFile()
  const replacesFormer = former.deleteFiles.length >= DELETE_FILES_MAX
  const all = replacesFormer ? ` UNION ALL SELECT file_path, pos FROM read_parquet(${quotePaths(former.deleteFiles.map(({ path }) => localPath(path)))})` : ''
  const rows = await engine.run(writeDeletesSql(`SELECT n.key AS file_path, d.pos FROM differences AS d JOIN former_files AS n ON n.number = d.file${all}`, file))
  return { file, rows, newRows, replacesFormer }
}

/** Every data file of a version has all of its columns, so that a column which was found means that the former files are written anew. */
async function rewriteFormer(engine: Engine, { columns, localPath, newFile }: TrackedMergeInput, former: TableSnapshot): Promise<{ path: string; rows: number }[]> {
  const files: { path: string; rows: number }[] = []
  for (const number of former.dataFiles.keys()) {
    const path = newFile()
    const rows = await engine.run(writeDataSql(stayingRowsSql(former, localPath, number, columns, formerValueOf(former)), path, columns))
    if (rows > 0) files.push({ path, rows })
  }
  return files
}
