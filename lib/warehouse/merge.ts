import { outerColumnsSql, innerName } from './column-sql'
import type { Replication } from './cursor-sql'
import type { Engine } from './duckdb'
import { deletesSql, livingSql, matchesSql, survivorsSql, unchangedSql, winnersSql } from './merge-sql'
import { writeDataSql, writeSortedDeletesSql } from './parquet-sql'
import type { TableSnapshot, VersionColumn } from './version'

/** With more delete files than this, the next merge writes all of them as one. */
export const DELETE_FILES_MAX = 8

export interface MergeInput {
  /** The version to merge into; null when the staged rows become the whole table and only repeats are left out. */
  former: TableSnapshot | null
  /** Local paths of the staged files, in the order they were read. */
  staged: string[]
  stagedRows: number
  /** The columns of the staged files. */
  columns: VersionColumn[]
  keys: VersionColumn[]
  replication: Replication
  /** The cursor from which the staged rows were read. */
  cursor: string | null
  localPath(key: string): string
  /** A path for a new local file. */
  newFile(): string
}

/** What a merge found. Files named here are local and belong to nobody yet. */
export interface Merge {
  inserted: number
  updated: number
  /** Rows that were read again and are as they were. */
  unchanged: number
  /** The surviving rows in a file of their own; null when every staged row survives, or none does. */
  survivors: { file: string; rows: number } | null
  /** Rows of the former version that are replaced; null when there are none. */
  deletes: { file: string; rows: number; newRows: number; replacesFormer: boolean } | null
}

/**
 * Find what the staged rows change. Reads the key columns of the former version once, and whole rows only of what was
 * re-read; its cost follows what changed. Writes at most two local files, never touches the former version.
 */
export async function mergeStaged(engine: Engine, given: MergeInput): Promise<Merge> {
  const input = inOrder(given)
  const { staged, keys, replication, cursor } = input
  await engine.run(`CREATE OR REPLACE TEMP TABLE winners AS ${winnersSql(staged, keys, replication, cursor)}`)
  try {
    const unchanged = await leaveOutUnchanged(engine, input)
    const inserts = await count(engine, 'SELECT count(*) FROM winners')
    if (!inserts) return { inserted: 0, updated: 0, unchanged, survivors: null, deletes: null }
    await findMatches(engine, input)
    const updated = await count(engine, 'SELECT count(DISTINCT winner) FROM matches')
    const survivors = inserts < input.stagedRows ? await writeSurvivors(engine, input) : null
    return { inserted: inserts - updated, updated, unchanged, survivors, deletes: await writeDeletes(engine, input) }
  } finally {
    // the connection serves the rest of the run: what the merge needed must not take its memory
    for (const table of ['winners', 'found', 'matches']) await engine.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined)
  }
}

/** Files are numbered by their order, which is that of their keys: so position deletes have to be sorted. */
function inOrder(input: MergeInput): MergeInput {
  const { former } = input
  return former ? { ...input, former: { ...former, dataFiles: former.dataFiles.toSorted((one, other) => (one.path < other.path ? -1 : 1)) } } : input
}

async function findMatches(engine: Engine, { former, keys, localPath }: MergeInput): Promise<void> {
  if (!former?.dataFiles.length) {
    await engine.run('CREATE OR REPLACE TEMP TABLE matches AS SELECT 0 AS file, 0::BIGINT AS pos, 0::BIGINT AS winner WHERE false')
    return
  }
  // plain equality lets the scan skip row groups; it is used unless a key is NULL somewhere
  const nullKeys = await count(engine, `SELECT count(*) FROM winners WHERE ${keys.map((key) => `${innerName(key)} IS NULL`).join(' OR ')}`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE found AS ${matchesSql(former, localPath, keys, nullKeys > 0)}`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE matches AS ${livingSql('found', former, localPath)}`)
}

/** Takes rows that were only read again out of the winners. Gives their number. */
async function leaveOutUnchanged(engine: Engine, { former, staged, columns, replication, localPath }: MergeInput): Promise<number> {
  if (!former?.dataFiles.length) return 0
  const compared = columns.filter((column) => column.sourceName !== null && column.isPresent)
  let unchanged = 0
  for (const [isWithout] of await engine.rows('SELECT DISTINCT is_without FROM winners WHERE is_reread')) {
    await engine.run(`CREATE OR REPLACE TEMP TABLE found AS ${unchangedSql(former, localPath, { staged, columns: compared, replication, isWithout: isWithout === true })}`)
    unchanged += await engine.run(`DELETE FROM winners AS w USING (${livingSql('found', former, localPath)}) AS u WHERE w.file = u.staged_file AND w.pos = u.staged_pos`)
  }
  return unchanged
}

async function writeSurvivors(engine: Engine, { staged, columns, newFile }: MergeInput): Promise<Merge['survivors']> {
  const file = newFile()
  const rows = await engine.run(writeDataSql(survivorsSql(staged, columns, outerColumnsSql(columns)), file, columns))
  return { file, rows }
}

async function writeDeletes(engine: Engine, { former, localPath, newFile }: MergeInput): Promise<Merge['deletes']> {
  const newRows = await count(engine, 'SELECT count(*) FROM matches')
  if (!former || newRows === 0) return null
  const file = newFile()
  const replacesFormer = former.deleteFiles.length >= DELETE_FILES_MAX
  const rows = await engine.run(writeSortedDeletesSql(deletesSql(former, localPath, replacesFormer), file))
  return { file, rows, newRows, replacesFormer }
}

export async function count(engine: Engine, sql: string): Promise<number> {
  const [row] = await engine.rows(sql)
  return Number(row?.[0] ?? 0)
}
