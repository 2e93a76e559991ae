import { limits } from '@/lib/core/limits'
import type { SandboxSource } from '../query/converse'
import { linkFiles } from '../query/link-files'
import type { CellValue } from '../query/types'
import { quoteLiteral } from '../sql-text'
import type { TableSnapshot } from '../version'
import { askSandbox, type Asking } from './ask-sandbox'
import { findChangedFiles } from './changed-files'
import { changedRowsSql, sidesOf, type Sides } from './changed-rows-sql'
import { differenceSql, type ChangeKind, type Page } from './difference-sql'
import { pairColumns, type PairedColumn } from './pair-columns'

export interface Change {
  kind: ChangeKind
  /** By the columns; null for an inserted row. */
  before: CellValue[] | null
  /** Null for a deleted row. */
  after: CellValue[] | null
  /** The places of the columns whose values differ. */
  changed: number[]
}

export interface Difference {
  columns: PairedColumn[]
  inserted: number
  updated: number
  deleted: number
  /** Those of the page, by key where there is one. */
  changes: Change[]
  /** The page would have been too large: what is missing comes with the next offset. */
  isTruncated: boolean
  bytesRead: number | null
}

export interface CompareOptions extends Asking {
  before: TableSnapshot
  after: TableSnapshot
  /** What tells rows apart upstream, where the versions do not say it. */
  keys: string[]
  page: Page
}

/**
 * What differs between two versions of a table, row by row, in a query process with its limits: only files that are not in both are read, and rows that only one of them has as deleted. Rows that are the same in other
 * files, after a compaction, are no change; nor is a row whose `_synced_at` alone is another. Throws QueryError.
 */
export async function compareVersions({ before, after, keys, page, ...asking }: CompareOptions): Promise<Difference> {
  const columns = pairColumns(before, after, keys)
  const { sides, bytesRead } = await findSides(before, after, asking)
  if (!sides.files.length) return { columns, inserted: 0, updated: 0, deleted: 0, changes: [], isTruncated: false, bytesRead }
  const source: SandboxSource = {
    async prepare(_judged, folder, signal) {
      const links = await linkFiles(sides.files, 'f', folder, signal)
      const names = [...links.values()]
      const local = (key: string) => links.get(key) ?? ''
      const list = `[${names.map(quoteLiteral).join(', ')}]`
      const definitions = [
        `CREATE VIEW before_rows AS ${changedRowsSql(sides.before, names, local)}`,
        `CREATE VIEW after_rows AS ${changedRowsSql(sides.after, names, local)}`,
        `CREATE VIEW difference AS ${differenceSql({ columns, before, after, names: list, page })}`,
      ]
      return { definitions, allowedPaths: names }
    },
    tableNames: async () => [],
  }
  const answer = await askSandbox(source, 'SELECT * FROM difference', { kind: 'rows', rowLimit: page.rows + 1, bytesLimit: limits.differenceBytes }, asking)
  return { columns, ...read(answer.rows, columns.length), isTruncated: answer.isTruncated, bytesRead: sum(bytesRead, answer.bytesRead) }
}

/** So few files are opened sooner than it is found out which of them are concerned. */
const FEW_FILES = 2

async function findSides(before: TableSnapshot, after: TableSnapshot, asking: Asking): Promise<{ sides: Sides; bytesRead: number | null }> {
  const sides = sidesOf(before, after, null)
  if (Math.max(sides.before.shared.length, sides.after.shared.length) <= FEW_FILES) return { sides, bytesRead: 0 }
  const { paths, bytesRead } = await findChangedFiles(before, after, asking)
  return { sides: sidesOf(before, after, paths), bytesRead }
}

function sum(some: number | null, more: number | null): number | null {
  return some === null || more === null ? null : some + more
}

const FIRST_CELL = 4

function read(rows: CellValue[][], width: number): Pick<Difference, 'inserted' | 'updated' | 'deleted' | 'changes'> {
  const [inserted, updated, deleted] = (rows[0] ?? []).map(Number)
  const changes = rows.flatMap((row): Change[] => {
    const kind = row[3]
    if (kind !== 'inserted' && kind !== 'updated' && kind !== 'deleted') return []
    const cells = (offset: number) => Array.from({ length: width }, (_, index) => row[FIRST_CELL + 2 * index + offset] ?? null)
    const flags = row[FIRST_CELL + 2 * width]
    return [{ kind, before: kind === 'inserted' ? null : cells(0), after: kind === 'deleted' ? null : cells(1), changed: Array.isArray(flags) ? flags.flatMap((flag, index) => (flag === true ? [index] : [])) : [] }]
  })
  return { inserted: inserted ?? 0, updated: updated ?? 0, deleted: deleted ?? 0, changes }
}
