import type { SchemaView } from '@/lib/sources/schema'

export interface ImportTotals {
  tables: number
  ready: number
  running: number
  failed: number
  waiting: number
  /** Rows that have arrived or are on their way. */
  rows: number
  /** Rows expected in all; never less than those that were read. */
  rowsExpected: number
  /** 0 to 1; by rows where they are known, else by tables. */
  progress: number
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
  const totals: ImportTotals = { tables: schemas.length, ready: 0, running: 0, failed: 0, waiting: 0, rows: 0, rowsExpected: 0, progress: 0 }
  for (const schema of schemas) {
    const state = importState(schema)
    totals[state] += 1
    const rows = state === 'ready' ? schema.rows : (schema.activeRun?.rowsRead ?? 0)
    // What is done or given up is no longer expected to grow.
    const expected = state === 'ready' || state === 'failed' ? rows : Math.max(rows, schema.activeRun?.rowsExpected ?? schema.rowsEstimate ?? 0)
    totals.rows += rows
    totals.rowsExpected += expected
  }
  const settled = totals.ready + totals.failed
  const byTables = totals.tables ? settled / totals.tables : 0
  const byRows = totals.rowsExpected ? totals.rows / totals.rowsExpected : byTables
  totals.progress = settled === totals.tables ? 1 : Math.min(0.99, byRows)
  return totals
}

/** Milliseconds until the rest is there at this rate; null while it cannot be told. */
export function timeLeftMs({ rows, rowsExpected }: ImportTotals, rowsPerSecond: number | null): number | null {
  const left = rowsExpected - rows
  return rowsPerSecond && rowsPerSecond > 0 && left > 0 ? (left / rowsPerSecond) * 1000 : null
}
