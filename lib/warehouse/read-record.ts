import type { Engine } from './duckdb'
import { csvLine, readLinesSql, type CompareOptions, type ManifestRow } from './manifest'
import { count } from './merge'

/**
 * A record says which objects an interrupted read has read already: lines of CSV, in files that are only ever added to. Objects that were read in one go have one `unit`, and are
 * gone on from together or not at all, since they share data files. `findings` says what an object has; the first of a file that has it writes it out.
 */
export interface RecordRow extends ManifestRow {
  unit: number
  /** What was fetched for it. */
  fetched: number
  findingsId: number | null
  findings: string | null
}

/** The engine reads no line of 2 MB; the rest of the line needs room, too. */
const TEXT_MAX = 1_500_000

/** Findings that are too long are not recorded, and neither is a unit that has them. */
export function isRecordable(findings: string): boolean {
  return Buffer.byteLength(csvLine([findings])) <= TEXT_MAX
}

export function recordLine({ unit, fetched, key, fingerprint, bytes, modifiedAt, digest, rows, problem, findingsId, findings }: RecordRow): string {
  return csvLine([unit, key, fingerprint, bytes, modifiedAt, digest, rows, problem, fetched, findingsId, findings])
}

/** A unit that is not gone on from: it stays so, whatever state its objects come back to. */
export function droppedLine(unit: number): string {
  return csvLine([unit, null, null, null, null, null, null, null, null, null, null])
}

const COLUMNS = `{'unit': 'INTEGER', 'key': 'VARCHAR', 'fingerprint': 'VARCHAR', 'bytes': 'BIGINT', 'modified_at': 'VARCHAR', 'digest': 'VARCHAR', 'rows': 'BIGINT', 'problem': 'VARCHAR', 'fetched': 'BIGINT', 'findings_id': 'INTEGER', 'findings': 'VARCHAR'}`

export interface Recorded {
  objects: number
  /** Units that were recorded and have to be read again, but for those that were dropped before. */
  droppedUnits: number[]
  /** Every later one is greater. */
  lastUnit: number
  lastFindingsId: number
  added: number
  replaced: number
  setAside: number
  rowsAdded: number
  rowsOfNew: number
  bytes: number
}

/**
 * Compares a record (local paths of its files) with what is to be read now (`compareListing`): an object that is still in the state in which it was read needs no reading. Makes the table `recorded`, and
 * marks its objects in `work`. An object without a fingerprint may be another by now: it is read.
 */
export async function compareRecord(engine: Engine, records: string[], { retriesProblems }: Pick<CompareOptions, 'retriesProblems'>): Promise<Recorded> {
  await engine.run(`CREATE OR REPLACE TEMP TABLE noted AS SELECT * FROM ${readLinesSql(records, COLUMNS)}`)
  const isSame = 'w.key = n.key AND w.fingerprint = n.fingerprint AND w.bytes IS NOT DISTINCT FROM n.bytes'
  await engine.run('CREATE OR REPLACE TEMP TABLE past AS SELECT DISTINCT unit FROM noted WHERE key IS NULL')
  await engine.run(`CREATE OR REPLACE TEMP TABLE stale AS SELECT DISTINCT n.unit FROM noted AS n LEFT JOIN work AS w ON ${isSame} WHERE n.key IS NOT NULL AND (w.key IS NULL OR (n.problem IS NOT NULL AND ${retriesProblems}))`)
  await engine.run(`CREATE OR REPLACE TEMP TABLE recorded AS SELECT n.* EXCLUDE (findings), w.is_new FROM noted AS n JOIN (SELECT key, any_value(is_new) AS is_new FROM work GROUP BY key) AS w USING (key) WHERE n.unit NOT IN (SELECT unit FROM past UNION ALL SELECT unit FROM stale)`)
  await engine.run('UPDATE work SET is_read = true WHERE key IN (SELECT key FROM recorded)')
  return recordedNow(engine)
}

async function recordedNow(engine: Engine): Promise<Recorded> {
  const dropped = await engine.rows('SELECT unit FROM stale ANTI JOIN past USING (unit) ORDER BY unit')
  const isGood = 'problem IS NULL'
  const [sums = []] = await engine.rows(`SELECT count(*) FILTER (${isGood} AND is_new), count(*) FILTER (${isGood} AND NOT is_new), count(*) FILTER (problem IS NOT NULL), sum(rows) FILTER (${isGood}), sum(rows) FILTER (${isGood} AND is_new), sum(fetched) FROM recorded`)
  const [added = 0, replaced = 0, setAside = 0, rowsAdded = 0, rowsOfNew = 0, bytes = 0] = sums.map((sum) => Number(sum ?? 0))
  return {
    objects: await count(engine, 'SELECT count(*) FROM recorded'),
    droppedUnits: dropped.map(([unit]) => Number(unit)),
    lastUnit: await count(engine, 'SELECT COALESCE(max(unit), 0) FROM noted'),
    lastFindingsId: await count(engine, 'SELECT COALESCE(max(findings_id), 0) FROM noted'),
    added, replaced, setAside, rowsAdded, rowsOfNew, bytes,
  }
}

/** What the recorded objects have, each once, with the first that has it and their number; a part at a time. */
export async function* recordedFindings(engine: Engine, atOnce = 500): AsyncGenerator<{ findings: string; key: string; objects: number }> {
  for (let after = 0; ; ) {
    const rows = await engine.rows(`SELECT findings_id, findings, key, objects FROM (SELECT findings_id, min(key) AS key, count(*) AS objects FROM recorded WHERE findings_id > ${after} GROUP BY findings_id ORDER BY findings_id LIMIT ${atOnce}) JOIN (SELECT findings_id, findings FROM noted WHERE findings IS NOT NULL) USING (findings_id) ORDER BY findings_id`)
    for (const [, findings, key, objects] of rows) yield { findings: String(findings), key: String(key), objects: Number(objects) }
    if (rows.length < atOnce) return
    after = Number(rows.at(-1)?.[0])
  }
}

/** The first of the recorded objects that were set aside. */
export async function recordedProblems(engine: Engine, most: number): Promise<{ key: string; problem: string }[]> {
  const rows = await engine.rows(`SELECT key, problem FROM recorded WHERE problem IS NOT NULL ORDER BY key LIMIT ${most}`)
  return rows.map(([key, problem]) => ({ key: String(key), problem: String(problem) }))
}

/** Everything is to be read after all. */
export async function forgetRecord(engine: Engine): Promise<void> {
  await engine.run('DELETE FROM recorded')
  await engine.run('UPDATE work SET is_read = false')
}

/** The units that are gone on from. */
export async function recordedUnits(engine: Engine): Promise<Set<number>> {
  return new Set((await engine.rows('SELECT DISTINCT unit FROM recorded')).map(([unit]) => Number(unit)))
}
