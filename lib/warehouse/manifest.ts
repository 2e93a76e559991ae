import { count } from './merge'
import type { Engine } from './duckdb'
import { quoteLiteral, quotePath, quotePaths } from './sql-text'

/**
 * A manifest says which objects a table of files is made of, as Parquet beside the data: `key`, `fingerprint`, `bytes`, `modified_at` (ISO text), `digest` (of the
 * bytes, where the store has no fingerprint), `rows`, and `problem` (JSON in words, of an object that was set aside). Sorted by key.
 */
export const MANIFEST_COLUMNS = `key VARCHAR, fingerprint VARCHAR, bytes BIGINT, modified_at VARCHAR, digest VARCHAR, rows BIGINT, problem VARCHAR`

export interface ManifestRow {
  key: string
  fingerprint: string | null
  bytes: number | null
  modifiedAt: string | null
  digest: string | null
  rows: number
  problem: string | null
}

export interface CompareOptions {
  /** Local path of the former manifest; null reads everything. */
  former: string | null
  changes: 'mirror' | 'keep-deleted' | 'append'
  /** Is an object that was set aside tried again although it is the same? */
  retriesProblems: boolean
}

export interface Compared {
  listed: number
  /** Objects to read: new ones, and those in another state. */
  toRead: number
  bytesToRead: number
  unchanged: number
  /** Objects whose rows go, since they are gone. */
  gone: number
}

/**
 * Compares a listing with the former manifest, in the engine, so that a million objects need no more of our memory than a thousand. Makes the
 * tables `listing`, `former`, `work` (what to read), `gone`, and an empty `recorded` (what was read before, `compareRecord`), which later steps of the run use.
 */
