import { columnChanges } from '@/lib/core/column-changes'
import { differenceWords } from '@/lib/core/difference-words'
import { formatQuantity } from '@/lib/core/format'
import { inStep } from '@/lib/core/run-scope'
import type { Cursor, VersionColumn } from '@/lib/warehouse/version'
import type { Change } from './change'
import type { Extract } from './extract'
import type { Published } from './publish'
import type { ProofReport, Step, SyncJob, SyncReport } from './types'

/** Measures the steps of a run. */
export class Clock {
  private readonly began = performance.now()
  readonly seconds: Record<Step, number> = { plan: 0, extract: 0, merge: 0, compare: 0, publish: 0, compact: 0 }

  async measure<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return await inStep(step, work)
    } finally {
      this.seconds[step] += round((performance.now() - began) / 1000)
    }
  }

  get total(): number {
    return round((performance.now() - this.began) / 1000)
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

/** What is told beside what the steps gave. */
interface Beside {
  proof: ProofReport | null
  /** The columns that the table had before the run; null where there was none. */
  before: VersionColumn[] | null
}

/** Step 6. What the run did, in numbers. Changes nothing. */
export function makeReport(job: SyncJob, { plan, rows, bytes, connections, warnings }: Extract, change: Change, published: Published, clock: Clock, { proof, before }: Beside): SyncReport {
  const columns = columnsReport(before, published.isChanged ? change.columns : plan.former?.columns)
  return {
    schema: job.discovered.name,
    table: job.tableName,
    method: job.method,
    fullReason: plan.fullReason,
    rowsRead: rows,
    inserted: published.isChanged ? change.inserted : 0,
    updated: published.isChanged ? change.updated : 0,
    deleted: published.isChanged ? change.deleted : 0,
    rows: published.rows,
    bytes,
    ...(connections > 1 ? { connections } : {}),
    seconds: clock.seconds,
    totalSeconds: clock.total,
    version: published.version,
    isChanged: published.isChanged,
    ...(published.held ? { held: published.held } : {}),
    cursor: published.held ? null : shownCursor(change.cursor),
    ...(proof ? { proof } : {}),
    ...columns,
    warnings: [...plan.warnings, ...warnings, ...change.warnings, ...proofWarnings(proof)],
  }
}

/** Nothing where no column is otherwise, or the table is new. */
export function columnsReport(before: VersionColumn[] | null | undefined, now: VersionColumn[] | undefined): Pick<SyncReport, 'columns'> {
  const changes = before && now ? columnChanges(before, now) : []
  return changes.length ? { columns: changes } : {}
}

/** What a connector keeps in a bookmark is for itself, and may be long; so are the names of transactions. */
function shownCursor(cursor: Cursor | null): Cursor | null {
  if (!cursor) return null
  return 'bookmark' in cursor ? { bookmark: {} } : { column: cursor.column, value: cursor.value }
}

/** What somebody should know who looks at nothing but the warnings. */
function proofWarnings(proof: ProofReport | null): SyncReport['warnings'] {
  if (!proof) return []
  const { outcome, differences, reconciled, problem } = proof
  const told = (message: string) => [{ column: null, message }]
  if (outcome === 'failed') return told(`The table was not compared with its source: ${[problem?.title, problem?.detail].filter(Boolean).join('. ')}`)
  if (outcome === 'differs') return told(differences ? `The table differs from its source: ${differenceWords(differences)}` : 'The table differs from its source')
  if (reconciled && differences?.different) return told(`${formatQuantity(differences.different, 'row')} had other values than at the source, though ${differences.different === 1 ? 'its' : 'their'} replication key had not moved; fetched again`)
  return []
}
