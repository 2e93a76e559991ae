import { innerName } from './column-sql'
import type { Engine } from './duckdb'
import { count, matchesOf, writeDeletes, writeSurvivors, type Merge } from './merge'
import { placedDataFilesSql } from './parquet-sql'
import { deletedPlacesSql } from './scan-sql'
import { quoteLiteral, quotePath } from './sql-text'
import type { TableSnapshot, VersionColumn } from './version'

/** Removals that name the same columns. */
export interface RemovalFile {
  /** The columns of the table that they name, in the order of the fields. */
  columns: VersionColumn[]
  /** CSV: the values as texts, then the number of the first staged file that is not affected. */
  path: string
}

export interface TrackedMergeInput {
  /** The version to merge into; null when the staged rows become the whole table. */
  former: TableSnapshot | null
  /** Local paths of the staged files, in the order they were read; no key comes twice in one file. */
  staged: string[]
  stagedRows: number
  columns: VersionColumn[]
  keys: VersionColumn[]
  removals: RemovalFile[]
  /** Were all rows read? Then a key of the former version that did not come is gone. */
  isComplete: boolean
  localPath(key: string): string
  newFile(): string
}

/**
 * Find what the rows and removals of a connector that tracks changes make of a table: the last row of a key wins, a removal
 * takes every row before it. Rows that are as they were stay where they are. Writes at most two local files.
 */
export async function mergeTracked(engine: Engine, input: TrackedMergeInput): Promise<Merge & { deleted: number }> {
  try {
    await makeWinners(engine, input)
    await engine.run(`CREATE OR REPLACE TEMP TABLE matches AS ${await matchesOf(engine, input)}`)
    const deleted = await findGone(engine, input)
    const unchanged = await leaveOutUnchanged(engine, input)
    const inserts = await count(engine, 'SELECT count(*) FROM winners')
    const updated = await count(engine, 'SELECT count(DISTINCT (m.winner_file, m.winner_pos)) FROM matches AS m SEMI JOIN winners AS w ON w.file = m.winner_file AND w.pos = m.winner_pos')
    const survivors = inserts > 0 && inserts < input.stagedRows ? await writeSurvivors(engine, input) : null
    return { inserted: inserts - updated, updated, unchanged, deleted, survivors, deletes: await writeDeletes(engine, input) }
  } finally {
    for (const table of ['winners', 'matches', 'staged_order', ...input.removals.map((_, index) => removalTable(index))]) await engine.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined)
  }
}

function removalTable(index: number): string {
  return `removals_${index}`
}