export async function compareListing(engine: Engine, listing: string, { former, changes, retriesProblems }: CompareOptions): Promise<Compared> {
  await engine.run(`CREATE OR REPLACE TEMP TABLE listing AS SELECT * FROM ${readListingSql(listing)}`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE former AS SELECT * FROM ${former === null ? `(SELECT ${emptyManifestSql()} WHERE false)` : `read_parquet(${quotePath(former)})`}`)
  // never the time alone: two states of one second differ in their fingerprint
  const isSame = 'l.fingerprint IS NOT NULL AND l.fingerprint = f.fingerprint AND l.bytes IS NOT DISTINCT FROM f.bytes'
  const isToRead = changes === 'append' ? `f.key IS NULL OR (f.problem IS NOT NULL AND (NOT (${isSame}) OR ${retriesProblems}))` : `f.key IS NULL OR NOT (${isSame}) OR (f.problem IS NOT NULL AND ${retriesProblems})`
  await engine.run(`CREATE OR REPLACE TEMP TABLE work AS SELECT l.*, f.key IS NULL AS is_new, f.digest AS former_digest, false AS is_read FROM listing AS l LEFT JOIN former AS f ON f.key = l.key WHERE ${isToRead}`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE recorded AS SELECT ${emptyManifestSql()} WHERE false`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE gone AS SELECT f.key, f.rows FROM former AS f ANTI JOIN listing AS l ON l.key = f.key WHERE ${changes === 'mirror'}`)
  const [work = []] = await engine.rows('SELECT count(*), COALESCE(sum(bytes), 0) FROM work')
  const listed = await count(engine, 'SELECT count(*) FROM listing')
  const toRead = Number(work[0])
  return { listed, toRead, bytesToRead: Number(work[1]), unchanged: listed - toRead, gone: await count(engine, 'SELECT count(*) FROM gone') }
}

export interface WorkItem extends Pick<ManifestRow, 'key' | 'fingerprint' | 'bytes' | 'modifiedAt'> {
  isNew: boolean
  formerDigest: string | null
}

/** What is still to be read, by key, a part at a time; each once, also when a listing named it twice. */
export async function* workItems(engine: Engine, atOnce = 20_000): AsyncGenerator<WorkItem> {
  let last: string | null = null
  for (let after: string | null = null; ; ) {
    const rows: Awaited<ReturnType<Engine['rows']>> = await engine.rows(`SELECT key, fingerprint, bytes, modified_at, is_new, former_digest FROM work WHERE NOT is_read ${after === null ? '' : `AND key > ${quoteLiteral(after)}`} ORDER BY key LIMIT ${atOnce}`)
    for (const [key, fingerprint, bytes, modifiedAt, isNew, formerDigest] of rows) {
      if (key === last) continue
      last = String(key)
      yield { key: last, fingerprint: text(fingerprint), bytes: bytes == null ? null : Number(bytes), modifiedAt: text(modifiedAt), isNew: isNew === true, formerDigest: text(formerDigest) }
    }
    if (rows.length < atOnce) return
    after = String(rows.at(-1)?.[0])
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** The objects that were set aside before and are as they were: they are named again. */
export async function problemsThatStay(engine: Engine, most: number): Promise<{ count: number; first: { key: string; problem: string }[] }> {
  const stay = `FROM former AS f SEMI JOIN listing AS l ON l.key = f.key WHERE f.problem IS NOT NULL AND f.key NOT IN (SELECT key FROM work)`
  const rows = await engine.rows(`SELECT f.key, f.problem ${stay} ORDER BY f.key LIMIT ${most}`)
  return { count: await count(engine, `SELECT count(*) ${stay}`), first: rows.map(([key, problem]) => ({ key: String(key), problem: String(problem) })) }
}

/**
 * Writes the manifest of the new version: the former one without what is gone or was read again, and the results. `results`: a file of
 * `manifestLine`s; what is in `recorded` belongs to them. Makes the table `dropped`: the keys whose former rows go. Gives the number of objects.
 */
export async function writeManifest(engine: Engine, results: string, target: string): Promise<number> {
  const columns = 'key, fingerprint, bytes, modified_at, digest, rows, problem'
  await engine.run(`CREATE OR REPLACE TEMP TABLE results AS SELECT ${columns} FROM ${readManifestLinesSql(results)} UNION ALL SELECT ${columns} FROM recorded`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE dropped AS SELECT key FROM gone UNION SELECT r.key FROM results AS r SEMI JOIN former AS f ON f.key = r.key`)
  return engine.run(`COPY (SELECT ${columns} FROM former ANTI JOIN dropped USING (key) UNION ALL SELECT ${columns} FROM results WHERE rows >= 0 ORDER BY key) TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`)
}

/** A line of the listing or of the results, as CSV. */
export function csvLine(values: (string | number | null)[]): string {
  return `${values.map((value) => (value === null ? '\\N' : typeof value === 'number' ? value : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`
}

/** `rows` of -1: the object was gone before it could be read. */
export function manifestLine({ key, fingerprint, bytes, modifiedAt, digest, rows, problem }: ManifestRow): string {
  return csvLine([key, fingerprint, bytes, modifiedAt, digest, rows, problem])
}

function readListingSql(path: string): string {
  return readLinesSql([path], `{'key': 'VARCHAR', 'fingerprint': 'VARCHAR', 'bytes': 'BIGINT', 'modified_at': 'VARCHAR'}`)
}

function readManifestLinesSql(path: string): string {
  return readLinesSql([path], `{'key': 'VARCHAR', 'fingerprint': 'VARCHAR', 'bytes': 'BIGINT', 'modified_at': 'VARCHAR', 'digest': 'VARCHAR', 'rows': 'BIGINT', 'problem': 'VARCHAR'}`)
}

/** Files of `csvLine`s. */
export function readLinesSql(paths: string[], columns: string): string {
  return `read_csv(${quotePaths(paths)}, columns = ${columns}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', strict_mode = true)`
}

function emptyManifestSql(): string {
  return MANIFEST_COLUMNS.split(', ').map((column) => { const [name, type] = column.split(' '); return `CAST(NULL AS ${type}) AS ${name}` }).join(', ')
}
