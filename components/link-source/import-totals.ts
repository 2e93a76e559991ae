import { paceOf } from '@/components/syncs/run-words'
import type { SchemaView } from '@/lib/sources/schema'

export interface ImportTotals {
  tables: number
  ready: number
  running: number
  failed: number
  waiting: number
  /** Rows that have arrived or are on their way. */
  rows: number
  /** Rows expected in all, of what is known of; never less than those that were read. */
  rowsExpected: number
  /** Are there tables of which nobody knows yet how many rows they have? */
  isPartial: boolean
  /** 0 to 1; by rows where they are known beforehand, else by tables. */
  progress: number
  /** How fast the source lets us read, in words. */
  pace: string | null
}

export type ImportState = 'ready' | 'running' | 'failed' | 'waiting'

/** Where the first import of one table stands. A table that once arrived stays ready while it is read again. */
export function importState(schema: SchemaView): ImportState {
  if (schema.version !== null) return schema.status === 'failed' || schema.problem ? 'failed' : 'ready'
  if (schema.status === 'running') return 'running'
  if (schema.status === 'failed' || schema.status === 'paused' || schema.status === 'cancelled') return 'failed'
  return 'waiting'
}

/** The whole import as one number of each kind. */
export function importTotals(schemas: SchemaView[]): ImportTotals {
  const totals: ImportTotals = { tables: schemas.length, ready: 0, running: 0, failed: 0, waiting: 0, rows: 0, rowsExpected: 0, isPartial: false, progress: 0, pace: paceOf(schemas.flatMap((schema) => schema.activeRun ?? [])) }
  let shares = 0
  let isCounted = true
  for (const schema of schemas) {
    const state = importState(schema)
    totals[state] += 1
    const rows = state === 'ready' ? schema.rows : (schema.activeRun?.rowsRead ?? 0)
    // What is done or given up is no longer expected to grow.
    const expected = state === 'ready' || state === 'failed' ? rows : Math.max(rows, schema.activeRun?.rowsExpected ?? schema.rowsEstimate ?? 0)
    totals.rows += rows
    totals.rowsExpected += expected
    const isSettled = state === 'ready' || state === 'failed'
    const size = schema.activeRun?.rowsExpected ?? schema.rowsEstimate
    isCounted &&= schema.rowsEstimate !== null
    totals.isPartial ||= !isSettled && size === null
    shares += isSettled ? 1 : size ? Math.min(1, rows / size) : 0
  }
  const settled = totals.ready + totals.failed
  const byTables = totals.tables ? shares / totals.tables : 0
  // By rows, a table that tells its size only when it starts would throw the bar back.
  const byRows = isCounted && totals.rowsExpected ? totals.rows / totals.rowsExpected : byTables
  totals.progress = settled === totals.tables ? 1 : Math.min(0.99, byRows)
  return totals
}

/** Milliseconds until the rest is there at this rate; null while it cannot be told. */
export function timeLeftMs({ rows, rowsExpected, isPartial }: ImportTotals, rowsPerSecond: number | null): number | null {
  if (isPartial) return null
  const left = rowsExpected - rows
  return rowsPerSecond && rowsPerSecond > 0 && left > 0 ? (left / rowsPerSecond) * 1000 : null
}