async function makeWinners(engine: Engine, { staged, keys, removals }: TrackedMergeInput): Promise<void> {
  for (const [index, { columns, path }] of removals.entries()) {
    const fields = [...columns.map((column) => `${quoteLiteral(innerName(column))}: 'VARCHAR'`), `'before': 'INTEGER'`]
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${removalTable(index)} AS SELECT ${columns.map(innerName).join(', ')}, max(before) AS before
      FROM read_csv(${quotePath(path)}, columns = {${fields.join(', ')}}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', strict_mode = true) GROUP BY ALL`)
  }
  const carried = distinct([...keys, ...removals.flatMap(({ columns }) => columns)])
  const partition = keys.map(innerName).join(', ')
  await engine.run(`CREATE OR REPLACE TEMP TABLE staged_order (file VARCHAR, number INTEGER)`)
  if (staged.length) await engine.run(`INSERT INTO staged_order VALUES ${staged.map((path, number) => `(${quoteLiteral(path)}, ${number})`).join(', ')}`)
  const rows = staged.length ? placedDataFilesSql(staged, carried) : `(SELECT ${carried.map(({ type, fieldId }) => `CAST(NULL AS ${type}) AS c${fieldId}`).join(', ')}, '' AS file, 0::BIGINT AS pos WHERE false)`
  await engine.run(`CREATE OR REPLACE TEMP TABLE winners AS
    SELECT ${carried.map((column) => `s.${innerName(column)}`).join(', ')}, s.file, s.pos, true AS is_reread, o.number
    FROM ${rows} AS s JOIN staged_order AS o ON o.file = s.file
    QUALIFY row_number() OVER (PARTITION BY ${partition} ORDER BY o.number DESC, s.pos DESC) = 1`)
  for (const [index, { columns }] of removals.entries()) {
    await engine.run(`DELETE FROM winners AS w USING ${removalTable(index)} AS r WHERE ${matchSql('w', columns)} AND w.number < r.before`)
  }
}

function matchSql(rows: string, columns: VersionColumn[]): string {
  return columns.map((column) => `CAST(${rows}.${innerName(column)} AS VARCHAR) = r.${innerName(column)}`).join(' AND ')
}

/** Adds the places of former rows that are gone to `matches`, without a winner. Gives their number. */
async function findGone(engine: Engine, { former, keys, removals, isComplete, localPath }: TrackedMergeInput): Promise<number> {
  if (!former?.dataFiles.length) return 0
  if (!isComplete && !removals.length) return 0
  const carried = distinct([...keys, ...removals.flatMap(({ columns }) => columns)])
  const paths = former.dataFiles.map((file) => localPath(file.path))
  const isRemoved = removals.map(({ columns }, index) => `EXISTS (SELECT 1 FROM ${removalTable(index)} AS r WHERE ${matchSql('v', columns)})`)
  const gone = `SELECT v.file, v.pos, '' AS winner_file, 0::BIGINT AS winner_pos, false AS is_reread FROM ${placedDataFilesSql(paths, carried)} AS v
    ANTI JOIN winners AS w ON ${keys.map((key) => `v.${innerName(key)} IS NOT DISTINCT FROM w.${innerName(key)}`).join(' AND ')}
    ${isComplete ? '' : `WHERE ${isRemoved.join(' OR ')}`}`
  const live = former.deleteFiles.length ? `SELECT g.* FROM (${gone}) AS g ANTI JOIN ${deletedPlacesSql(former, localPath)} AS d ON d.file = g.file AND d.pos = g.pos` : gone
  await engine.run(`INSERT INTO matches ${live}`)
  return count(engine, `SELECT count(*) FROM matches WHERE winner_file = ''`)
}

/**
 * Takes rows that are as they were out of winners and matches. Rows are compared by a digest of their values as texts: a
 * listing of everything compares every row, and the rows themselves would not fit in memory.
 */
async function leaveOutUnchanged(engine: Engine, { former, staged, columns, localPath }: TrackedMergeInput): Promise<number> {
  const files = await engine.rows(`SELECT DISTINCT file FROM matches WHERE winner_file <> ''`)
  if (!former || !files.length) return 0
  const compared = columns.filter((column) => column.sourceName !== null && column.isPresent)
  const digest = `md5_number(CAST(json_array(${compared.map((column) => `CAST(${innerName(column)} AS VARCHAR)`).join(', ')}) AS VARCHAR))`
  const touched = new Set(files.map(([file]) => String(file)))
  const formerPaths = former.dataFiles.map((file) => localPath(file.path)).filter((path) => touched.has(path))
  await engine.run(`CREATE OR REPLACE TEMP TABLE unchanged AS
    WITH theirs AS (SELECT m.winner_file, m.winner_pos, m.file, m.pos, v.digest FROM matches AS m
      JOIN (SELECT file, pos, ${digest} AS digest FROM ${placedDataFilesSql(formerPaths, compared)}) AS v ON v.file = m.file AND v.pos = m.pos WHERE m.winner_file <> '')
    SELECT t.winner_file, t.winner_pos, min((t.file, t.pos)) AS place FROM theirs AS t
    JOIN (SELECT file, pos, ${digest} AS digest FROM ${placedDataFilesSql(staged, compared)}) AS s ON s.file = t.winner_file AND s.pos = t.winner_pos AND s.digest = t.digest
    GROUP BY ALL`)
  await engine.run('DELETE FROM winners AS w USING unchanged AS u WHERE w.file = u.winner_file AND w.pos = u.winner_pos')
  // of a key that the former version has twice, one row stays and the others go
  await engine.run('DELETE FROM matches AS m USING unchanged AS u WHERE m.winner_file = u.winner_file AND m.winner_pos = u.winner_pos AND (m.file, m.pos) = u.place')
  const rows = await count(engine, 'SELECT count(*) FROM unchanged')
  await engine.run('DROP TABLE unchanged')
  return rows
}

function distinct(columns: VersionColumn[]): VersionColumn[] {
  return [...new Map(columns.map((column) => [column.fieldId, column])).values()]
}

/** The columns of a table that a removal names, by their names upstream; null when it has not all of them. */
export function removalColumns(names: string[], columns: VersionColumn[]): VersionColumn[] | null {
  const found = names.map((name) => columns.find((column) => column.sourceName === name))
  return found.every((column) => column !== undefined) ? found : null
}
